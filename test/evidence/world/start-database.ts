import { startEmulator } from "../../../src/emulator/start-emulator.ts";
import { emulatorControls } from "../../emulator-controls.ts";
import type { World } from "./create-world.ts";

/** The emulator of a world, with its test controls. */
export interface WorldDatabase extends ReturnType<typeof emulatorControls> {
  readonly endpoint: string;
  /** Primary and secondary account key as they are now. */
  readonly keys: readonly [string, string];
  stop(): Promise<void>;
}

/** Physical partitions of a container. */
const PARTITIONS = 4;

/**
 * Its `advanceSeconds` is for `StartedWorld.advanceSeconds` alone: the gateway's time goes along.
 */
export async function startDatabase(world: World): Promise<WorldDatabase> {
  const emulator = await startEmulator({
    port: 0,
    seed: [world.database],
    testControls: true,
    partitions: PARTITIONS,
  });
  return {
    ...emulatorControls(emulator.endpoint),
    endpoint: emulator.endpoint,
    get keys() {
      return emulator.keys;
    },
    stop: () => emulator.stop(),
  };
}
