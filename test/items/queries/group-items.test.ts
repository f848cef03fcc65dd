import fc from "fast-check";
import { expect, test } from "vitest";
import type { ItemOperations, RowPage } from "../../../src/items/item-operations.ts";
import { groupItems } from "../../../src/items/queries/group-items.ts";
import type { AggregateRow } from "../../../src/items/sql/aggregate-columns.ts";
import { ALWAYS } from "../../../src/items/sql/condition.ts";

/** The value of each item, whose sign is its group. */
const values = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 });

/** What Cosmos DB says about a part of the items of one group. */
function partialRow(part: readonly number[]): AggregateRow {
  const [first = 0] = part;
  return {
    k0: String(Math.sign(first)),
    n: part.length,
    a0: part.reduce((sum, value) => sum + value, 0),
    a1: Math.min(...part),
    a2: Math.max(...part),
  };
}

/**
 * Cosmos DB may answer a group of one partition in parts, a row each, over several pages, some of
 * them without a row. The emulator never does, so its place is taken here.
 */
function answering(pages: readonly (readonly AggregateRow[])[]): ItemOperations {
  return {
    queryPage: async (_container, _query, _key, { continuation = "0" }) => {
      const place = Number(continuation);
      const rows = pages[place] ?? [];
      const page: RowPage<AggregateRow> =
        place + 1 < pages.length ? { rows, continuation: String(place + 1) } : { rows };
      return page;
    },
  } as Pick<ItemOperations, "queryPage"> as ItemOperations; // all that a query in partitions needs
}

test("groups that come in parts, over several pages and partitions, are put together", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(values, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (pages, isInTwoPartitions) => {
        const rows = pages.map((page) =>
          [-1, 0, 1]
            .map((sign) => page.filter((value) => Math.sign(value) === sign))
            .filter((part) => part.length > 0)
            .map(partialRow),
        );
        const groups = await groupItems(answering(rows), {
          container: "c",
          partitions: isInTwoPartitions
            ? { kind: "several", partitionKeys: [["a"], ["b"]] }
            : { kind: "one", partitionKey: ["a"] },
          condition: ALWAYS,
          by: [{ path: ["sign"], type: "string" }],
          aggregates: (["SUM", "MIN", "MAX"] as const).map((operator) => ({
            operator,
            path: ["value"],
            type: "IS_NUMBER",
          })),
          maxGroups: 3,
        });

        const times = isInTwoPartitions ? 2 : 1;
        const all = pages.flat();
        const expected = [-1, 0, 1].flatMap((sign) => {
          const own = all.filter((value) => Math.sign(value) === sign);
          const sum = own.reduce((total, value) => total + value, 0);
          const count = own.length * times;
          const extremes = [Math.min(...own), Math.max(...own)];
          return own.length === 0
            ? []
            : [{ key: [String(sign)], count, values: [sum * times, ...extremes] }];
        });
        expect(groups.toSorted((a, b) => Number(a.key[0]) - Number(b.key[0]))).toEqual(expected);
      },
    ),
  );
});
