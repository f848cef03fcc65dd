import { createEmulatorClock, type EmulatorClock } from "../../../src/emulator/emulator-clock.ts";
import { createRequestHandler } from "../../../src/emulator/handle-request.ts";
import type { JsonObject } from "../../../src/emulator/json.ts";
import { openStore } from "../../../src/emulator/persistence/open-store.ts";
import { createAccountKeys } from "../../../src/emulator/security/account-keys.ts";
import {
  signaturePayload,
  signWithKey,
} from "../../../src/emulator/security/master-key-signature.ts";
import { createResourceTokenSealer } from "../../../src/emulator/security/resource-token.ts";
import { seed } from "../../../src/emulator/seed.ts";
import { createLinkResolver } from "../../../src/emulator/store-links.ts";
import { createThrottle } from "../../../src/emulator/throttling/throttle.ts";
import {
  exchangeInMemory,
  type WireAnswer,
  type WireMessage,
} from "../simulation/exchange-in-memory.ts";
import {
  CONTAINERS,
  type ContainerPlan,
  isLarge,
  type SeededItem,
  seededItems,
} from "./confusable-partitions.ts";

/** The whole emulator in this process, without sockets, over partitions that are easily confused. */
export interface AnsweringAccount {
  readonly containers: readonly ContainerPlan[];
  /** The items of a container at the start, in the order of their creation. */
  itemsAtFirst(container: ContainerPlan): readonly SeededItem[];
  /** The etag of one of them that is stored from the start; undefined: it is to be created. */
  etagAtFirst(container: ContainerPlan, item: SeededItem): string | undefined;
  readonly nowMs: () => number;
  /** Sends a request as it stands. */
  send(message: WireMessage): Promise<WireAnswer>;
  /** Sends a request signed with the account's key of the moment. */
  sendAsAccount(message: WireMessage): Promise<WireAnswer>;
  advance(seconds: number): void;
  regenerateKey(name: "primary" | "secondary"): void;
}

export const DATABASE = "shop";

/** Few, so that many partitions lie in each. */
const PARTITIONS = 3;

export function openAnsweringAccount(): AnsweringAccount {
  const clock = standingClock();
  const { store, resourceTokenSecret } = openStore(clock, undefined);
  const containers = CONTAINERS.map((container) => ({
    id: container.id,
    partitionKey: { paths: container.levels.map((level) => `/${level}`) },
    items: inLarge(container).map(({ content }) => content as JsonObject),
  }));
  seed(store, [{ id: DATABASE, containers }], PARTITIONS);
  const accountKeys = createAccountKeys({
    primary: Buffer.alloc(64, 1).toString("base64"),
    secondary: Buffer.alloc(64, 2).toString("base64"),
  });
  const handle = createRequestHandler({
    accountKeys,
    throttle: createThrottle(clock),
    store,
    sealer: createResourceTokenSealer(resourceTokenSecret),
    links: createLinkResolver(store),
    partitionsPerContainer: PARTITIONS,
  });
  const send = (message: WireMessage) => exchangeInMemory(handle, message);
  return {
    containers: CONTAINERS,
    itemsAtFirst: (container) => [
      ...inLarge(container),
      ...seededItems(container).filter(({ key }) => !isLarge(container.id, key)),
    ],
    etagAtFirst: (container, { key, content }) =>
      isLarge(container.id, key)
        ? store.databases
            .get(DATABASE)
            ?.containers.get(container.id)
            ?.logicalPartition([...key] as string[])
            ?.items.get(content.id)?.etag
        : undefined,
    nowMs: clock.nowMs,
    send,
    sendAsAccount: (message) => send(signed(message, accountKeys.present()[0])),
    advance: clock.advance,
    regenerateKey: (name) => {
      accountKeys.regenerate(name);
    },
  };
}

/** The items of the large partition: no other's can be taken for them, so they are simply there. */
function inLarge(container: ContainerPlan): readonly SeededItem[] {
  return seededItems(container).filter(({ key }) => isLarge(container.id, key));
}

/** Time passes only where it is told to, so that a run is repeatable. */
function standingClock(): EmulatorClock {
  const moving = createEmulatorClock();
  const startMs = Date.UTC(2026, 10, 24, 12);
  let passedMs = 0;
  return {
    ...moving,
    nowMs: () => startMs + passedMs,
    nowSeconds: () => Math.floor((startMs + passedMs) / 1000),
    advance: (seconds) => {
      passedMs += seconds * 1000;
    },
  };
}

function signed(message: WireMessage, key: string): WireMessage {
  const { method, path, headers } = message;
  const segments = path.split("/").filter((segment) => segment !== "");
  const isFeed = segments.length % 2 === 1;
  // The emulator compares the dates of account keys with the machine's clock.
  const xMsDate = new Date().toUTCString();
  const payload = signaturePayload({
    method,
    resourceType: (isFeed ? segments.at(-1) : segments.at(-2)) ?? "",
    resourceLink: (isFeed ? segments.slice(0, -1) : segments).map(decodeURIComponent).join("/"),
    xMsDate,
    date: "",
  });
  const signature = `type=master&ver=1.0&sig=${signWithKey(payload, key)}`;
  return {
    ...message,
    headers: { ...headers, "x-ms-date": xMsDate, authorization: encodeURIComponent(signature) },
  };
}
