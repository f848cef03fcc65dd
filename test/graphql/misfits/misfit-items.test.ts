import fc from "fast-check";
import {
  buildSchema,
  executeSync,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  parse,
} from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_SCALARS } from "../../../src/graphql/classes/scalars.ts";
import { isModelScalar } from "../../../src/model/model.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Thing @container(name: "things") {
  id: ID!
  tenantId: String! @partitionKey
  status: Status!
  total: Float!
  count: Int
  big: BigInt
  at: DateTime
  day: Date
  isOpen: Boolean
  any: JSON!
  tags: [String!]
  matrix: [[Int]]
  lines: [Line]!
  address: Address
}
enum Status { OPEN PAID }
type Line { sku: String! quantity: Int! address: Address }
type Address { city: String! lines: [Line!] }
`;

type Json = Readonly<Record<string, unknown>>;

let api: ApiUnderTest;
let run: ReturnType<ApiUnderTest["as"]>;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    genericApi: true,
    partitions: 3,
    containers: [{ id: "things", partitionKey: { paths: ["/tenantId"] }, items: [] }],
  });
  run = api.as("all", { container: "things" });
});
afterAll(() => api.stop());

const address = fc.record({ city: fc.string() }, { requiredKeys: ["city"] });
const line = fc.record(
  { sku: fc.string(), quantity: fc.integer({ min: 0, max: 9 }), address },
  { requiredKeys: ["sku", "quantity"] },
);

/** What fits, most of the time, for each property. */
const FITTING: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  status: fc.constantFrom("OPEN", "PAID"),
  total: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  count: fc.option(fc.integer()),
  big: fc.maxSafeInteger(),
  at: fc.constant("2026-03-01T09:30:00Z"),
  day: fc.constant("2026-03-01"),
  isOpen: fc.boolean(),
  any: fc.jsonValue({ maxDepth: 2 }).filter((value) => value !== null),
  tags: fc.array(fc.string(), { maxLength: 3 }),
  matrix: fc.array(fc.array(fc.option(fc.integer()), { maxLength: 2 }), { maxLength: 2 }),
  lines: fc.array(fc.option(line), { maxLength: 3 }),
  address: fc.option(address),
};

/** What may be anything: some of it GraphQL shows all the same, such as the number 5 as a String. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown[]>(undefined, null, 5, 2 ** 40, 1.5, "5", "LOST", "", true, [], {}, [
    [1],
  ]),
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({ city: strangeLeaf(), lines: fc.array(line, { maxLength: 1 }) }),
  fc.array(fc.record({ sku: strangeLeaf(), quantity: strangeLeaf() }), { maxLength: 2 }),
);

function strangeLeaf(): fc.Arbitrary<unknown> {
  return fc.constantFrom<unknown[]>(undefined, null, "text", 1, 1.5, true, [], {});
}

const thing: fc.Arbitrary<Json> = fc.record(
  Object.fromEntries(
    Object.entries(FITTING).map(([name, fitting]) => [
      name,
      fc.oneof({ weight: 14, arbitrary: fitting }, { weight: 1, arbitrary: strange }),
    ]),
  ),
);

const SELECTIONS: readonly string[] = [
  "status",
  "total",
  "count big",
  "at day isOpen",
  "any tags matrix",
  "lines { sku quantity address { city } }",
  "lines { quantity }",
  "address { city lines { sku } }",
  "... on Thing { address { __typename } id }",
];

/** The items of one run share a partition of their own. */
let partitions = 0;

async function store(things: readonly Json[]): Promise<readonly Json[]> {
  partitions += 1;
  const tenantId = `tenant-${partitions}`;
  const items = things.map((each, index) => ({ ...each, id: `item-${index}`, tenantId }));
  const creates = items.map(
    (_, index) =>
      `c${index}: createItem(container: "things", partitionKey: ["${tenantId}"], item: $i${index})`,
  );
  const variables = Object.fromEntries(items.map((item, index) => [`i${index}`, item]));
  const declared = items.map((_, index) => `$i${index}: JSON!`).join(", ");
  const answer = await run(`mutation (${declared}) { ${creates.join(" ")} }`, variables);
  expect(answer.codes).toEqual([]);
  return items;
}

/**
 * GraphQL alone, without the gateway: the model as a plain schema. Its own scalars have other names,
 * because they are to convert nothing and GraphQL's are the whole process's.
 */
const PLAIN = buildSchema(
  `${MODEL.replaceAll(/@\w+(\(.*?\))?/g, "").replaceAll(/\b(?:String|Int|Float|Boolean)\b/g, "Plain$&")}
   type Query { probe: Thing } scalar JSON scalar BigInt scalar DateTime scalar Date
   scalar PlainString scalar PlainInt scalar PlainFloat scalar PlainBoolean`,
);
const STORED_AS: Readonly<Record<string, string>> = {
  String: "string",
  Int: "number",
  Float: "number",
  BigInt: "number",
  Boolean: "boolean",
};
for (const type of Object.values(PLAIN.getTypeMap())) {
  const name = type.name.replace("Plain", "");
  if (isScalarType(type) && !isSpecifiedScalarType(type) && isModelScalar(name)) {
    type.serialize = (value) => {
      const storedAs = STORED_AS[name];
      if (storedAs !== undefined && typeof value !== storedAs) {
        throw new TypeError(`${name} converts nothing.`);
      }
      return API_SCALARS[name].serialize(value);
    };
  }
  if (isObjectType(type)) {
    // By itself, GraphQL takes any value for an object without the fields.
    type.isTypeOf = (value) => typeof value === "object" && !Array.isArray(value);
  }
}

/** What GraphQL makes of one item: its data, or null where it finds a fault. */
function shownByGraphQL(selection: string, item: Json): unknown {
  const { data, errors } = executeSync({
    schema: PLAIN,
    document: parse(`{ probe { ${selection} } }`),
    // As it comes out of the store: JSON has no undefined.
    rootValue: { probe: JSON.parse(JSON.stringify(item)) },
  });
  return errors === undefined ? JSON.parse(JSON.stringify(data?.probe)) : null;
}

test("whatever is stored, an answer has every fitting item, and null with one error in the place of any other", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(thing, { minLength: 1, maxLength: 7 }),
      fc.subarray([...SELECTIONS], { minLength: 1 }),
      async (things, selected) => {
        const items = await store(things);
        const [{ tenantId } = {}] = items;
        const selection = selected.join(" ");
        const answer = await run(
          `query ($tenantId: String) { things(tenantId: $tenantId) {
             totalCount nodes { ${selection} } edges { cursor node { id } }
           } viewer { profile } }`,
          { tenantId },
        );
        const expected = items.map((item) => shownByGraphQL(selection, item));
        expect(JSON.parse(JSON.stringify(answer.data.things.nodes))).toEqual(expected);
        expect(answer.codes).toEqual(
          expected.filter((node) => node === null).map(() => "ITEM_MISFIT"),
        );
        expect(answer.data.things.totalCount).toBe(items.length);
        expect(answer.data.things.edges.map(({ node }: Json) => node)).toEqual(
          items.map(({ id }) => ({ id })),
        );
        expect(answer.data.viewer).toEqual({ profile: "test" });
      },
    ),
    { numRuns: 60 },
  );
});

test("whatever is stored, lists go on behind misfit items in any order, and each item comes once", async () => {
  const order = fc.constantFrom("status", "total", "count", "at", "isOpen");
  await fc.assert(
    fc.asyncProperty(
      fc.array(thing, { minLength: 1, maxLength: 7 }),
      order,
      fc.constantFrom("ASC", "DESC"),
      async (things, by, direction) => {
        const items = await store(things);
        const [{ tenantId } = {}] = items;
        const seen: unknown[] = [];
        let after: unknown = null;
        do {
          const { data } = await run(
            `query ($tenantId: String, $after: String) {
               things(tenantId: $tenantId, first: 2, after: $after, orderBy: [{ ${by}: ${direction} }]) {
                 edges { node { id } } pageInfo { hasNextPage endCursor }
               } }`,
            { tenantId, after },
          );
          seen.push(...data.things.edges.map(({ node }: { node: Json }) => node.id));
          after = data.things.pageInfo.hasNextPage ? data.things.pageInfo.endCursor : null;
        } while (after !== null);
        expect(seen.toSorted()).toEqual(items.map(({ id }) => id));
      },
    ),
    { numRuns: 40 },
  );
});

test("whatever is stored, aggregates and groups are answered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(thing, { minLength: 1, maxLength: 7 }), async (things) => {
      const items = await store(things);
      const [{ tenantId } = {}] = items;
      const numbers = `count sum { total count big } average { total count big }
        min { total count big at day } max { total count big at day }`;
      const answer = await run(
        `query ($tenantId: String) { thingsAggregate(tenantId: $tenantId) { ${numbers}
           groupBy(fields: [status, isOpen, count, at]) { key { status isOpen count at } ${numbers} }
         } }`,
        { tenantId },
      );
      expect(answer.errors).toEqual([]);
      const { count, groupBy } = answer.data.thingsAggregate;
      expect(count).toBe(items.length);
      expect(groupBy.reduce((sum: number, group: Json) => sum + Number(group.count), 0)).toBe(
        items.length,
      );
    }),
    { numRuns: 40 },
  );
});
