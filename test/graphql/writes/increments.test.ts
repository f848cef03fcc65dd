import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isInRange, summands } from "../../../src/graphql/writes/number-range.ts";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

/** An increment never leaves a number that its field can't hold. */

const MODEL = `
type Count @container(name: "counts", discriminator: { field: "type", value: "count" }) {
  id: ID!
  owner: String! @partitionKey
  int: Int
  big: BigInt
  long: Long
  float: Float
  status: String
  inner: Inner
  ${Array.from({ length: 12 }, (_, index) => `n${index}: Int`).join("\n  ")}
}
type Inner { a: Int  b: Int }
`;

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);
const MAX_BIG = Number.MAX_SAFE_INTEGER;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [{ id: "counts", partitionKey: { paths: ["/owner"] }, items: [] }],
    genericApi: true,
  });
});
afterAll(() => api.stop());

const owner = () => api.as("owner", { container: "counts", partitionKey: ["ann"] });
const guest = () => api.as("guest", { container: "counts", partitionKey: ["ann"], item: "c" });

/** Stores what the model may not allow. */
async function store(properties: object, id = "c") {
  const item = { id, owner: "ann", type: "count", status: "open", ...properties };
  const { errors } = await owner()(
    'mutation ($item: JSON!) { upsertItem(container: "counts", item: $item) }',
    { item },
  );
  expect(errors).toEqual([]);
  await api.forgetRequests();
}

async function stored(id = "c") {
  const { data } = await owner()(`{ item(container: "counts", id: "${id}") }`);
  return data.item;
}

const PATCH = `mutation ($patch: CountPatch!, $ifMatch: String, $condition: CountFilter) {
  patchCount(id: "c", owner: "ann", patch: $patch, ifMatch: $ifMatch, condition: $condition) { id int _etag }
}`;
const TRANSACT = `mutation ($operations: [CountOperation!]!) {
  transactCounts(operations: $operations, owner: "ann") { id int }
}`;

/** Each way in which a patch reaches Cosmos DB. `patch` increments; `more` are its conditions. */
const WAYS = {
  alone: (patch: object, more: object = {}) => owner()(PATCH, { patch, ...more }),
  "with a permission on the item alone": (patch: object, more: object = {}) =>
    guest()(PATCH, { patch, ...more }),
  "of more than ten changes": (patch: { increment: object }, more: object = {}) =>
    owner()(PATCH, {
      patch: {
        ...patch,
        set: Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`n${index}`, index])),
      },
      ...more,
    }),
  "of an object that has to be made": (patch: { increment: object }, more: object = {}) =>
    owner()(PATCH, { patch: { ...patch, set: { inner: { a: 1 } } }, ...more }),
  "in a transaction": (patch: object, more: object = {}) =>
    owner()(TRANSACT, { operations: [{ patch: { id: "c", patch, ...more } }] }),
  "in a transaction, behind another patch of the item": (patch: object, more: object = {}) =>
    owner()(TRANSACT, {
      operations: [
        { patch: { id: "c", patch: { set: { n0: 1 } } } },
        { patch: { id: "c", patch, ...more } },
      ],
    }),
  "in a transaction, of an object that has to be made": (
    patch: { increment: object },
    more: object = {},
  ) =>
    owner()(TRANSACT, {
      operations: [{ patch: { id: "c", patch: { ...patch, set: { inner: { a: 1 } } }, ...more } }],
    }),
} as const;

const sent = async () =>
  itemRequests(await api.requests()).map(({ kind, status }) => `${kind} ${status}`);

describe.each(Object.keys(WAYS) as (keyof typeof WAYS)[])("an increment %s", (way) => {
  const run = WAYS[way];

  test.each([
    ["an Int over its end", { int: MAX_INT }, { int: 1 }],
    ["an Int far over its end", { int: 1 }, { int: MAX_INT }],
    ["an Int below its end", { int: MIN_INT + 4 }, { int: -5 }],
    ["a BigInt over its end", { big: MAX_BIG }, { big: 1 }],
    ["a BigInt below its end", { big: -MAX_BIG }, { big: -1 }],
    ["a Long over its end", { long: MAX_BIG - 1 }, { long: 2 }],
    ["a Float to Infinity", { float: Number.MAX_VALUE }, { float: Number.MAX_VALUE }],
    ["a Float to -Infinity", { float: -1.7e308 }, { float: -1.7e308 }],
    ["an Int that is stored as one beyond", { int: MAX_INT + 10 }, { int: -1 }],
    ["an Int that is stored as a fraction", { int: 1.5 }, { int: 1 }],
    ["a BigInt that is stored as one beyond", { big: 2 ** 60 }, { big: -1 }],
    ["one of two", { int: MAX_INT, big: 1 }, { int: 1, big: 1 }],
    ["a text", { int: "1" }, { int: 1 }],
    ["a list", { int: [1] }, { int: 1 }],
    ["an object", { int: { a: 1 } }, { int: 1 }],
  ])("%s is BAD_USER_INPUT, and nothing is written", async (_name, properties, increment) => {
    await store(properties);
    const before = await stored();
    expect((await run({ increment })).codes).toEqual(["BAD_USER_INPUT"]);
    const fitting = { condition: { status: { eq: "open" } } };
    expect((await run({ increment }, fitting)).codes).toEqual(["BAD_USER_INPUT"]);
    expect(await stored()).toEqual(before);
  });

  test("is PRECONDITION_FAILED where the caller's own condition fails, too or alone", async () => {
    for (const int of [MAX_INT, 1]) {
      await store({ int });
      const before = await stored();
      const failing = { condition: { status: { eq: "closed" } } };
      expect((await run({ increment: { int: 1 } }, failing)).codes).toEqual([
        "PRECONDITION_FAILED",
      ]);
      const other = { ifMatch: '"0"' };
      expect((await run({ increment: { int: 1 } }, other)).codes).toEqual(["PRECONDITION_FAILED"]);
      expect(await stored()).toEqual(before);
    }
  });

  test("up to the end is done", async () => {
    await store({ int: MAX_INT - 2, big: MAX_BIG - 2, float: 1e308, n11: 5 });
    const { errors } = await run(
      { increment: { int: 2, big: 2, float: 1e307 } },
      { condition: { status: { eq: "open" } } },
    );
    expect(errors).toEqual([]);
    expect(await stored()).toMatchObject({ int: MAX_INT, big: MAX_BIG, float: 1.1e308 });
  });

  test("of what isn't there, or is null, counts from 0", async () => {
    await store({ int: null });
    expect((await run({ increment: { int: MAX_INT, big: -MAX_BIG } })).errors).toEqual([]);
    expect(await stored()).toMatchObject({ int: MAX_INT, big: -MAX_BIG });
  });
});

describe("an increment asks for as little as it can", () => {
  const condition = { status: { eq: "open" } };
  const failing = { status: { eq: "closed" } };
  const increment = { int: 1 };
  test.each([
    ["that is done", { int: 1 }, {}, ["patch 200"]],
    ["that is done under a condition", { int: 1 }, { condition }, ["patch 200"]],
    ["too far", { int: MAX_INT }, {}, ["patch 412", "read 200"]],
    ["too far, under a condition", { int: MAX_INT }, { condition }, ["patch 412", "query 200"]],
    ["whose condition fails", { int: 1 }, { condition: failing }, ["patch 412", "query 200"]],
    ["for another version", { int: 1 }, { ifMatch: '"0"' }, ["patch 412", "read 200"]],
  ])("%s", async (_name, properties, more, requests) => {
    await store(properties);
    await WAYS.alone({ increment }, more);
    expect(await sent()).toEqual(requests);
  });

  test.each([
    ["that is done", { int: 1 }, { condition }, ["batch 200"]],
    ["too far", { int: MAX_INT }, {}, ["batch 207", "read 200"]],
    ["too far, under a condition", { int: MAX_INT }, { condition }, ["batch 207", "batch 207"]],
    [
      "whose condition fails",
      { int: 1 },
      { condition: failing },
      ["batch 207", "batch 207", "read 200"],
    ],
  ])("in a transaction, %s", async (_name, properties, more, requests) => {
    await store(properties);
    await WAYS["in a transaction"]({ increment }, more);
    expect(await sent()).toEqual(requests);
  });
});

test("the error names the field and what it holds", async () => {
  await store({ int: MAX_INT });
  const { errors } = await WAYS.alone({ increment: { int: 5 } });
  expect(errors[0]?.message).toBe(
    "`int` can't be incremented by 5: the item has 2147483647 there, and an Int is a whole number from -2147483648 to 2147483647.",
  );
});

test("of many increments at once, as many are done as fit", async () => {
  await store({ int: MAX_INT - 5 });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const way = index % 2 === 0 ? WAYS.alone : WAYS["in a transaction"];
      return way({ increment: { int: 1 } }, { condition: { status: { eq: "open" } } });
    }),
  );
  expect(answers.flatMap(({ codes }) => codes)).toEqual(
    Array.from({ length: 15 }, () => "BAD_USER_INPUT"),
  );
  expect((await stored()).int).toBe(MAX_INT);
});

describe("an increment that was refused, and fits meanwhile, is done", () => {
  test.each([
    ["alone", "alone", { method: "POST", path: "/counts/docs$" }, "patch 412"],
    [
      "with a permission on the item alone",
      "with a permission on the item alone",
      { method: "GET", path: "/docs/c$" },
      "patch 412",
    ],
  ] as const)("%s", async (_name, way, match, refused) => {
    await store({ int: MAX_INT });
    await api.addFault({ match, times: 1, delayMs: 500 });
    const condition = { status: { eq: "open" } };
    const patching = WAYS[way]({ increment: { int: 1 } }, { condition });
    await vi.waitFor(async () => expect(await sent()).toContain(refused));
    await owner()('mutation { patchCount(id: "c", patch: { set: { int: 7 } }) { id } }');
    expect((await patching).data?.patchCount).toMatchObject({ int: 8 });
  });
});

test("a transaction that makes a number itself is held to it, and writes nothing", async () => {
  const create = { create: { input: { id: "made", owner: "ann", int: MAX_INT, status: "open" } } };
  const patch = (more: object) => ({
    patch: { id: "made", patch: { increment: { int: 1 } }, ...more },
  });
  for (const [more, code] of [
    [{}, "BAD_USER_INPUT"],
    [{ condition: { status: { eq: "open" } } }, "BAD_USER_INPUT"],
    [{ condition: { status: { eq: "closed" } } }, "PRECONDITION_FAILED"],
  ] as const) {
    const operations = [create, patch(more)];
    const { codes, errors } = await owner()(TRANSACT, { operations });
    expect(codes).toEqual([code]);
    expect(errors[0]?.message).toContain("Operation 1, patch:");
    expect(await stored("made")).toBeNull();
  }
});

test("what an amount can be added to, it can be added to, and nothing else", () => {
  const types = ["Int", "BigInt", "Long", "Float"] as const;
  const ends = [MAX_INT, MIN_INT, MAX_BIG, -MAX_BIG, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 970];
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.constantFrom(...ends),
    fc.tuple(fc.constantFrom(...ends), fc.integer({ min: -9, max: 9 })).map(([a, b]) => a + b),
    fc.integer({ min: 0, max: 9 }).map((factor) => factor * 2 ** 970),
  );
  fc.assert(
    fc.property(fc.constantFrom(...types), number, number, (name, amount, value) => {
      const type = {
        kind: "scalar",
        name,
        nullable: true,
        nullableItems: false,
        listDepth: 0,
      } as const;
      const isAmount = isInRange(amount, summands(type, 0));
      fc.pre(isAmount);
      const isSum = isInRange(value + amount, summands(type, 0));
      const isValue = isInRange(value, summands(type, 0));
      const accepted = isInRange(value, summands(type, amount));
      expect(accepted && !(isSum && isValue)).toBe(false);
      if (name !== "Float") {
        expect(accepted).toBe(isSum && isValue);
      }
    }),
    { numRuns: 2000 },
  );
});
