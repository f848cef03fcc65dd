import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Thing @container(name: "things", discriminator: { field: "kind", value: "thing" }) {
  id: ID!
  owner: String! @partitionKey
  order: String
  size: Float
  count: Int @name(is: "select \\"it\\"")
  flag: Boolean
  color: Color
  day: Date
  tags: [String!]
  numbers: [Int!]
  box: Box
  parts: [Part!]
  anything: JSON
}
enum Color { RED GREEN }
type Box { width: Int lid: Box }
type Part { name: String weight: Float holes: [Part!] }
`;

const TEXTS = [
  "",
  "a",
  "A",
  "a%",
  "_b",
  "it's",
  '"x"',
  "back\\slash",
  "😀 é",
  "x'; DROP",
  "ab",
  "\n",
];
const NUMBERS = [-1.5, 0, 1, 2, 3];
const STORED_COUNT = 'select "it"';

const text = fc.constantFrom(...TEXTS);
const number = fc.constantFrom(...NUMBERS);
const whole = fc.constantFrom(0, 1, 2);
const color = fc.constantFrom("RED", "GREEN");
const day = fc.constantFrom("2026-01-01", "2026-02-28", "2027-01-01");

/** Present, null, or not there. */
function maybe<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null | undefined> {
  return fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

const part = (depth: number): fc.Arbitrary<object> =>
  fc.record({
    name: maybe(text),
    weight: maybe(number),
    holes:
      depth === 0 ? fc.constant(undefined) : maybe(fc.array(part(depth - 1), { maxLength: 2 })),
  });

const thing = fc.record({
  order: maybe(text),
  size: maybe(number),
  [STORED_COUNT]: maybe(whole),
  flag: maybe(fc.boolean()),
  color: maybe(color),
  day: maybe(day),
  tags: maybe(fc.array(text, { maxLength: 3 })),
  numbers: maybe(fc.array(whole, { maxLength: 3 })),
  box: maybe(fc.record({ width: maybe(whole), lid: maybe(fc.record({ width: maybe(whole) })) })),
  parts: maybe(fc.array(part(1), { maxLength: 2 })),
  anything: maybe(fc.constantFrom(1, "a", true, [1], { a: 1 })),
});

const THINGS: readonly Record<string, unknown>[] = fc
  .sample(thing, { numRuns: 60, seed: 1 })
  .map((properties, index) => ({
    // As JSON, so that what is undefined is not there.
    ...JSON.parse(JSON.stringify(properties)),
    id: `t${String(index).padStart(2, "0")}`,
    owner: "ann",
    kind: "thing",
  }));

type Filter = Record<string, unknown>;

const presence = { isNull: fc.boolean(), isDefined: fc.boolean() };
const some = (operators: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Filter> =>
  fc.record(operators, { requiredKeys: [] }).map(firstTwo);
const equality = (value: fc.Arbitrary<unknown>) => ({
  eq: fc.option(value),
  ne: fc.option(value),
  in: fc.array(value, { maxLength: 3 }),
  notIn: fc.array(value, { maxLength: 3 }),
  ...presence,
});
const comparison = (value: fc.Arbitrary<unknown>) => ({
  lt: value,
  lte: value,
  gt: value,
  gte: value,
});
const texts = some({
  ...equality(text),
  ...comparison(text),
  contains: text,
  startsWith: text,
  endsWith: text,
});
const numbers = some({ ...equality(number), ...comparison(number) });
const wholes = some({ ...equality(whole), ...comparison(whole) });
const list = (value: fc.Arbitrary<unknown>) =>
  some({
    has: value,
    hasAny: fc.array(value, { maxLength: 2 }),
    hasAll: fc.array(value, { maxLength: 2 }),
    isEmpty: fc.boolean(),
    ...presence,
  });

/** At most two of a record's entries: filters with everything in them fit nothing. */
function firstTwo(filter: Filter): Filter {
  return Object.fromEntries(Object.entries(filter).slice(0, 2));
}

const { thingFilter } = fc.letrec<Record<string, Filter>>((tie) => {
  const combined = (self: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
    fc.oneof(
      { maxDepth: 3 },
      fc.record(fields, { requiredKeys: [] }).map((filter) => {
        const entries = Object.entries(filter);
        return Object.fromEntries(entries.slice(entries.length % 3, (entries.length % 3) + 2));
      }),
      fc.record({ and: fc.array(tie(self), { maxLength: 2 }) }),
      fc.record({ or: fc.array(tie(self), { maxLength: 3 }) }),
      fc.record({ not: tie(self) }),
    );
  return {
    boxFilter: combined("boxFilter", { width: wholes, lid: tie("boxFilter") }),
    partFilter: combined("partFilter", { name: texts, weight: numbers, holes: tie("partsFilter") }),
    partsFilter: some({
      some: tie("partFilter"),
      every: tie("partFilter"),
      none: tie("partFilter"),
      isEmpty: fc.boolean(),
      ...presence,
    }),
    thingFilter: combined("thingFilter", {
      order: texts,
      size: numbers,
      count: wholes,
      flag: some(equality(fc.boolean())),
      color: some(equality(color)),
      day: some({ ...equality(day), ...comparison(day) }),
      tags: list(text),
      numbers: list(whole),
      box: tie("boxFilter"),
      parts: tie("partsFilter"),
      anything: some({
        eq: fc.constantFrom(1, "a", true),
        ne: fc.constantFrom(1, "a"),
        ...presence,
      }),
    }),
  };
});

/** The filter's meaning once more, over plain JavaScript values, in two truth values. */
function fits(value: unknown, filter: Filter): boolean {
  return Object.entries(filter).every(([name, operand]) => {
    switch (name) {
      case "and":
        return (operand as Filter[]).every((one) => fits(value, one));
      case "or":
        return (operand as Filter[]).some((one) => fits(value, one));
      case "not":
        return !fits(value, operand as Filter);
      default:
        return (
          operatorFits(name, operand, value) ?? fits(propertyOf(value, name), operand as Filter)
        );
    }
  });
}

function propertyOf(value: unknown, name: string): unknown {
  const stored = name === "count" ? STORED_COUNT : name;
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[stored]
    : undefined;
}

function operatorFits(name: string, operand: unknown, value: unknown): boolean | undefined {
  const elements = Array.isArray(value) ? value : [];
  const operands = operand as unknown[];
  const isText = typeof value === "string";
  const isComparable = typeof value === typeof operand && (isText || typeof value === "number");
  const number = value as number;
  switch (name) {
    case "eq":
      return value === operand;
    case "ne":
      return value !== operand;
    case "in":
      return operands.includes(value);
    case "notIn":
      return !operands.includes(value);
    case "lt":
      return isComparable && number < (operand as number);
    case "lte":
      return isComparable && number <= (operand as number);
    case "gt":
      return isComparable && number > (operand as number);
    case "gte":
      return isComparable && number >= (operand as number);
    case "contains":
      return isText && value.includes(String(operand));
    case "startsWith":
      return isText && value.startsWith(String(operand));
    case "endsWith":
      return isText && value.endsWith(String(operand));
    case "isNull":
      return (value === null) === operand;
    case "isDefined":
      return (value !== undefined) === operand;
    case "has":
      return elements.includes(operand);
    case "hasAny":
      return operands.some((element) => elements.includes(element));
    case "hasAll":
      return operands.every((element) => elements.includes(element));
    case "isEmpty":
      return (elements.length === 0) === operand;
    case "some":
      return elements.some((element) => fits(element, operand as Filter));
    case "every":
      return elements.every((element) => fits(element, operand as Filter));
    case "none":
      return !elements.some((element) => fits(element, operand as Filter));
    default:
      return undefined;
  }
}

const LIST = `query ($filter: ThingFilter) {
  things(filter: $filter, first: 1000) { nodes { id } totalCount }
}`;

describe("a filter", () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    const strangers = [{ id: "t99", owner: "ann", kind: "other", order: "a" }];
    api = await startApiUnderTest({
      model: MODEL,
      containers: [
        {
          id: "things",
          partitionKey: { paths: ["/owner"] },
          items: JSON.parse(JSON.stringify([...THINGS, ...strangers])),
        },
      ],
    });
  });
  afterAll(() => api.stop());

  const idsOf = async (filter: unknown) => {
    const caller = api.as("ann", { container: "things", partitionKey: ["ann"], mode: "Read" });
    const { data, errors } = await caller(LIST, { filter });
    expect(errors).toEqual([]);
    expect(data.things.totalCount).toBe(data.things.nodes.length);
    return data.things.nodes.map((node: { id: string }) => node.id);
  };

  test("finds what a plain evaluation of it finds", async () => {
    await fc.assert(
      fc.asyncProperty(thingFilter as fc.Arbitrary<Filter>, async (filter) => {
        const expected = THINGS.filter((item) => fits(item, filter)).map((item) => item.id);
        expect(await idsOf(filter)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  const all = THINGS.map((item) => item.id);
  test.each([
    ["{} fits everything", {}, all],
    ["and: [] fits everything", { and: [] }, all],
    ["or: [] fits nothing", { or: [] }, []],
    ["in: [] fits nothing", { order: { in: [] } }, []],
    ["notIn: [] fits everything", { order: { notIn: [] } }, all],
    ["not: {} fits nothing", { not: {} }, []],
    ["id and another condition together", { id: { eq: "t03" }, owner: { eq: "bob" } }, []],
    ["id alone", { id: { eq: "t03" } }, ["t03"]],
  ])("%s", async (_name, filter, ids) => {
    expect(await idsOf(filter)).toEqual(ids);
  });

  test("a text of 10 kB, with whatever is in it, is a value and never SQL", async () => {
    const long = TEXTS.join(" OR 1=1 -- ").repeat(100).slice(0, 10_000);
    expect(await idsOf({ order: { eq: long } })).toEqual([]);
    expect(await idsOf({ order: { ne: long } })).toEqual(all);
    const queries = (await api.requests()).map(({ query }) => query ?? "");
    expect(queries.filter((query) => query.includes("1=1"))).toEqual([]);
  });

  test("variables work anywhere inside an inline filter", async () => {
    const caller = api.as("ann", { container: "things", partitionKey: ["ann"], mode: "Read" });
    const { data, errors } = await caller(
      `query ($size: Float, $orders: [String!]) {
        things(filter: { or: [{ size: { gte: $size } }, { order: { in: $orders } }] }, first: 1000) { nodes { id } }
      }`,
      { size: 3, orders: ["a", "ab"] },
    );
    expect(errors).toEqual([]);
    const expected = THINGS.filter(
      (item) =>
        (typeof item.size === "number" && item.size >= 3) ||
        ["a", "ab"].includes(String(item.order)),
    );
    expect(data.things.nodes).toEqual(expected.map((item) => ({ id: item.id })));
  });
});
