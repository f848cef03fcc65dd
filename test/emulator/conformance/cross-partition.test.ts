import type { Container, JSONObject } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "../test-account.ts";
import { asMultiset, createAll, pagesOf, type Row, rowsOf } from "./run-query.ts";

/** Sixty items in thirty partitions; `n` is missing from each fifth, `team` has four values and `name` twelve. */
const items: readonly JSONObject[] = Array.from({ length: 60 }, (_, index) => ({
  id: `item-${String(index).padStart(2, "0")}`,
  pk: `p${index % 30}`,
  rank: (index * 17) % 60,
  // from 1: the SDK's pipelines lose rows of a DISTINCT that JavaScript takes for false
  half: Math.floor(index / 2) + 1,
  team: ["A", "B", "C", "D"][(index * 7) % 4] ?? "",
  name: `name-${index % 12}`,
  isEven: index % 2 === 0,
  ...(index % 5 === 0 ? {} : { n: index }),
}));

const numbers = items.flatMap(({ n }) => (typeof n === "number" ? [n] : []));
const sum = numbers.reduce((left, right) => left + right, 0);

/** The items by one property, and by id among equals where the order must be told apart. */
function sortedBy(property: "rank" | "name"): readonly JSONObject[] {
  return [...items].sort((left, right) =>
    String(left[property]).localeCompare(String(right[property]), "en", {
      numeric: property === "rank",
    }),
  );
}

const idsByRank = sortedBy("rank").map(({ id }) => id as string);

describe.each([1, 4])("cross-partition queries on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
    container = await account.createContainer();
    await createAll(container, items);
  });
  afterAll(() => account.stop());

  describe("ORDER BY", () => {
    test.each([1, 2, 7, 60, 100])("is right over pages of %i", async (maxItemCount) => {
      for (const forceQueryPlan of [false, true]) {
        const options = { maxItemCount, forceQueryPlan };
        const ascending = await pagesOf<string>(
          container,
          "SELECT VALUE c.id FROM c ORDER BY c.rank",
          options,
        );
        expect(ascending.flat()).toEqual(idsByRank);
        expect(ascending.every((page) => page.length <= maxItemCount)).toBe(true);
        const descending = await pagesOf<string>(
          container,
          "SELECT VALUE c.id FROM c ORDER BY c.rank DESC",
          options,
        );
        expect(descending.flat()).toEqual([...idsByRank].reverse());
      }
    });

    test("goes by strings, booleans and dates of the service as well", async () => {
      const names = await rowsOf<string>(container, "SELECT VALUE c.name FROM c ORDER BY c.name");
      expect(names).toEqual(
        sortedBy("name")
          .map(({ name }) => name)
          .sort(),
      );
      const flags = await rowsOf<boolean>(
        container,
        "SELECT VALUE c.isEven FROM c ORDER BY c.isEven DESC",
      );
      expect(flags).toEqual([...new Array(30).fill(true), ...new Array(30).fill(false)]);
      const stamps = await rowsOf<number>(container, "SELECT VALUE c._ts FROM c ORDER BY c._ts");
      expect(stamps).toEqual([...stamps].sort((left, right) => left - right));
    });

    test("with a filter that one partition alone meets", async () => {
      const rows = await rowsOf(
        container,
        "SELECT VALUE c.id FROM c WHERE c.pk = 'p7' ORDER BY c.rank DESC",
      );
      expect(rows).toEqual(
        idsByRank.filter((id) => id === "item-07" || id === "item-37").reverse(),
      );
    });

    test("with a filter that nothing meets", async () => {
      expect(await rowsOf(container, "SELECT * FROM c WHERE c.rank > 999 ORDER BY c.rank")).toEqual(
        [],
      );
    });

    test("with a projection that leaves the sort value out", async () => {
      const rows = await rowsOf(container, "SELECT TOP 3 c.team FROM c ORDER BY c.rank");
      expect(rows).toEqual(
        sortedBy("rank")
          .slice(0, 3)
          .map(({ team }) => ({ team })),
      );
    });

    test("leaves out rows without a value, and keeps items without the property it sorts by", async () => {
      // all of one type, as the SDK's merge wants it: the rest come first, as undefined
      expect(
        await rowsOf(container, "SELECT VALUE c.n FROM c WHERE IS_NUMBER(c.n) ORDER BY c.n"),
      ).toEqual(numbers);
      expect(await rowsOf(container, "SELECT VALUE c.missing FROM c ORDER BY c.rank")).toEqual([]);
      expect(await rowsOf(container, "SELECT VALUE c.id FROM c ORDER BY c.missing")).toHaveLength(
        60,
      );
    });

    test("of several properties needs the composite index and then merges by all of them", async () => {
      const query = "SELECT VALUE c.id FROM c ORDER BY c.team ASC, c.rank DESC";
      const error = await errorOf(rowsOf(container, query));
      expect(error).toMatchObject({ code: 400 });
      expect(error.message).toContain("does not have a corresponding composite index");
      const indexed = await account.createContainer({
        indexingPolicy: {
          compositeIndexes: [
            [
              { path: "/team", order: "ascending" },
              { path: "/rank", order: "descending" },
            ],
          ],
        },
      });
      await createAll(indexed, items);
      const expected = [...items].sort((left, right) =>
        left.team === right.team
          ? Number(right.rank) - Number(left.rank)
          : String(left.team) < String(right.team)
            ? -1
            : 1,
      );
      expect(await rowsOf(indexed, query, { maxItemCount: 5 })).toEqual(
        expected.map(({ id }) => id),
      );
      expect(
        await rowsOf(indexed, "SELECT VALUE c.id FROM c ORDER BY c.team DESC, c.rank ASC"),
      ).toEqual(expected.map(({ id }) => id).reverse());
    });
  });

  describe("TOP, OFFSET and LIMIT", () => {
    test.each([0, 1, 5, 60, 1000])("TOP %i of an order", async (count) => {
      for (const maxItemCount of [3, 100]) {
        const rows = await rowsOf(
          container,
          `SELECT TOP ${count} VALUE c.id FROM c ORDER BY c.rank`,
          {
            maxItemCount,
          },
        );
        expect(rows).toEqual(idsByRank.slice(0, count));
      }
    });

    test.each([
      [0, 10],
      [5, 10],
      [55, 10],
      [60, 10],
      [7, 0],
      [0, 1000],
    ])("OFFSET %i LIMIT %i of an order", async (offset, limit) => {
      for (const maxItemCount of [4, 100]) {
        const rows = await rowsOf(
          container,
          `SELECT VALUE c.id FROM c ORDER BY c.rank OFFSET ${offset} LIMIT ${limit}`,
          { maxItemCount },
        );
        expect(rows).toEqual(idsByRank.slice(offset, offset + limit));
      }
    });

    test("count without an order, by parameters too", async () => {
      expect(await rowsOf(container, "SELECT TOP 7 * FROM c")).toHaveLength(7);
      const range = await rowsOf(container, {
        query: "SELECT * FROM c OFFSET @from LIMIT @count",
        parameters: [
          { name: "@from", value: 50 },
          { name: "@count", value: 25 },
        ],
      });
      expect(range).toHaveLength(10);
      const top = await rowsOf(container, {
        query: "SELECT TOP @count VALUE c.id FROM c ORDER BY c.rank",
        parameters: [{ name: "@count", value: 2 }],
      });
      expect(top).toEqual(idsByRank.slice(0, 2));
    });
  });

  describe("DISTINCT", () => {
    test("tells each value once, in pages of any size", async () => {
      for (const maxItemCount of [1, 2, 20]) {
        const rows = await rowsOf<string>(container, "SELECT DISTINCT VALUE c.team FROM c", {
          maxItemCount,
        });
        expect(asMultiset(rows)).toEqual(asMultiset(["A", "B", "C", "D"]));
        const pairs = await rowsOf(container, "SELECT DISTINCT c.team, c.isEven FROM c", {
          maxItemCount,
        });
        expect(pairs).toHaveLength(
          new Set(items.map(({ team, isEven }) => `${team}${isEven}`)).size,
        );
      }
    });

    test("keeps an order, where equal values come from several partitions", async () => {
      for (const maxItemCount of [1, 3, 100]) {
        expect(
          await rowsOf(container, "SELECT DISTINCT VALUE c.team FROM c ORDER BY c.team DESC", {
            maxItemCount,
          }),
        ).toEqual(["D", "C", "B", "A"]);
      }
    });

    test("is cut after it is merged", async () => {
      expect(await rowsOf(container, "SELECT DISTINCT TOP 3 VALUE c.team FROM c")).toHaveLength(3);
      expect(
        await rowsOf(
          container,
          "SELECT DISTINCT VALUE c.half FROM c ORDER BY c.half OFFSET 2 LIMIT 3",
        ),
      ).toEqual([3, 4, 5]);
    });

    test("is counted over one partition, and over several refused to an SDK that can't", async () => {
      const query = "SELECT VALUE COUNT(1) FROM (SELECT DISTINCT VALUE c.team FROM c)";
      if (partitions === 1) {
        expect(await rowsOf(container, query)).toEqual([4]);
        return;
      }
      const error = await errorOf(rowsOf(container, query));
      expect(error.code).toBe(400);
      expect(error.message).toContain("DCount");
    });
  });

  describe("aggregates", () => {
    test.each<[string, readonly Row[]]>([
      ["SELECT VALUE COUNT(1) FROM c", [60]],
      ["SELECT VALUE COUNT(c.n) FROM c", [numbers.length]],
      ["SELECT VALUE SUM(c.n) FROM c", [sum]],
      ["SELECT VALUE AVG(c.n) FROM c", [sum / numbers.length]],
      ["SELECT VALUE MIN(c.n) FROM c", [1]],
      ["SELECT VALUE MAX(c.n) FROM c", [59]],
      ["SELECT VALUE MIN(c.name) FROM c", ["name-0"]],
      ["SELECT VALUE MAX(c.name) FROM c", ["name-9"]],
      ["SELECT VALUE COUNT(1) FROM c WHERE c.pk = 'p3'", [2]],
      ["SELECT VALUE AVG(c.rank) FROM c WHERE c.pk = 'p3'", [(17 * 3 + ((17 * 33) % 60)) / 2]],
      ["SELECT VALUE COUNT(1) FROM c WHERE false", [0]],
      ["SELECT COUNT(1) FROM c", [{ $1: 60 }]],
      ["SELECT COUNT(1) AS items, MAX(c.n) AS most FROM c", [{ items: 60, most: 59 }]],
      ["SELECT COUNT(1), MIN(c.name) FROM c", [{ $1: 60, $2: "name-0" }]],
      ["SELECT VALUE COUNT(1) FROM c JOIN x IN (SELECT VALUE [1, 2, 3])", [180]],
    ])("%s", async (query, expected) => {
      for (const maxItemCount of [1, 10, 100]) {
        expect(await rowsOf(container, query, { maxItemCount })).toEqual(expected);
      }
      expect(await rowsOf(container, query, { forceQueryPlan: true })).toEqual(expected);
    });

    test("a partition that is named in the query's text counts for itself", async () => {
      expect(
        await rowsOf(container, "SELECT VALUE COUNT(1) FROM c", { partitionKey: "p3" }),
      ).toEqual([2]);
      expect(
        await rowsOf(container, "SELECT VALUE SUM(c.rank) FROM c", { partitionKey: "nobody" }),
      ).toEqual(await rowsOf(container, "SELECT VALUE SUM(c.rank) FROM c WHERE false"));
    });
  });

  describe("GROUP BY", () => {
    const teams = ["A", "B", "C", "D"];
    const of = (team: string): readonly JSONObject[] => items.filter((item) => item.team === team);
    const numbersOf = (team: string): readonly number[] =>
      of(team).flatMap(({ n }) => (typeof n === "number" ? [n] : []));

    test.each<[string, readonly Row[]]>([
      ["SELECT c.team FROM c GROUP BY c.team", teams.map((team) => ({ team }))],
      ["SELECT VALUE c.team FROM c GROUP BY c.team", teams],
      [
        "SELECT c.team, COUNT(1) AS items, COUNT(c.n) AS numbers FROM c GROUP BY c.team",
        teams.map((team) => ({ team, items: of(team).length, numbers: numbersOf(team).length })),
      ],
      [
        "SELECT c.team, MIN(c.n) AS least, MAX(c.n) AS most, SUM(c.n) AS total FROM c GROUP BY c.team",
        teams.map((team) => ({
          team,
          least: Math.min(...numbersOf(team)),
          most: Math.max(...numbersOf(team)),
          total: numbersOf(team).reduce((left, right) => left + right, 0),
        })),
      ],
      [
        "SELECT VALUE AVG(c.rank) FROM c GROUP BY c.team",
        teams.map(
          (team) => of(team).reduce((left, { rank }) => left + Number(rank), 0) / of(team).length,
        ),
      ],
      [
        "SELECT c.team, c.isEven, COUNT(1) AS n FROM c WHERE c.rank < 30 GROUP BY c.team, c.isEven",
        teams.flatMap((team) =>
          [true, false].flatMap((isEven) => {
            const n = of(team).filter(
              (item) => item.isEven === isEven && Number(item.rank) < 30,
            ).length;
            return n === 0 ? [] : [{ team, isEven, n }];
          }),
        ),
      ],
      ["SELECT c.missing, COUNT(1) AS n FROM c GROUP BY c.missing", [{ n: 60 }]],
      [
        "SELECT UPPER(c.name) AS name FROM c WHERE c.half = 1 GROUP BY UPPER(c.name)",
        [{ name: "NAME-0" }, { name: "NAME-1" }],
      ],
      ["SELECT c.team FROM c WHERE false GROUP BY c.team", []],
    ])("%s", async (query, expected) => {
      for (const maxItemCount of [1, 2, 100]) {
        expect(asMultiset(await rowsOf(container, query, { maxItemCount }))).toEqual(
          asMultiset(expected),
        );
        const pages = await pagesOf(container, query, { maxItemCount });
        expect(asMultiset(pages.flat())).toEqual(asMultiset(expected));
      }
    });
  });

  describe("continuation with the SDK's query control", () => {
    test.each([
      "SELECT VALUE c.id FROM c",
      "SELECT VALUE c.id FROM c WHERE c.rank >= 10",
      "SELECT VALUE c.id FROM c ORDER BY c.rank",
      "SELECT VALUE c.id FROM c ORDER BY c.rank DESC",
      "SELECT VALUE c.id FROM c ORDER BY c.name",
      "SELECT TOP 25 VALUE c.id FROM c ORDER BY c.rank",
      "SELECT VALUE c.id FROM c ORDER BY c.rank OFFSET 5 LIMIT 40",
    ])("%s goes on in a new iterator at each page", async (query) => {
      const expected = await rowsOf(container, query);
      const rows: Row[] = [];
      let continuationToken: string | undefined;
      let requests = 0;
      do {
        const page = await container.items
          .query(query, {
            enableQueryControl: true,
            maxItemCount: 7,
            ...(continuationToken === undefined ? {} : { continuationToken }),
          })
          .fetchNext();
        rows.push(...(page.resources ?? []));
        continuationToken = page.continuationToken;
        requests += 1;
      } while (continuationToken !== undefined && requests < 100);
      expect(query.includes("ORDER BY c.name") ? asMultiset(rows) : rows).toEqual(
        query.includes("ORDER BY c.name") ? asMultiset(expected) : expected,
      );
    });
  });
});
