import { Stryker } from "@stryker-mutator/core";
import type { MutationGroup } from "./groups.ts";
import { type Mutant, readMutant } from "./mutant.ts";

/** Everything that a run leaves behind; git, and so every tool of the repository, ignores it. */
const ROOM = "coverage/mutation";

/** What the tests of a group made of the mutants in its files. */
export interface GroupOutcome {
  readonly group: MutationGroup;
  readonly mutants: readonly Mutant[];
  readonly seconds: number;
}

/**
 * Mutates the files of a group and runs its tests against each mutant, those tests alone that reach
 * the mutated place. Results of an earlier run are kept in `coverage/` and taken where neither the
 * mutated code nor its tests changed, unless `fresh` is set.
 */
export async function runGroup(
  group: MutationGroup,
  { concurrency, fresh }: { readonly concurrency: number; readonly fresh: boolean },
): Promise<GroupOutcome> {
  const startedMs = performance.now();
  process.env.MUTATION_TESTS = JSON.stringify(group.tests);
  const stryker = new Stryker({
    plugins: [import.meta.resolve("@stryker-mutator/vitest-runner")],
    testRunner: "vitest",
    vitest: { configFile: "test/evidence/mutation/vitest.config.ts", related: false },
    mutate: [...group.mutated],
    coverageAnalysis: "perTest",
    concurrency,
    incremental: true,
    force: fresh,
    incrementalFile: `${ROOM}/${group.name}.incremental.json`,
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: `${ROOM}/${group.name}.json` },
    tempDirName: `${ROOM}/sandboxes`,
    cleanTempDir: "always",
    ignorePatterns: ["bench", "coverage", "dist", "docs", "examples", ".cosmos-gateway", ".data"],
    // It reads the file with functions that the compiler no longer has, and the tests need no
    // tsconfig. A file that is not there is passed over.
    tsconfigFile: `${ROOM}/no-tsconfig.json`,
    // The time limit of a test comes before this one, unless a mutant never gives up its turn.
    timeoutMS: 30_000,
    allowConsoleColors: false,
    // Stryker keeps the enum of its levels to itself.
    logLevel: "warn" as NonNullable<ConstructorParameters<typeof Stryker>[0]["logLevel"]>,
  });
  const results = await stryker.runMutationTest();
  const mutants = await Promise.all(results.map(readMutant));
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  return { group, mutants, seconds };
}
