import { startEmulator } from "../../../src/emulator/start-emulator.ts";
import { watchUsedTokens } from "../oracle/watch-used-tokens.ts";
import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { answerParent } from "./answer-parent.ts";
import type { EmulatorStart } from "./soak-database.ts";

/** The emulator of a soak, with the world's items, in a process of its own. */
const { seed, size, partitions, keys } = JSON.parse(process.argv[2] ?? "{}") as EmulatorStart;

const [primary, secondary] = keys;
const emulator = await startEmulator({
  port: 0,
  seed: [createWorld(createRandom(seed), size).database],
  testControls: true,
  partitions,
  keys: { primary, secondary },
});

const told = new Set<string>();
watchUsedTokens((token, url) => {
  // The account key may sign anything but requests for items
  const isItemRequest = /\/docs(?:\/|\?|$)/.test(url) && token.startsWith("type=master");
  if (isItemRequest || (token.startsWith("type=resource") && !told.has(token))) {
    told.add(token);
    process.send?.(isItemRequest ? { itemRequestByKey: url } : { resourceToken: token });
  }
  if (told.size > 20_000) {
    told.clear();
  }
});

answerParent({ endpoint: () => emulator.endpoint });
