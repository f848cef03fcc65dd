import type { Container, JSONObject, PartitionKey, SqlQuerySpec } from "@azure/cosmos";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestAccount, type TestAccount } from "../test-account.ts";
import { asMultiset, createAll, pagesOf, type Row, rowsOf } from "./run-query.ts";

let onePartition: TestAccount;
let fourPartitions: TestAccount;

beforeAll(async () => {
  onePartition = await startTestAccount({ partitions: 1 });
  fourPartitions = await startTestAccount({ partitions: 4 });
});
afterAll(async () => {
  await onePartition.stop();
  await fourPartitions.stop();
});

/** A query and what may differ between two right answers to it. */
interface GeneratedQuery {
  readonly query: SqlQuerySpec;
  /** Without an order, or among equal sort values, TOP and OFFSET LIMIT may take any of these rows. */
  readonly takesFrom?: SqlQuerySpec;
  /** The rows carry their sort value as `k`. */
  readonly isOrdered?: boolean;
  /** The SDK's own pipeline loses rows of a DISTINCT VALUE that JavaScript takes for false. */
  readonly losesFalsyRows?: boolean;
}

// no character at or above U+E000: the SDK merges by UTF-16 unit, which orders those and astral ones differently
const text = fc.constantFrom("", "a", "A", "ab", "b", "é", "ß", "日本", "😀", "a'b", 'a"b', "a\\b");
const integer = fc.integer({ min: -3, max: 5 });
const scalar = fc.oneof(fc.constantFrom(null, true, false), integer, fc.constant(0.5), text);
const mixed = fc.oneof(
  { weight: 5, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.record({ x: scalar, y: integer }, { requiredKeys: [] }),
);
const item = fc.record(
  {
    pk: fc.oneof(scalar, fc.string({ unit: "binary", maxLength: 3 })),
    i: integer,
    s: text,
    m: mixed,
    o: fc.record({ x: mixed, "日 ‑x": scalar }, { requiredKeys: [] }),
    tags: fc.array(scalar, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const items = fc
  .array(item, { maxLength: 24 })
  .map((list) => list.map((one, index) => ({ ...plain(one), id: `item ${index}` })));

/** fast-check's records have no prototype, and the SDK does not look into such. */
function plain(value: unknown): JSONObject {
  return JSON.parse(JSON.stringify(value)) as JSONObject;
}

const path = fc.constantFrom(
  "c.i",
  "c.s",
  "c.m",
  "c.o.x",
  'c.o["日 ‑x"]',
  "c.tags",
  "c.tags[0]",
  "c.pk",
);

/** A condition; its constants come as parameters, numbered from 0. */
interface Condition {
  readonly text: string;
  readonly values: readonly unknown[];
}

const condition = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .tuple(path, fc.constantFrom("=", "!=", "<", "<=", ">", ">="), mixed)
      .map(([left, operator, value]) => ({ text: `${left} ${operator} ?`, values: [value] })),
    path.map((one) => ({ text: `IS_DEFINED(${one})`, values: [] })),
    fc.tuple(path, fc.array(scalar, { minLength: 1, maxLength: 3 })).map(([left, values]) => ({
      text: `${left} IN (${values.map(() => "?").join(", ")})`,
      values,
    })),
    fc.tuple(path, fc.array(mixed, { maxLength: 3 })).map(([one, list]) => ({
      text: `ARRAY_CONTAINS(?, ${one})`,
      values: [list],
    })),
    fc.tuple(fc.constantFrom("<<", ">>", ">>>"), integer).map(([operator, value]) => ({
      text: `c.i ${operator} 1 > ?`,
      values: [value],
    })),
    fc.tuple(path, scalar, scalar).map(([one, low, high]) => ({
      text: `${one} BETWEEN ? AND ?`,
      values: [low, high],
    })),
    fc
      .tuple(path, text)
      .map(([one, value]) => ({ text: `STARTSWITH(${one}, ?)`, values: [value] })),
    fc.tuple(scalar).map(([value]) => ({
      text: "EXISTS(SELECT VALUE t FROM t IN c.tags WHERE t = ?)",
      values: [value],
    })),
    fc
      .tuple(tie("condition"), fc.constantFrom("AND", "OR"), tie("condition"))
      .map(([left, operator, right]) => ({
        text: `(${left.text} ${operator} ${right.text})`,
        values: [...left.values, ...right.values],
      })),
    tie("condition").map((one) => ({ text: `NOT (${one.text})`, values: one.values })),
  ),
})).condition;

/** `WHERE` with a condition and what else must hold, or nothing. */
function where(given: Condition | undefined, further?: string): string {
  const parts = [
    ...(given === undefined ? [] : [given.text]),
    ...(further === undefined ? [] : [further]),
  ];
  return parts.length === 0 ? "" : ` WHERE ${parts.join(" AND ")}`;
}

function specOf(query: string, given: Condition | undefined): SqlQuerySpec {
  let count = 0;
  const numbered = query.replaceAll("?", () => `@p${count++}`);
  const parameters = (given?.values ?? []).map((value, index) => ({
    name: `@p${index}`,
    value: value as never,
  }));
  return { query: numbered, parameters };
}

const optionalCondition = fc.option(condition, { nil: undefined });
const count = fc.integer({ min: 0, max: 12 });

const selections = fc.constantFrom(
  "*",
  "c.id, c.m",
  "VALUE c.m",
  "VALUE c.id",
  "c.o.x AS x, c.i + 1 AS next, c.pk",
  'VALUE { "id": c.id, "both": [c.s, c.i] }',
  "VALUE ARRAY(SELECT VALUE t FROM t IN c.tags)",
);

const plainQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(selections, optionalCondition)
  .map(([selection, given]) => ({
    query: specOf(`SELECT ${selection} FROM c${where(given)}`, given),
  }));

const joinQuery: fc.Arbitrary<GeneratedQuery> = optionalCondition.map((given) => ({
  query: specOf(`SELECT c.id, t FROM c JOIN t IN c.tags${where(given)}`, given),
}));

const orderedJoinQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(fc.constantFrom("ASC", "DESC"), optionalCondition)
  .map(([direction, given]) => ({
    query: specOf(
      `SELECT c.id, t, c.i AS k FROM c JOIN t IN c.tags${where(given, "IS_NUMBER(c.i)")} ORDER BY c.i ${direction}`,
      given,
    ),
    isOrdered: true,
  }));

const groupedJoinQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(fc.constantFrom("t", "c.s, t", "c.pk"), optionalCondition)
  .map(([keys, given]) => ({
    query: specOf(
      `SELECT ${keys}, COUNT(1) AS n FROM c JOIN t IN c.tags${where(given)} GROUP BY ${keys}`,
      given,
    ),
  }));

const arrayQuery: fc.Arbitrary<GeneratedQuery> = fc
  .constantFrom("SELECT VALUE t FROM t IN c.tags", "SELECT VALUE COUNT(1) FROM t IN c.tags")
  .map((query) => ({ query: { query, parameters: [] } }));

const cutQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(optionalCondition, count, fc.option(count, { nil: undefined }))
  .map(([given, first, second]) => ({
    query: specOf(
      second === undefined
        ? `SELECT TOP ${first} c.id, c.m FROM c${where(given)}`
        : `SELECT c.id, c.m FROM c${where(given)} OFFSET ${first} LIMIT ${second}`,
      given,
    ),
    takesFrom: specOf(`SELECT c.id, c.m FROM c${where(given)}`, given),
  }));

const orderedQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(
    // the SDK merges sort values of one type only
    fc.constantFrom(
      ["c.i", "IS_NUMBER(c.i)"],
      ["c.s", "IS_STRING(c.s)"],
      ["c.o.x", "IS_STRING(c.o.x)"],
    ),
    fc.constantFrom("", " ASC", " DESC"),
    optionalCondition,
    fc.constantFrom("all", "top", "range"),
    count,
    count,
  )
  .map(([[sortPath, isOfType], direction, given, cut, first, second]) => {
    const select = `c.id, ${sortPath} AS k, c.m FROM c${where(given, isOfType)} ORDER BY ${sortPath}${direction}`;
    const query = {
      all: `SELECT ${select}`,
      top: `SELECT TOP ${first} ${select}`,
      range: `SELECT ${select} OFFSET ${first} LIMIT ${second}`,
    }[cut];
    return {
      query: specOf(query ?? "", given),
      isOrdered: true,
      ...(cut === "all" ? {} : { takesFrom: specOf(`SELECT ${select}`, given) }),
    };
  });

const distinctQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(
    fc.constantFrom(
      "c.m",
      "c.i, c.s",
      "c.o",
      "VALUE c.i",
      "VALUE c.m",
      "VALUE c.o.x",
      "VALUE c.tags",
    ),
    optionalCondition,
  )
  .map(([selection, given]) => ({
    query: specOf(`SELECT DISTINCT ${selection} FROM c${where(given)}`, given),
    losesFalsyRows: true,
  }));

const orderedDistinctQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(fc.constantFrom("ASC", "DESC"), optionalCondition)
  .map(([direction, given]) => ({
    query: specOf(
      `SELECT DISTINCT c.i AS k FROM c${where(given, "IS_NUMBER(c.i)")} ORDER BY c.i ${direction}`,
      given,
    ),
    isOrdered: true,
  }));

// SUM and AVG of what is no number, and MIN and MAX over several types, are beyond the SDK's aggregators
const aggregate = fc.constantFrom(
  "COUNT(1)",
  "COUNT(c.m)",
  "COUNTIF(c.i > 1)",
  "SUM(c.i)",
  "AVG(c.i)",
  "MIN(c.i)",
  "MAX(c.i)",
  "MIN(c.s)",
  "MAX(c.s)",
);

/** An aggregate is one value, whatever the order. */
const idleOrder = fc.constantFrom("", "", " ORDER BY c.m", " ORDER BY c.s DESC, c.i");

const aggregateQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(aggregate, optionalCondition, idleOrder)
  .map(([one, given, order]) => ({
    query: specOf(`SELECT VALUE ${one} FROM c${where(given)}${order}`, given),
  }));

const namedAggregateQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(fc.uniqueArray(aggregate, { minLength: 1, maxLength: 3 }), optionalCondition, idleOrder)
  .map(([list, given, order]) => ({
    query: specOf(
      `SELECT ${list.map((one, index) => `${one} AS a${index}`).join(", ")} FROM c${where(given)}${order}`,
      given,
    ),
  }));

const groupQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom("c.m", "c.i", "c.s", "c.o.x", "c.pk"), {
      minLength: 1,
      maxLength: 2,
    }),
    fc.uniqueArray(aggregate, { maxLength: 2 }),
    optionalCondition,
  )
  .map(([keys, aggregates, given]) => {
    const selected = [
      ...keys.map((key, index) => `${key} AS g${index}`),
      ...aggregates.map((one, index) => `${one} AS a${index}`),
    ];
    return {
      query: specOf(
        `SELECT ${selected.join(", ")} FROM c${where(given)} GROUP BY ${keys.join(", ")}`,
        given,
      ),
    };
  });

const cutGroupQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(
    fc.constantFrom("c.i", "c.s", "c.pk"),
    aggregate,
    optionalCondition,
    count,
    count,
    fc.boolean(),
  )
  .map(([key, one, given, first, second, isTop]) => {
    const rest = `${key} AS g, ${one} AS a FROM c${where(given)} GROUP BY ${key}`;
    return {
      query: specOf(
        isTop ? `SELECT TOP ${first} ${rest}` : `SELECT ${rest} OFFSET ${first} LIMIT ${second}`,
        given,
      ),
      takesFrom: specOf(`SELECT ${rest}`, given),
    };
  });

const distinctGroupQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(fc.constantFrom("c.i", "c.s", "c.m"), optionalCondition)
  .map(([key, given]) => ({
    query: specOf(`SELECT DISTINCT COUNT(1) AS n FROM c${where(given)} GROUP BY ${key}`, given),
  }));

const belowGroupQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(
    fc.constantFrom("VALUE c.o.x", 'c.o.x, c.o["日 ‑x"] AS y', "c.o.x.y AS z"),
    optionalCondition,
  )
  .map(([selection, given]) => ({
    query: specOf(`SELECT ${selection} FROM c${where(given)} GROUP BY c.o`, given),
  }));

const groupValueQuery: fc.Arbitrary<GeneratedQuery> = fc
  .tuple(
    fc.constantFrom("c.m", "c.i", "c.s"),
    fc.option(aggregate, { nil: undefined }),
    optionalCondition,
  )
  .map(([key, one, given]) => ({
    query: specOf(`SELECT VALUE ${one ?? key} FROM c${where(given)} GROUP BY ${key}`, given),
  }));

const query = fc.oneof(
  plainQuery,
  joinQuery,
  orderedJoinQuery,
  groupedJoinQuery,
  arrayQuery,
  cutQuery,
  orderedQuery,
  distinctQuery,
  orderedDistinctQuery,
  aggregateQuery,
  namedAggregateQuery,
  groupQuery,
  cutGroupQuery,
  distinctGroupQuery,
  belowGroupQuery,
  groupValueQuery,
);

async function fillContainer(
  account: TestAccount,
  list: readonly JSONObject[],
): Promise<Container> {
  const container = await account.createContainer();
  await createAll(container, list);
  return container;
}

/** Compares an answer with the one that one physical partition gave at once. */
function expectSameRows(
  { isOrdered, losesFalsyRows }: GeneratedQuery,
  all: readonly Row[] | undefined,
  actual: readonly Row[],
  expected: readonly Row[],
): void {
  const sortValues = (rows: readonly Row[]): readonly Row[] =>
    rows.map((row) => (row as { readonly k?: Row }).k);
  if (isOrdered === true) {
    expect(sortValues(actual)).toEqual(sortValues(expected));
  }
  if (all === undefined) {
    const keep = (rows: readonly Row[]): readonly Row[] =>
      losesFalsyRows === true ? rows.filter(Boolean) : rows;
    expect(asMultiset(keep(actual))).toEqual(asMultiset(keep(expected)));
    return;
  }
  expect(actual.length).toBe(expected.length);
  const texts = asMultiset(actual);
  expect(new Set(texts).size).toBe(texts.length);
  expect(asMultiset(all)).toEqual(expect.arrayContaining([...texts]));
}

/** Compares what two containers of the same items answer, at once and in pages. */
async function expectSameAnswers(
  one: Container,
  four: Container,
  generated: GeneratedQuery,
  {
    maxItemCount,
    forceQueryPlan,
  }: { readonly maxItemCount: number; readonly forceQueryPlan: boolean },
): Promise<void> {
  const { query: spec, takesFrom } = generated;
  const expected = await rowsOf(one, spec);
  const all = takesFrom === undefined ? undefined : await rowsOf(one, takesFrom);
  const atOnce = await rowsOf(forceQueryPlan ? one : four, spec, { forceQueryPlan });
  expectSameRows(generated, all, atOnce, expected);
  for (const container of [one, four]) {
    const pages = await pagesOf(container, spec, { maxItemCount });
    expect(pages.every((page) => page.length <= maxItemCount)).toBe(true);
    expectSameRows(generated, all, pages.flat(), expected);
  }
}

describe("a generated query over generated items", () => {
  test("gives the same rows on 1 and on 4 physical partitions, in pages or at once", async () => {
    await fc.assert(
      fc.asyncProperty(
        items,
        fc.array(fc.tuple(query, fc.integer({ min: 1, max: 9 }), fc.boolean()), {
          minLength: 8,
          maxLength: 8,
        }),
        async (list, queries) => {
          const one = await fillContainer(onePartition, list);
          const four = await fillContainer(fourPartitions, list);
          for (const [generated, maxItemCount, forceQueryPlan] of queries) {
            await expectSameAnswers(one, four, generated, { maxItemCount, forceQueryPlan });
          }
          await one.delete();
          await four.delete();
        },
      ),
      { numRuns: 25 },
    );
  });

  test("gives the same rows from an index as from a scan, while items come, change and go", async () => {
    // a partition makes indexes from 1,000 items on: one of 1,400 does, four of 350 don't
    const list = fc
      .sample(item, { numRuns: 1_400, seed: 3 })
      .map((value, index): JSONObject => ({ ...plain(value), id: `item ${index}` }));
    const one = await fillContainer(onePartition, list);
    const four = await fillContainer(fourPartitions, list);
    const keyOf = ({ pk }: { readonly pk?: unknown }): PartitionKey | undefined =>
      pk as PartitionKey | undefined;
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(query, orderedQuery, orderedJoinQuery),
        fc.integer({ min: 100, max: 900 }),
        fc.array(item, { minLength: 9, maxLength: 9 }),
        async (generated, maxItemCount, [added, ...values]) => {
          await expectSameAnswers(one, four, generated, { maxItemCount, forceQueryPlan: false });
          const [leaving = {}, ...changing] = list.slice(9 * round, 9 * (round + 1));
          for (const container of [one, four]) {
            await container.items.create({ ...plain(added), id: `new ${round}` });
            await container.item(String(leaving.id), keyOf(leaving)).delete();
            for (const [index, { id, ...rest }] of changing.entries()) {
              const { pk: _, ...content } = plain(values[index]);
              const key = "pk" in rest ? { pk: rest.pk } : {};
              await container.items.upsert({ ...content, ...key, id });
            }
          }
          round += 1;
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  });
});
