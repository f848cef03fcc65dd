import type { Container } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestAccount, type TestAccount } from "../test-account.ts";
import { runQuery } from "./run-query.ts";

const items = Array.from({ length: 60 }, (_, index) => ({
  id: String(index),
  pk: `p${index % 13}`,
  n: index % 7,
  s: `x${index % 5}`,
  tags: [`a${index % 2}`, `b${index % 3}`],
  ...(index % 4 === 0 ? {} : { m: index }),
}));

let account: TestAccount;
let container: Container;

beforeAll(async () => {
  account = await startTestAccount({ partitions: 4 });
  container = await account.createContainer();
  await Promise.all(items.map((item) => container.items.create(item)));
});

afterAll(() => account.stop());

/** The rows without system properties; as texts in order where the query gives none. */
function comparable(rows: readonly unknown[], isOrdered: boolean): readonly string[] {
  const texts = rows.map((row) =>
    JSON.stringify(row, (name, value) => (name.startsWith("_") ? undefined : value)),
  );
  return isOrdered ? texts : texts.sort();
}

/** The SDK's own pipelines over four physical partitions, on the rewritten queries of the plan. */
describe("through the JavaScript SDK, four partitions answer as one", () => {
  test.each([
    "SELECT VALUE c.n FROM c ORDER BY c.n",
    "SELECT VALUE c.n FROM c WHERE c.m > 30 ORDER BY c.n DESC",
    "SELECT VALUE c.n FROM c ORDER BY c.n DESC OFFSET 5 LIMIT 10",
    "SELECT TOP 5 VALUE c.m FROM c WHERE IS_DEFINED(c.m) ORDER BY c.m DESC",
    "SELECT DISTINCT VALUE c.s FROM c ORDER BY c.s",
    "SELECT c.n, c.s FROM c WHERE STARTSWITH(c.s, 'x') ORDER BY c.s",
    "SELECT c.id FROM c",
    "SELECT * FROM c WHERE c.pk = 'p3'",
    "SELECT c.id, t FROM c JOIN t IN c.tags WHERE t = 'a1'",
    "SELECT VALUE COUNT(1) FROM c",
    "SELECT VALUE SUM(c.n) FROM c",
    "SELECT VALUE AVG(c.n) FROM c",
    "SELECT VALUE MIN(c.s) FROM c",
    "SELECT VALUE MAX(c.m) FROM c",
    "SELECT VALUE MAX(c.none) FROM c",
    "SELECT VALUE SUM(c.s) FROM c",
    "SELECT VALUE COUNTIF(c.n > 3) FROM c",
    "SELECT COUNT(1) AS n, MAX(c.m) AS m, AVG(c.n) FROM c",
    "SELECT c.s, COUNT(1) AS n, AVG(c.n) AS a, MIN(c.m) AS low FROM c GROUP BY c.s",
    "SELECT c.s, c.n FROM c GROUP BY c.s, c.n",
    "SELECT VALUE COUNT(1) FROM c GROUP BY c.s",
    "SELECT VALUE c.s FROM c GROUP BY c.s",
    "SELECT DISTINCT c.s, c.n FROM c",
    "SELECT DISTINCT TOP 3 VALUE c.s FROM c ORDER BY c.s",
    "SELECT 1",
  ])("%s", async (text) => {
    const isOrdered = text.includes("ORDER BY") && !text.includes("c.n, c.s");
    const options = { maxItemCount: 7, forceQueryPlan: true };
    const { resources } = await container.items.query(text, options).fetchAll();
    expect(comparable(resources, isOrdered)).toEqual(comparable(runQuery(text, items), isOrdered));
  });
});
