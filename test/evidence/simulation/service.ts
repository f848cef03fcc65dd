import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import type { RequestLogEntry } from "../../../src/emulator/controls/request-log.ts";
import { createTestControls } from "../../../src/emulator/controls/test-controls.ts";
import { createEmulatorClock } from "../../../src/emulator/emulator-clock.ts";
import { createRequestHandler } from "../../../src/emulator/handle-request.ts";
import { openStore } from "../../../src/emulator/persistence/open-store.ts";
import { createAccountKeys } from "../../../src/emulator/security/account-keys.ts";
import {
  createResourceTokenSealer,
  type ResourceTokenClaims,
} from "../../../src/emulator/security/resource-token.ts";
import { type SeedDatabase, seed } from "../../../src/emulator/seed.ts";
import { createLinkResolver } from "../../../src/emulator/store-links.ts";
import { createThrottle } from "../../../src/emulator/throttling/throttle.ts";
import {
  exchangeInMemory,
  messageOf,
  type WireAnswer,
  type WireMessage,
} from "./exchange-in-memory.ts";

export interface ServedExchange {
  readonly answer: WireAnswer;
  /** What the emulator's own log says of the request. */
  readonly logged: RequestLogEntry | undefined;
}

/** The emulator without its sockets: the same handler, stores and folder of data. */
export interface Service {
  /** Undefined while it is down. */
  readonly isUp: boolean;
  /** Counts the starts: what was under way in another run is lost. */
  readonly run: number;
  readonly keys: readonly [string, string];
  regenerateKey(name: "primary" | "secondary"): void;
  /** Request units a second, 0 for no limit. */
  limit(metadata: number, items: number): void;
  /** @param fault a status that takes the place of the answer; nothing is done then. */
  exchange(message: WireMessage, fault?: number): Promise<ServedExchange>;
  /** A way to it that takes no time and loses nothing. */
  readonly httpClient: HttpClient;
  /** What is in the `sig` part of a resource token; undefined for any other text. */
  openToken(signature: string): ResourceTokenClaims | undefined;
  stop(): Promise<void>;
  /** Starts again from the folder. */
  start(): void;
}

/** Physical partitions of a container: more than one, so that queries have ranges to merge. */
const PARTITIONS = 4;

export function createService(folder: string, database: SeedDatabase): Service {
  const accountKeys = createAccountKeys({
    primary: Buffer.alloc(64, 1).toString("base64"),
    secondary: Buffer.alloc(64, 2).toString("base64"),
  });
  let run = 0;

  const open = () => {
    run += 1;
    const clock = createEmulatorClock();
    const { store, resourceTokenSecret, closeStore } = openStore(clock, folder);
    seed(store, [database], PARTITIONS);
    const throttle = createThrottle(clock);
    const sealer = createResourceTokenSealer(resourceTokenSecret);
    const testing = createTestControls({ clock, throttle, accountKeys });
    const handle = createRequestHandler({
      accountKeys,
      throttle,
      store,
      sealer,
      links: createLinkResolver(store),
      partitionsPerContainer: PARTITIONS,
      testing,
    });
    return { handle, throttle, sealer, testing, closeStore };
  };
  let opened = open();
  let isUp = true;
  // One after the other, so that the last entry of the log is that of the request just served.
  let last: Promise<unknown> = Promise.resolve();

  const serve = async (
    message: WireMessage,
    status: number | undefined,
  ): Promise<ServedExchange> => {
    if (status !== undefined) {
      opened.testing.faults.add({ match: {}, times: 1, status });
    }
    const answer = await exchangeInMemory(opened.handle, message);
    const logged = opened.testing.log.entries().at(-1);
    opened.testing.log.clear();
    return { answer, logged };
  };

  const exchange: Service["exchange"] = (message, fault) => {
    const served = last.then(() => serve(message, fault));
    last = served.catch(() => {});
    return served;
  };

  return {
    exchange,
    httpClient: {
      sendRequest: async (request) => {
        const { status, headers, body } = (await exchange(messageOf(request))).answer;
        return { request, status, headers: createHttpHeaders(headers), bodyAsText: body };
      },
    },
    get isUp() {
      return isUp;
    },
    get run() {
      return run;
    },
    get keys() {
      return accountKeys.present();
    },
    regenerateKey: (name) => {
      accountKeys.regenerate(name);
    },
    limit: (metadataRequestUnitsPerSecond, itemRequestUnitsPerSecond) => {
      opened.throttle.setLimits({ metadataRequestUnitsPerSecond, itemRequestUnitsPerSecond });
    },
    openToken: (signature) => opened.sealer.open(signature),
    stop: async () => {
      isUp = false;
      await last;
      await opened.closeStore();
    },
    start: () => {
      opened = open();
      isUp = true;
    },
  };
}
