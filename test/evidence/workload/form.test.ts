import { type GraphQLSchema, parse, validate } from "graphql";
import { beforeAll, expect, test } from "vitest";
import { buildApiSchema } from "../../../src/graphql/build-schema.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import type { Operation, Outcome } from "../../model/terms.ts";
import { expectOutcome } from "../oracle/expect-outcome.ts";
import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { formsOf, nextForm } from "./form.ts";
import { nextCaller, nextOperation } from "./next-operation.ts";
import { renderOperation } from "./render-operation.ts";

const world = createWorld(createRandom(12), { tenants: 4, itemsPerPartition: 4 });
let schema: GraphQLSchema;

beforeAll(() => {
  schema = buildApiSchema(loadModel([{ path: "world.model.graphql", text: world.modelSdl }]), {
    pageSize: { default: 50, max: 1000 },
    cursorKey: Buffer.alloc(32),
    genericApi: true,
  });
});

function asked(seed: number, count: number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const caller = nextCaller(world, random);
    const operation = nextOperation(world, caller, world.store, random);
    return { caller, operation, form: nextForm(operation, random) };
  });
}

test("every form of every kind occurs, and is valid in the API of the world's model", () => {
  const random = createRandom(2);
  const fields = new Set<string>();
  const faults = asked(31, 3000).flatMap(({ operation, form }) => {
    const { query } = renderOperation(operation, { random, form });
    if (form !== "typed") {
      fields.add(`${operation.do}: ${/\{ (?:answer: )?(\w+)/.exec(query)?.[1]}`);
    }
    return validate(schema, parse(query)).map(({ message }) => `${message} in ${query}`);
  });
  expect(faults).toEqual([]);
  for (const expected of [
    ...["create: createOrders", "delete: deleteOrders", "transact: createOrders"],
    ...["transact: deleteOrders", "create: createDocuments", "delete: deleteNotes"],
    ...["read: item", "create: createItem", "upsert: upsertItem", "replace: replaceItem"],
    ...["patch: patchItem", "delete: deleteItem"],
  ]) {
    expect(fields).toContain(expected);
  }
});

test("half of what has another form gets it, and nothing gets a form that it doesn't have", () => {
  const all = asked(32, 2000).filter(({ operation }) => formsOf(operation).length > 1);
  const others = all.filter(({ form }) => form !== "typed");
  expect(others.length / all.length).toBeGreaterThan(0.4);
  expect(others.length / all.length).toBeLessThan(0.6);
  for (const { operation, form } of all) {
    expect(formsOf(operation)).toContain(form);
  }
});

test("one write among many means to the model what it means alone", () => {
  const alone = asked(33, 4000).flatMap(({ caller, operation }) =>
    (operation.do === "create" || operation.do === "delete") && formsOf(operation).includes("many")
      ? [{ caller, operation }]
      : [],
  );
  let answered = 0;
  for (const { caller, operation } of alone) {
    const { type } = operation;
    const key = "partitionKey" in operation ? { partitionKey: operation.partitionKey } : {};
    const several = { do: "transact", type, ...key, operations: [operation] } as Operation;
    const one = expectOutcome(world, caller, operation, world.store);
    const many = expectOutcome(world, caller, several, world.store);
    expect(stored(many)).toEqual(stored(one));
    answered += "answer" in one ? 1 : 0;
  }
  expect(answered).toBeGreaterThan(50);
});

/** What is left behind, or the codes. */
function stored(outcome: Outcome) {
  return "refused" in outcome ? [...outcome.refused].sort() : [...outcome.store];
}

const CART = { id: "c1", ownerId: "ada", mark: "m", lines: [] };

test.each<[string, Operation]>([
  [
    "a reference",
    { do: "read", type: "Cart", id: "c1", partitionKey: ["ada"], reference: "product" },
  ],
  ["a part of the key", { do: "read", type: "Document", id: "d1", partitionKey: ["contoso"] }],
  ["a read that looks everywhere", { do: "read", type: "Customer", id: "c1" }],
  ["a type with a discriminator", { do: "delete", type: "Order", id: "o", ifMatch: "current" }],
  [
    "a key that is left to permissions in part",
    { do: "delete", type: "Document", id: "d1", ifMatch: "stale" },
  ],
  ["two partitions", { do: "replace", type: "Cart", id: "c1", partitionKey: ["bob"], input: CART }],
  [
    "a patch of what can be null",
    { do: "patch", type: "Cart", id: "c1", patch: { increment: { rank: 1 } } },
  ],
  [
    "a required field taken away",
    { do: "patch", type: "Cart", id: "c1", patch: { set: { lines: null } } },
  ],
  [
    "a transaction of two partitions",
    {
      do: "transact",
      type: "Cart",
      operations: ["ada", "bob"].map((ownerId) => ({
        do: "create",
        type: "Cart",
        input: { ...CART, ownerId },
      })),
    },
  ],
  [
    "an id twice",
    {
      do: "transact",
      type: "Cart",
      operations: [1, 2].map(() => ({ do: "delete", type: "Cart", id: "c1" })),
    },
  ],
  ["a transaction of nothing", { do: "transact", type: "Cart", operations: [] }],
])("%s has the typed form alone", (_, operation) => {
  expect(formsOf(operation)).toEqual(["typed"]);
});
