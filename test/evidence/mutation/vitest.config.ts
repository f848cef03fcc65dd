import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import base from "../../../vitest.config.ts";

// Only the tests of the group, which the driver hands on: a mutant in code that runs while a file
// loads is tried with every test that the configuration knows.
const given: unknown = JSON.parse(process.env.MUTATION_TESTS ?? "[]");
const tests = Array.isArray(given) ? given.map(String) : [];

/** The order of the group's list: a mutant is dead at the first test that fails. */
class ListedOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) =>
      tests.findIndex((path) => moduleId.endsWith(`/${path}`));
    return files.sort((left, right) => placeOf(left) - placeOf(right));
  }
}

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: tests,
    sequence: { sequencer: ListedOrder },
    // The property tests try the same cases each time, and few of them, so that a mutant dies or
    // survives for good, and soon.
    env: { CI: "1", FEWER_PROPERTY_RUNS: "1" },
    reporters: ["default"],
    // What a mutant hangs is known sooner. Many times what the slowest of these tests takes.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
