import { afterAll, beforeAll, expect, test } from "vitest";
import type { Store } from "../../model/terms.ts";
import { createRandom } from "../random.ts";
import { nextCaller, nextOperation } from "../workload/next-operation.ts";
import { createEventPerformer } from "../workload/perform-event.ts";
import { createWorld } from "../world/create-world.ts";
import { type StartedWorld, startWorld } from "../world/start-world.ts";
import { TYPE_PLANS } from "../world/type-plans.ts";
import { type AccountReader, createAccountReader, READER_PATH } from "./account-reader.ts";
import type { Difference } from "./judge.ts";
import { compareStores } from "./reconcile.ts";
import { takeStep } from "./take-step.ts";

/** Hundreds of requests: on a busy machine they take their time. */
const TIMEOUT_MS = 240_000;

const world = createWorld(createRandom(51), { tenants: 4, itemsPerPartition: 4 });
const CONTAINERS = TYPE_PLANS.map(({ container: id, partitionKeyFields }) => ({
  id,
  partitionKeyFields,
}));

let started: StartedWorld;
let reader: AccountReader;
let store: Store = world.store;

beforeAll(async () => {
  started = await startWorld(world, {
    replicas: 2,
    tokens: { lifetimeSeconds: 600, refreshAheadSeconds: 100, maxCachedUsers: 5 },
    keepsData: true,
  });
  reader = createAccountReader(started.database);
});
afterAll(() => started.stop());

async function steps(seed: number, count: number) {
  const random = createRandom(seed);
  const differences: (Difference & { readonly operation: unknown })[] = [];
  const grants = { allowed: 0, refused: 0 };
  for (let index = 0; index < count; index += 1) {
    const caller = nextCaller(world, random);
    const operation = nextOperation(world, caller, store, random);
    const replica = random.pick(started.replicas);
    const step = await takeStep(caller, operation, store, { started, reader, replica, random });
    store = step.store;
    grants["answer" in step.expected ? "allowed" : "refused"] += 1;
    if (step.difference !== undefined) {
      differences.push({ ...step.difference, operation });
    }
  }
  return { differences, grants };
}

test(
  "the gateway answers and stores what the model says, asked at two replicas",
  async () => {
    const { differences, grants } = await steps(52, 200);
    expect(differences).toEqual([]);
    expect(grants.allowed).toBeGreaterThan(60);
    expect(grants.refused).toBeGreaterThan(60);
    expect(await compareStores(store, CONTAINERS, reader)).toEqual([]);
  },
  TIMEOUT_MS,
);

test("no item request but the reader's own is signed with the account key", async () => {
  const requests = await started.database.requests();
  const items = requests.filter(({ path }) => /\/docs(\/|$)/.test(path));
  const own = items.filter(({ path }) => READER_PATH.test(path));
  const others = items.filter(({ path }) => !READER_PATH.test(path));
  expect(new Set(own.map(({ authorization }) => authorization))).toEqual(new Set(["master"]));
  expect(new Set(others.map(({ authorization }) => authorization))).toEqual(new Set(["resource"]));
});

test(
  "it does so after restarts of all, new keys, and time beyond every token's end",
  async () => {
    const performer = createEventPerformer(started);
    await performer.perform({ event: "restart database" });
    await performer.perform({ event: "restart replica", replica: 0 });
    await performer.perform({ event: "new key", key: "primary", tell: true });
    await performer.perform({ event: "advance", into: "grace", seconds: 1000 });
    await performer.perform({ event: "calm" });
    const { differences } = await steps(53, 50);
    expect(differences).toEqual([]);
    expect(await compareStores(store, CONTAINERS, reader)).toEqual([]);
  },
  TIMEOUT_MS,
);

test("a lost answer of a write is accepted while a fault is on, and the write is looked up", async () => {
  const manager = world.callers.find(({ name }) => name === "manager of contoso");
  if (manager === undefined) {
    throw new Error("The world has no manager of contoso.");
  }
  const performer = createEventPerformer(started);
  const operation = { do: "delete", type: "Customer", id: "c1" } as const;
  const options = { started, reader, replica: { url: started.replicas[0]?.url ?? "" } };
  // The grants of this caller are known then, so that the fault meets the delete
  await takeStep(manager, { do: "viewer" }, store, options);
  const match = { method: "DELETE", path: "/docs/c1$" };
  await performer.perform({ event: "fault", fault: { match, drop: "response" } });
  const { disturbance } = performer;
  const step = await takeStep(manager, operation, store, { ...options, disturbance });
  expect(step.difference).toBeUndefined();
  expect(step.observed.errors).toMatchObject([{ code: "UPSTREAM_UNAVAILABLE" }]);
  expect(step.store.size).toBe(store.size - 1);
  store = step.store;
  await performer.perform({ event: "calm" });
  expect(await compareStores(store, CONTAINERS, reader)).toEqual([]);
});
