import { join } from "node:path";
import type { ProjectCopy } from "./open-copy.ts";
import type { Plant } from "./read-plants.ts";
import { runInCopy } from "./run-in-copy.ts";

const LIMIT_SECONDS = 180;

/** What the compiler says of the source with a hole planted in it; undefined if it is content. */
export async function typeFaultsOf(copy: ProjectCopy, plant: Plant): Promise<string | undefined> {
  copy.plant(plant.patchFile);
  try {
    const compiler = join("node_modules", "typescript", "bin", "tsc");
    const args = [compiler, "-p", "tsconfig.build.json", "--noEmit"];
    const { exitCode, output } = await runInCopy(copy.folder, args, LIMIT_SECONDS);
    return exitCode === 0 ? undefined : output.trim();
  } finally {
    copy.restore();
  }
}
