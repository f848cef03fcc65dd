import type { Container, JSONObject, SqlQuerySpec } from "@azure/cosmos";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/emulator/json.ts";
import { runQuery } from "../sql/run-query.ts";
import { startTestAccount, type TestAccount } from "../test-account.ts";
import { asMultiset, rowsOf } from "./run-query.ts";

/** Values of a partition key; undefined: no property. */
const keys: readonly (Json | undefined)[] = [
  undefined,
  null,
  true,
  false,
  0,
  1,
  2,
  3,
  "",
  "a",
  "b",
];

const items: readonly JSONObject[] = keys.flatMap((pk, first) =>
  keys.map((user, second) => ({
    id: `${first}-${second}`,
    n: (first * 7 + second * 3) % 20,
    ...(pk === undefined ? {} : { pk }),
    ...(user === undefined ? {} : { of: { user } }),
  })),
) as readonly JSONObject[];

let account: TestAccount;
let flat: Container;
let hierarchical: Container;

beforeAll(async () => {
  account = await startTestAccount({ partitions: 4 });
  flat = await account.createContainer();
  hierarchical = await account.createContainer({
    partitionKey: { paths: ["/pk", "/of/user"], kind: "MultiHash", version: 2 } as never,
  });
  for (const item of items) {
    await flat.items.create(item);
    await hierarchical.items.create(item);
  }
});
afterAll(() => account.stop());

/** How many queries the client sends for this one, plan in hand. */
async function queriesFor(container: Container, query: string | SqlQuerySpec): Promise<number> {
  await account.clearRequests();
  await rowsOf(container, query, { forceQueryPlan: true, maxItemCount: 200 });
  const requests = await account.requests();
  return requests.filter(({ kind }) => kind === "query").length;
}

describe("a client asks the partitions that a plan names", () => {
  test.each([
    ["c.pk = null", 1],
    ["c.pk IN ('a')", 1],
    ["ARRAY_CONTAINS(['b'], c.pk)", 1],
    ["c.pk = 1 AND c.pk = 2", 1],
    ["c.pk = 'a' OR c.pk = 'a'", 1],
    ["c.pk > 1", 4],
  ])("%s: %i of four", async (where, count) => {
    expect(await queriesFor(flat, `SELECT VALUE c.id FROM c WHERE ${where}`)).toBe(count);
  });

  test("the first level of a hierarchical key is enough, and a later one is not", async () => {
    const query = (where: string) => `SELECT VALUE c.id FROM c WHERE ${where}`;
    expect(await queriesFor(hierarchical, query("c.pk = 'a'"))).toBe(1);
    expect(await queriesFor(hierarchical, query("c.pk = 'a' AND c.of.user = 1"))).toBe(1);
    expect(await queriesFor(hierarchical, query("c.of.user = 1"))).toBe(4);
  });

  test("a list in a parameter counts as one in the text", async () => {
    const query = {
      query: "SELECT VALUE c.id FROM c WHERE ARRAY_CONTAINS(@list, c.pk)",
      parameters: [{ name: "@list", value: ["a"] }],
    };
    expect(await queriesFor(flat, query)).toBe(1);
  });
});

describe("a filter over the partition key", () => {
  const value = fc.constantFrom<Json>(...keys.filter((key) => key !== undefined), 9, [], {});
  const path = fc.constantFrom("c.pk", "c.pk", "c.of.user", "c.n");
  const written = (one: Json): string => JSON.stringify(one);

  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc
        .tuple(path, fc.constantFrom("=", "=", "!=", "<"), value)
        .map(([left, operator, right]) => `${left} ${operator} ${written(right)}`),
      fc
        .tuple(path, fc.array(value, { minLength: 1, maxLength: 4 }))
        .map(([left, list]) => `${left} IN (${list.map(written).join()})`),
      fc
        .tuple(path, fc.array(value, { maxLength: 4 }))
        .map(([left, list]) => `ARRAY_CONTAINS(${written(list)}, ${left})`),
      fc
        .tuple(path, fc.constantFrom("IS_NULL", "IS_BOOL", "IS_DEFINED"))
        .map(([left, name]) => `${name}(${left})`),
      fc
        .tuple(tie("condition"), fc.constantFrom("AND", "AND", "OR"), tie("condition"))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      tie("condition").map((one) => `NOT (${one})`),
    ),
  }));

  const form = fc.constantFrom(
    ["SELECT VALUE c.id FROM c", ""],
    ["SELECT VALUE c.n FROM c", " ORDER BY c.n DESC"],
    ["SELECT VALUE COUNT(1) FROM c", ""],
    ["SELECT c.n, COUNT(1) AS k FROM c", " GROUP BY c.n"],
    ["SELECT DISTINCT c.n FROM c", ""],
  );

  test("keeps the same items as a walk over all of them", async () => {
    await fc.assert(
      fc.asyncProperty(condition, form, fc.boolean(), async (where, [select, end], isPlanned) => {
        const query = `${select} WHERE ${where}${end}`;
        const expected = asMultiset(runQuery(query, items as readonly JsonObject[]) as never);
        for (const container of [flat, hierarchical]) {
          const rows = await rowsOf(container, query, { forceQueryPlan: isPlanned });
          expect(asMultiset(rows)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });
});
