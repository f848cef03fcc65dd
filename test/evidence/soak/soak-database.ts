import { emulatorControls } from "../../emulator-controls.ts";
import type { WorldSize } from "../world/create-world.ts";
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
export interface SoakDatabase extends ReturnType<typeof emulatorControls> {
  readonly endpoint: string;
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
  return {
    ...emulatorControls(endpoint),
    endpoint,
    // The process measures so itself
    memory: async () => (await ask("memory")) as MemorySample,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
