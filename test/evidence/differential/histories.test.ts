import { describe, expect, test } from "vitest";
import type { Operation, Outcome, Profile } from "../../model/terms.ts";
import { expectOutcome } from "../oracle/expect-outcome.ts";
import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { type HistoryFinding, runHistoryLane, startHistoryWorld } from "./history-lane.ts";
import { createLeakWatch } from "./leak-watch.ts";
import { type Expect, runHistory } from "./run-history.ts";
import { readHistory, saveFinding } from "./saved-history.ts";
import { replayHistory, shrinkFinding } from "./shrink-history.ts";

const SEED = 20_261_124;

test("a gateway of two replicas answers histories as the model says", async () => {
  const { histories, operations, events, searchedTexts, findings } = await runHistoryLane(SEED, 0, {
    histories: 2,
  });
  expect(findings).toEqual([]);
  expect(histories).toBe(2);
  expect(operations).toBeGreaterThan(80);
  expect(events).toBeGreaterThan(5);
  expect(searchedTexts).toBeGreaterThan(2 * operations);
});

const withProfiles =
  (change: (profile: Profile) => Profile): Expect =>
  (world, ...rest) =>
    expectOutcome({ ...world, profiles: world.profiles.map(change) }, ...rest);

const withPermissions = (change: (one: Profile["permissions"][number]) => object): Expect =>
  withProfiles((profile) => ({
    ...profile,
    // What is changed is still a permission.
    permissions: profile.permissions.map((one) => ({ ...one, ...change(one) })),
  }));

const withOperation =
  (change: (operation: Operation) => Operation): Expect =>
  (world, caller, operation, store) =>
    expectOutcome(world, caller, change(operation), store);

const withOutcome =
  (change: (outcome: Outcome, operation: Operation) => Outcome): Expect =>
  (world, caller, operation, store) =>
    change(expectOutcome(world, caller, operation, store), operation);

const WRONG: readonly [string, Expect][] = [
  ["Read writes", withPermissions(() => ({ mode: "All" }))],
  ["All only reads", withPermissions(() => ({ mode: "Read" }))],
  ["a partition is the container", withPermissions(() => ({ partitionKey: undefined }))],
  [
    "filters let everything pass",
    withOperation((operation) => {
      const { filter: _, ...rest } = operation as Operation & { readonly filter?: unknown };
      return rest as Operation;
    }),
  ],
  [
    "nothing is ever written",
    (world, caller, operation, store) => {
      const outcome = expectOutcome(world, caller, operation, store);
      return "answer" in outcome ? { ...outcome, store } : outcome;
    },
  ],
  [
    "lists have no last item",
    withOutcome((outcome, operation) => {
      if (operation.do !== "list" || !("answer" in outcome)) {
        return outcome;
      }
      // The model answers a list with its nodes.
      const answer = outcome.answer as { readonly nodes: readonly never[] };
      return { ...outcome, answer: { ...answer, nodes: answer.nodes.slice(0, -1) } };
    }),
  ],
];

async function findingOf(wrong: Expect): Promise<HistoryFinding> {
  const limits = { histories: 12, findings: 1 };
  const { findings } = await runHistoryLane(SEED, 0, limits, wrong);
  const [finding] = findings;
  if (finding === undefined) {
    throw new Error("The wrong model was not found out.");
  }
  return finding;
}

describe("a model that is wrong in one rule is found out", () => {
  test.each(WRONG)("%s", async (_, wrong) => {
    expect((await findingOf(wrong)).difference.detail).not.toBe("");
  });
});

test("a write that nobody reads again is missed in the end", async () => {
  const world = createWorld(createRandom(SEED), { tenants: 2, itemsPerPartition: 2 });
  const started = await startHistoryWorld(world);
  const manager = world.callers.find(({ name }) => name === "manager of contoso");
  const deletes: Operation = { do: "delete", type: "Customer", id: "c1" };
  const step = { do: "ask", caller: manager?.name ?? "", replica: 0, style: 1 } as const;
  const steps = [{ ...step, operation: deletes, bearer: "good" }] as const;
  const forgetful: Expect = (...given) => {
    const outcome = expectOutcome(...given);
    return "answer" in outcome ? { ...outcome, store: world.store } : outcome;
  };
  const leaks = createLeakWatch(started);
  const { difference } = await runHistory(started, world.store, steps, leaks, forgetful);
  await started.stop();
  expect(difference).toMatchObject({ kind: "wrong store", at: 0 });
});

test("a difference is kept with fewer steps, and is there again when they are run again", async () => {
  const wrong = withPermissions(() => ({ mode: "All" }));
  const finding = await findingOf(wrong);
  const shrunk = await shrinkFinding(finding, { attempts: 8, ms: 20_000 }, wrong);
  expect(shrunk.isRepeatable).toBe(true);
  expect(shrunk.history.steps.length).toBeLessThanOrEqual(finding.history.steps.length);
  const history = readHistory(saveFinding(shrunk));
  expect(history).toEqual(shrunk.history);
  expect(await replayHistory(history, wrong)).toMatchObject({ kind: finding.difference.kind });
  expect(await replayHistory(history)).toBeUndefined();
});
