import { expect, test } from "vitest";
import type { Operation, Store } from "../../model/terms.ts";
import { expectOutcome } from "../oracle/expect-outcome.ts";
import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { MARK_PATTERN } from "../world/tenants.ts";
import { nextCaller, nextOperation } from "./next-operation.ts";

const world = createWorld(createRandom(41), { tenants: 6, itemsPerPartition: 5 });

/** Operations as a run has them, the model's store going on with each write. */
function run(seed: number, count: number) {
  const random = createRandom(seed);
  let store: Store = world.store;
  return Array.from({ length: count }, () => {
    const caller = nextCaller(world, random);
    const operation = nextOperation(world, caller, store, random);
    const outcome = expectOutcome(world, caller, operation, store);
    store = "answer" in outcome ? outcome.store : store;
    return { caller, operation, outcome };
  });
}

const KINDS: readonly Operation["do"][] = [
  ...(["read", "list", "aggregate", "query", "viewer"] as const),
  ...(["create", "upsert", "replace", "patch", "delete", "transact"] as const),
];

test("the same seed gives the same operations", () => {
  const texts = (seed: number) => run(seed, 60).map(({ operation }) => JSON.stringify(operation));
  expect(texts(1)).toEqual(texts(1));
  expect(texts(1)).not.toEqual(texts(2));
});

test("every kind occurs, and of each, many are allowed and many refused", () => {
  const steps = run(3, 3000);
  const refused = steps.filter(({ outcome }) => "refused" in outcome).length;
  expect(refused / steps.length).toBeGreaterThan(0.3);
  expect(refused / steps.length).toBeLessThan(0.7);
  for (const kind of KINDS) {
    const own = steps.filter(({ operation }) => operation.do === kind);
    const allowed = own.filter(({ outcome }) => "answer" in outcome).length;
    expect([kind, allowed / own.length > 0.1]).toEqual([kind, true]);
    expect([kind, own.length - allowed > 0]).toEqual([kind, true]);
  }
});

test("refusals are of every sort that the model has", () => {
  const codes = new Set(
    run(4, 3000).flatMap(({ outcome }) => ("refused" in outcome ? outcome.refused : [])),
  );
  for (const code of ["FORBIDDEN", "NO_ACCESS_PROFILE", "BAD_USER_INPUT", "NOT_FOUND"]) {
    expect(codes).toContain(code);
  }
  expect(codes).toContain("CONFLICT");
  expect(codes).toContain("PRECONDITION_FAILED");
});

test("no caller sends a mark that it may not see", () => {
  for (const { caller, operation } of run(5, 2000)) {
    for (const mark of JSON.stringify(operation).match(MARK_PATTERN) ?? []) {
      expect(caller.mayCarry).toContain(world.marks.get(mark));
    }
  }
});

test("a long run neither empties the database nor fills it up", () => {
  const stores = run(6, 4000).flatMap(({ outcome }) =>
    "answer" in outcome ? [outcome.store] : [],
  );
  const sizes = stores.map(({ size }) => size);
  expect(Math.min(...sizes)).toBeGreaterThan(world.store.size * 0.6);
  expect(Math.max(...sizes)).toBeLessThan(world.store.size * 3);
});
