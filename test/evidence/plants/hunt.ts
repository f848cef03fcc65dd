import type { ProjectCopy } from "./open-copy.ts";
import type { Plant } from "./read-plants.ts";
import { type RunEnd, runInCopy } from "./run-in-copy.ts";
import type { Suite, SuiteBounds } from "./suites.ts";

/**
 * What a suite said of the source that it ran on: `found` if it ended with exit code 1, having said
 * so; `broken` if it did not come to an end of its own, which is neither.
 */
export type Verdict = "found" | "clean" | "broken";

export interface SuiteRun {
  readonly suite: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  readonly output: string;
}

export interface Hunt {
  readonly plant: Plant;
  /** Absent: not found. */
  readonly foundBy?: SuiteRun;
  /** The suites that ran, in their order. */
  readonly runs: readonly SuiteRun[];
}

/** Plants a hole, and runs the suites one after the other until one finds it. */
export async function huntPlant(
  copy: ProjectCopy,
  plant: Plant,
  suites: readonly Suite[],
  bounds: SuiteBounds,
): Promise<Hunt> {
  copy.plant(plant.patchFile);
  try {
    const runs: SuiteRun[] = [];
    for (const suite of suites) {
      const run = await runSuite(copy, suite, bounds, plant);
      runs.push(run);
      if (run.verdict === "found") {
        return { plant, foundBy: run, runs };
      }
    }
    return { plant, runs };
  } finally {
    copy.restore();
  }
}

/** Runs a suite on the source that the copy has now. */
export async function runSuite(
  copy: ProjectCopy,
  suite: Suite,
  bounds: SuiteBounds,
  plant?: Plant,
): Promise<SuiteRun> {
  const args = suite.args(bounds, plant);
  const end = await runInCopy(copy.folder, args, suite.limitSeconds(bounds));
  return {
    suite: suite.name,
    verdict: verdictOf(suite, end),
    seconds: end.seconds,
    output: end.output,
  };
}

function verdictOf({ finds }: Suite, { exitCode, output }: RunEnd): Verdict {
  if (exitCode === 0) {
    return "clean";
  }
  return exitCode === 1 && finds.test(output) ? "found" : "broken";
}
