import type { Container, JSONObject } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "../test-account.ts";
import { asMultiset, createAll, type Row, rowsOf } from "./run-query.ts";

/** Forty items in twenty partitions; `age` is missing from each fourth. */
const items: readonly JSONObject[] = Array.from({ length: 40 }, (_, index) => ({
  id: `item-${index}`,
  pk: `p${index % 20}`,
  name: `name-${(index * 7) % 40}`,
  team: { name: ["A", "B", "C"][index % 3] ?? "", size: index % 3 },
  scores: [index % 2, index % 5],
  ...(index % 4 === 0 ? {} : { age: index }),
}));

const ages = items.flatMap(({ age }) => (typeof age === "number" ? [age] : []));
const sum = ages.reduce((left, right) => left + right, 0);
const ofPartition = ages.filter((age) => age % 20 === 3);

describe.each([1, 4])("aggregates on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
    container = await account.createContainer();
    await createAll(container, items);
  });
  afterAll(() => account.stop());

  /** The rows, asked for in each way that the SDK has. */
  const everyAnswer = async (query: string): Promise<readonly (readonly Row[])[]> => [
    await rowsOf(container, query),
    await rowsOf(container, query, { forceQueryPlan: true }),
    await rowsOf(container, query, { maxItemCount: 1 }),
  ];

  test.each<[string, readonly Row[]]>([
    ["SELECT VALUE AVG(c.age + 1) FROM c ORDER BY c.name", [sum / ages.length + 1]],
    ["SELECT VALUE AVG(c.age) FROM c ORDER BY c.name DESC", [sum / ages.length]],
    ["SELECT VALUE COUNT(1) FROM c ORDER BY c.name", [40]],
    ["SELECT VALUE COUNT(c.age) FROM c WHERE c.age > 20 ORDER BY c.age", [15]],
    ["SELECT VALUE SUM(c.age) FROM c ORDER BY c.missing", [sum]],
    ["SELECT VALUE MIN(c.age) FROM c ORDER BY c.age DESC", [1]],
    ["SELECT VALUE MAX(c.name) FROM c WHERE c.pk = 'p3' ORDER BY c.name", ["name-21"]],
    // no composite index has these
    ["SELECT VALUE SUM(c.age) FROM c ORDER BY c.team.name, c.name DESC", [sum]],
    [
      "SELECT COUNT(1) AS n, MAX(c.age) AS oldest, AVG(c.age) FROM c ORDER BY c.name",
      [{ n: 40, oldest: 39, $1: sum / ages.length }],
    ],
    ["SELECT VALUE COUNT(1) FROM r JOIN s IN r.scores ORDER BY s", [80]],
    ["SELECT VALUE COUNT(1) FROM c WHERE false ORDER BY c.name", [0]],
    ["SELECT TOP 1 VALUE COUNT(1) FROM c ORDER BY c.name", [40]],
  ])("are one value, whatever the order: %s", async (query, expected) => {
    for (const rows of await everyAnswer(query)) {
      expect(rows).toEqual(expected);
    }
  });

  test("have an order in one partition key, too", async () => {
    const query = "SELECT VALUE SUM(c.age) FROM c ORDER BY c.name";
    expect(await rowsOf(container, query, { partitionKey: "p3" })).toEqual([
      ofPartition.reduce((left, right) => left + right, 0),
    ]);
  });

  test.each([
    ["SELECT c.name, COUNT(1) AS n FROM c GROUP BY c.name ORDER BY c.name", "'ORDER BY' is not"],
    ["SELECT VALUE COUNT(1) FROM c ORDER BY LOWER(c.name)", "Unsupported ORDER BY clause"],
    ["SELECT VALUE COUNT(1) FROM c ORDER BY COUNT(1)", "Aggregate function 'COUNT'"],
    ["SELECT VALUE COUNT(1) FROM c ORDER BY x.name", "Identifier 'x' could not be resolved"],
  ])("refuse %s", async (query, message) => {
    for (const options of [{}, { forceQueryPlan: true }, { partitionKey: "p3" }]) {
      const error = await errorOf(rowsOf(container, query, options));
      expect(error.code).toBe(400);
      expect(error.message).toContain(message);
    }
  });

  test.each([
    "SELECT VALUE COUNT(1) + 1 FROM c",
    "SELECT COUNT(1) + 1 AS n FROM c",
    "SELECT VALUE {'sum': SUM(c.age)} FROM c",
    "SELECT VALUE FLOOR(AVG(c.age)) FROM c",
    "SELECT c.name, ABS(AVG(c.age)) AS a FROM c GROUP BY c.name",
  ])("stand alone: %s is refused in one way", async (query) => {
    const expected = "Compositions of aggregates and other expressions are not allowed.";
    for (const options of [{}, { forceQueryPlan: true }, { partitionKey: "p3" }]) {
      const error = await errorOf(rowsOf(container, query, options));
      expect(error.code).toBe(400);
      expect(error.message).toContain(expected);
    }
  });

  test("stand alone in what a client writes by hand, too", async () => {
    const query = 'SELECT VALUE [{"item": COUNT(1)}] FROM c';
    expect((await errorOf(rowsOf(container, query))).code).toBe(400);
    // a client sends a rewritten query to a part of the container that it names
    expect(await rowsOf(container, query, { partitionKey: "p3" })).toEqual([[{ item: 2 }]]);
  });

  test.each([
    ["SELECT VALUE x FROM (SELECT VALUE COUNT(1) FROM c) x", 501],
    ["SELECT COUNT(1) AS n FROM (SELECT c.name FROM c GROUP BY c.name)", 501],
    ["SELECT VALUE x FROM (SELECT DISTINCT VALUE c.age FROM c) x", 501],
    ["SELECT VALUE x FROM (SELECT TOP 2 VALUE c.age FROM c) x", 400],
  ])("are not asked of each partition for itself: %s", async (query, code) => {
    for (const options of [{}, { forceQueryPlan: true }]) {
      expect((await errorOf(rowsOf(container, query, options))).code).toBe(code);
    }
    expect((await rowsOf(container, query, { partitionKey: "p3" })).length).toBeGreaterThan(0);
  });

  test("go by paths below a group key", async () => {
    const query =
      "SELECT g.name, COUNT(1) AS n FROM c JOIN g IN (SELECT VALUE [c.team]) GROUP BY g";
    for (const rows of await everyAnswer(query)) {
      expect(asMultiset(rows)).toEqual(
        asMultiset([
          { name: "A", n: 14 },
          { name: "B", n: 13 },
          { name: "C", n: 13 },
        ]),
      );
    }
    for (const rows of await everyAnswer("SELECT VALUE c.team.size + 1 FROM c GROUP BY c.team")) {
      expect(asMultiset(rows)).toEqual(asMultiset([1, 2, 3]));
    }
  });
});
