import { CosmosClient } from "@azure/cosmos";
import type { StoredItem } from "../../model/terms.ts";
import { DATABASE_ID } from "../world/create-world.ts";
import { storedItem } from "../world/seed-items.ts";
import { TYPE_PLANS } from "../world/type-plans.ts";
import { planOfItem } from "./operations.ts";
import { ENDPOINT } from "./set-up.ts";
import type { Simulation } from "./simulation.ts";
import { pause, RECOVERY_MS } from "./storm.ts";

/**
 * After the storm: once it is over for some time, every caller is served by every replica. Then the
 * books are closed with what is stored.
 */
export async function settle(simulation: Simulation): Promise<void> {
  const { world, slots, ledger, calmFromMs } = simulation;
  await pause(Math.max(RECOVERY_MS, calmFromMs - Date.now()) + 1);
  const items = ledger.items();
  for (const slot of slots) {
    await Promise.all(
      world.callers.map((caller) => {
        const target =
          items.find(({ content }) => {
            const owner = world.marks.get(String(content.mark));
            return owner !== undefined && caller.mayCarry.has(owner);
          }) ?? items[0];
        if (target === undefined) {
          throw new Error("The world has no items.");
        }
        return simulation.perform(slot, caller, () => ({
          do: "read",
          plan: planOfItem(target),
          target,
        }));
      }),
    );
  }
  ledger.close(await readEverything(simulation));
}

/** With the account key and past the gateway. */
async function readEverything({ service }: Simulation): Promise<readonly StoredItem[]> {
  const client = new CosmosClient({
    endpoint: ENDPOINT,
    key: service.keys[0],
    connectionPolicy: { enableBackgroundEndpointRefreshing: false },
    httpClient: service.httpClient,
  });
  const containers = [...new Set(TYPE_PLANS.map(({ container }) => container))];
  const found: StoredItem[] = [];
  for (const container of containers) {
    const { resources } = await client
      .database(DATABASE_ID)
      .container(container)
      .items.readAll<StoredItem["content"]>()
      .fetchAll();
    for (const content of resources) {
      const unplaced = { container, partitionKey: [], content };
      found.push(storedItem({ ...planOfItem(unplaced), container }, content));
    }
  }
  return found;
}
