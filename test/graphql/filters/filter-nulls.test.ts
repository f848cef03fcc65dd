import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type GraphQLInputObjectType, getNamedType, isInputObjectType, isListType } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

/** The rule that docs/model.md prints, kept by reading it there. */

const MODEL = `
type Thing @container(name: "things") {
  id: ID!
  owner: String! @partitionKey
  kind: Kind
  note: String
  size: Float
  meta: JSON
  tags: [String!]
  part: Part
  parts: [Part!]
}
enum Kind { A B }
type Part { name: String  size: Int  inner: Part }
`;

const ITEMS = [
  { id: "none", owner: "ann" },
  { id: "null", owner: "ann", kind: null, note: null, size: null, meta: null, tags: null },
  { id: "set", owner: "ann", kind: "A", note: "n", size: 1, meta: { a: null }, tags: ["t"] },
];

/** The second column of the table, by each name in the first. */
function readTable(): ReadonlyMap<string, string> {
  const page = readFileSync(resolve(import.meta.dirname, "../../../docs/model.md"), "utf8");
  const [, table = ""] = /\| null in the place of \|.*\n\|[ -|]+\n((?:\|.*\n)+)/.exec(page) ?? [];
  const rows = table.trim().split("\n");
  return new Map(
    rows.flatMap((row) => {
      const [, place = "", meaning = ""] = row.split("|").map((cell) => cell.trim());
      const names = place.startsWith("a field's conditions")
        ? ["a field"]
        : [...place.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
      const elements = place.includes("an element of them")
        ? names.map((name) => `element of ${name}`)
        : [];
      return [...names, ...elements].map((name) => [name, meaning] as const);
    }),
  );
}

const TABLE = readTable();
const OPERATORS_OF_OBJECTS = ["and", "or", "not"];

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [{ id: "things", partitionKey: { paths: ["/owner"] }, items: ITEMS }],
  });
});
afterAll(() => api.stop());

const run = (query: string, variables: Readonly<Record<string, unknown>>) =>
  api.as("ann", { container: "things", partitionKey: ["ann"] })(query, variables);
const list = (filter: unknown) =>
  run("query ($filter: ThingFilter) { things(filter: $filter) { nodes { id } } }", { filter });
const idsOf = async (filter: unknown) => {
  const { data, errors } = await list(filter);
  expect(errors).toEqual([]);
  return data.things.nodes.map(({ id }: { readonly id: string }) => id);
};

interface Place {
  /** What the table calls it. */
  readonly name: string;
  /** A filter with this value in the place. */
  readonly filterWith: (value: unknown) => unknown;
}

/** Every place of a filter that can hold a null, once for each input type. */
function placesOf(
  type: GraphQLInputObjectType,
  wrap: (part: unknown) => unknown,
  seen: Set<string>,
): readonly Place[] {
  if (seen.has(type.name)) {
    return [];
  }
  seen.add(type.name);
  return Object.values(type.getFields()).flatMap((field): readonly Place[] => {
    const inside = (value: unknown) => wrap({ [field.name]: value });
    const named = getNamedType(field.type);
    const isCondition = isInputObjectType(named) && !TABLE.has(field.name);
    return [
      { name: isCondition ? "a field" : field.name, filterWith: inside },
      ...(isListType(field.type)
        ? [
            {
              name: `element of ${field.name}`,
              filterWith: (value: unknown) => inside([value]),
            },
          ]
        : []),
      ...(isInputObjectType(named) && !OPERATORS_OF_OBJECTS.includes(field.name)
        ? placesOf(named, inside, seen)
        : []),
    ];
  });
}

function places(): readonly Place[] {
  const type = api.schema.getType("ThingFilter");
  if (!isInputObjectType(type)) {
    throw new Error("The schema has no ThingFilter.");
  }
  return [
    { name: "filter", filterWith: (value) => value },
    ...placesOf(type, (part) => part, new Set()),
  ];
}

describe("a null in a filter", () => {
  test("has a row in the table wherever it can stand, and no row is without a place", () => {
    const found = new Set([...places().map(({ name }) => name), "condition"]);
    expect([...found].filter((name) => !TABLE.has(name))).toEqual([]);
    // `not` is no list.
    expect([...TABLE.keys()].filter((name) => !found.has(name))).toEqual(["element of not"]);
    expect(places().length).toBeGreaterThan(60);
  });

  test("means what the table says, in each place", async () => {
    for (const { name, filterWith } of places()) {
      const meaning = TABLE.get(name) ?? "";
      const [, other] = /^the same as `isNull: (true|false)`$/.exec(meaning) ?? [];
      const filter = filterWith(null);
      if (other === undefined) {
        const { codes, errors } = await list(filter);
        expect(`\`${codes[0]}\``, JSON.stringify(filter)).toBe(meaning);
        expect(errors[0]?.message, name).toMatch(/null/);
      } else {
        const same = JSON.parse(
          JSON.stringify(filter).replace(`"${name}":null`, `"isNull":${other}`),
        );
        expect(await idsOf(filter), JSON.stringify(filter)).toEqual(await idsOf(same));
      }
    }
  });

  test("is told from a variable that isn't given, which leaves its place out", async () => {
    const query = `query ($filter: ThingFilter, $note: StringFilter, $eq: String, $null: Boolean) {
      all: things(filter: $filter) { totalCount }
      field: things(filter: { note: $note }) { totalCount }
      operator: things(filter: { note: { eq: $eq, isNull: $null } }) { totalCount }
    }`;
    const { data, errors } = await run(query, {});
    expect(errors).toEqual([]);
    expect(data).toEqual({
      all: { totalCount: 3 },
      field: { totalCount: 3 },
      operator: { totalCount: 3 },
    });
    for (const name of ["filter", "note", "null"]) {
      expect((await run(query, { [name]: null })).codes, name).toEqual(["BAD_USER_INPUT"]);
    }
    expect((await run(query, { eq: null })).data.operator.totalCount).toBe(1);
  });

  test("says what to write, and never what was written", async () => {
    const messageOf = async (filter: unknown) => (await list(filter)).errors[0]?.message;
    expect(await messageOf({ note: { isNull: null } })).toBe(
      "`isNull` can't be null. Write true or false, or leave it out.",
    );
    expect(await messageOf({ note: { lt: null } })).toBe(
      "`lt` can't be null. Leave it out; what is stored as null is `isNull: true`.",
    );
    expect(await messageOf({ note: null })).toBe(
      "`note` can't be null. Leave it out; what is stored as null is `note: { isNull: true }`.",
    );
    expect(await messageOf({ part: null })).toBe("`part` can't be null. Leave it out.");
    expect(await messageOf(null)).toBe(
      "`filter` can't be null. Leave it out for no condition, or write `{}`.",
    );
  });

  test("makes no write happen", async () => {
    const patch = `mutation ($condition: ThingFilter) {
      patchThing(id: "set", patch: { set: { note: "changed" } }, condition: $condition) { note }
    }`;
    const rewrite = `mutation ($condition: ThingFilter) {
      patchThing(id: "set", patch: { set: { part: { name: "changed" } } }, condition: $condition) { note }
    }`;
    const transact = `mutation ($condition: ThingFilter) {
      transactThings(operations: [
        { patch: { id: "set", patch: { set: { note: "changed" } }, condition: $condition } }
      ]) { note }
    }`;
    for (const mutation of [patch, rewrite, transact]) {
      for (const condition of [null, { note: null }, { note: { isNull: null } }]) {
        expect((await run(mutation, { condition })).codes).toEqual(["BAD_USER_INPUT"]);
      }
    }
    const { data } = await run('{ thing(id: "set") { note part { name } } }', {});
    expect(data.thing).toEqual({ note: "n", part: null });
    expect((await run(patch, {})).data.patchThing).toEqual({ note: "changed" });
  });

  test("of an aggregate is the list's", async () => {
    const query = `query ($filter: ThingFilter) { thingsAggregate(filter: $filter) { count } }`;
    expect((await run(query, { filter: null })).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await run(query, { filter: { or: null } })).codes).toEqual(["BAD_USER_INPUT"]);
  });
});
