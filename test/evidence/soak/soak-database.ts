import type { WorldSize } from "../world/create-world.ts";
import type { DatabaseFault, Throughput } from "../world/start-database.ts";
import type { MemorySample } from "./answer-parent.ts";
import { startProcess } from "./child-process.ts";

/** What the emulator's process is started with. */
export interface EmulatorStart {
  /** Of the world, which that process makes again for itself. */
  readonly seed: number;
  readonly size: WorldSize;
  readonly partitions: number;
  readonly keys: readonly [string, string];
}

/** The emulator in its process, and its test controls. */
export interface SoakDatabase {
  readonly endpoint: string;
  addFault(fault: DatabaseFault): Promise<void>;
  clearFaults(): Promise<void>;
  forgetRequests(): Promise<void>;
  setThroughput(limits: Throughput): Promise<void>;
  advanceSeconds(seconds: number): Promise<void>;
  /** Answers the new key. */
  regenerateKey(name: "primary" | "secondary"): Promise<string>;
  memory(): Promise<MemorySample>;
  stop(): Promise<void>;
}

export interface DatabaseNotices {
  readonly onResourceToken: (resourceToken: string) => void;
  /** A request for items came with the account key, which must never be. */
  readonly onItemRequestByKey: (url: string) => void;
  readonly onOutput: (text: string) => void;
}

export async function startSoakDatabase(
  start: EmulatorStart,
  { onResourceToken, onItemRequestByKey, onOutput }: DatabaseNotices,
): Promise<SoakDatabase> {
  const { ask, child, ended } = startProcess("emulator-process.ts", [JSON.stringify(start)], {
    onOutput,
    onNotice: (notice) => {
      const { resourceToken, itemRequestByKey } = notice as {
        readonly resourceToken?: string;
        readonly itemRequestByKey?: string;
      };
      if (resourceToken !== undefined) {
        onResourceToken(resourceToken);
      }
      if (itemRequestByKey !== undefined) {
        onItemRequestByKey(itemRequestByKey);
      }
    },
  });
  const endpoint = String(await ask("endpoint"));
  const control = async (method: string, path: string, body?: object): Promise<string> => {
    const response = await fetch(new URL(`_emulator/${path}`, endpoint), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return text;
  };
  const post = async (path: string, body: object) => {
    await control("POST", path, body);
  };
  return {
    endpoint,
    addFault: (fault) => post("faults", fault),
    clearFaults: async () => {
      await control("DELETE", "faults");
    },
    forgetRequests: async () => {
      await control("DELETE", "requests");
    },
    setThroughput: (limits) => post("throughput", limits),
    advanceSeconds: (advanceSeconds) => post("clock", { advanceSeconds }),
    regenerateKey: async (regenerate) => {
      const { key } = JSON.parse(await control("POST", "keys", { regenerate })) as { key: string };
      return key;
    },
    // The process measures so itself
    memory: async () => (await ask("memory")) as MemorySample,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
