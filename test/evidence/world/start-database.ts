import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../../src/emulator/start-emulator.ts";
import { createRestClient } from "../../emulator/security/rest-client.ts";
import type { Fault, LoggedRequest } from "../../emulator-controls.ts";
import type { World } from "./create-world.ts";
import type { WorldClock } from "./world-clock.ts";

export interface Throughput {
  readonly metadataRequestUnitsPerSecond?: number;
  readonly itemRequestUnitsPerSecond?: number;
}

/** A fault as `POST /_emulator/faults` takes it. */
export interface DatabaseFault extends Omit<Fault, "drop"> {
  readonly drop?: "request" | "response";
  readonly slowBodyMs?: number;
}

/** The emulator of a world, with four physical partitions a container, and its test controls. */
export interface WorldDatabase {
  /** Stays the same over a restart. */
  readonly endpoint: string;
  /** Primary and secondary account key as they are now. */
  readonly keys: readonly [string, string];
  requests(): Promise<readonly LoggedRequest[]>;
  forgetRequests(): Promise<void>;
  addFault(fault: DatabaseFault): Promise<void>;
  clearFaults(): Promise<void>;
  /** 0 switches a limit off. */
  setThroughput(limits: Throughput): Promise<void>;
  /** Answers the new key. */
  regenerateKey(name: "primary" | "secondary"): Promise<string>;
  /** To be called by `StartedWorld.advanceSeconds` alone: the gateway's time goes along. */
  advanceSeconds(seconds: number): Promise<void>;
  /** Ends it and starts it on the same data: faults, limits and the request log are gone then. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const PARTITIONS = 4;

/** @param keepsData on a disk, which a restart needs; otherwise in memory, which is faster. */
export async function startDatabase(
  world: World,
  clock: WorldClock,
  keepsData: boolean,
): Promise<WorldDatabase> {
  const dataDir = keepsData ? mkdtempSync(join(tmpdir(), "evidence-data-")) : undefined;
  const start = (port: number, keys?: readonly [string, string]) =>
    startEmulator({
      port,
      seed: [world.database],
      testControls: true,
      partitions: PARTITIONS,
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(keys === undefined ? {} : { keys: { primary: keys[0], secondary: keys[1] } }),
    });
  let emulator: Emulator = await start(0);
  const { endpoint } = emulator;
  return {
    endpoint,
    get keys() {
      return emulator.keys;
    },
    requests: async () => {
      const log = await control(emulator, "GET", "requests");
      return (log as { readonly requests: readonly LoggedRequest[] }).requests;
    },
    forgetRequests: async () => {
      await control(emulator, "DELETE", "requests");
    },
    addFault: async (fault) => {
      await control(emulator, "POST", "faults", fault);
    },
    clearFaults: async () => {
      await control(emulator, "DELETE", "faults");
    },
    setThroughput: async (limits) => {
      await control(emulator, "POST", "throughput", limits);
    },
    regenerateKey: async (name) => {
      const made = await control(emulator, "POST", "keys", { regenerate: name });
      return (made as { readonly key: string }).key;
    },
    advanceSeconds: async (advanceSeconds) => {
      await control(emulator, "POST", "clock", { advanceSeconds });
    },
    restart: async () => {
      if (dataDir === undefined) {
        throw new Error("A database in memory would be empty after a restart: use keepsData.");
      }
      const { keys } = emulator;
      await emulator.stop();
      emulator = await start(Number(new URL(endpoint).port), keys);
      await control(emulator, "POST", "clock", { advanceSeconds: clock.aheadSeconds });
    },
    stop: async () => {
      await emulator.stop();
      if (dataDir !== undefined) {
        rmSync(dataDir, { recursive: true });
      }
    },
  };
}

/** Each on a connection of its own: a kept one would be dead after a restart. */
async function control(
  emulator: Pick<Emulator, "endpoint" | "keys">,
  method: string,
  name: string,
  body?: unknown,
): Promise<unknown> {
  const request = body === undefined ? {} : { body };
  const answer = await createRestClient(emulator).send(method, `_emulator/${name}`, request);
  if (answer.status >= 300) {
    throw new Error(`${method} ${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}
