import type { Container, JSONObject } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "../test-account.ts";
import { asMultiset, pagesOf, rowsOf } from "./run-query.ts";

const tenants = ["contoso", "fabrikam", "大阪"];
const items: readonly JSONObject[] = tenants.flatMap((tenant, tenantIndex) =>
  Array.from({ length: 12 }, (_, index) => ({
    id: `${tenantIndex}-${index}`,
    tenant,
    user: `user-${index % 4}`,
    session: index % 3,
    rank: tenantIndex * 12 + index,
  })),
);

describe.each([1, 4])("hierarchical partition keys on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
    container = await account.createContainer({
      partitionKey: {
        paths: ["/tenant", "/user", "/session"],
        kind: "MultiHash",
        version: 2,
      } as never,
    });
    for (const item of items) {
      await container.items.create(item);
    }
  });
  afterAll(() => account.stop());

  const idsOf = (keep: (item: JSONObject) => boolean): readonly string[] =>
    asMultiset(items.filter(keep).map(({ id }) => id as string));

  test("an item is reached by its whole key alone", async () => {
    const item = (key: readonly (string | number)[]) => container.item("0-0", [...key]);
    expect((await item(["contoso", "user-0", 0]).read()).statusCode).toBe(200);
    expect((await item(["contoso", "user-0", 1]).read()).statusCode).toBe(404);
    expect((await item(["fabrikam", "user-0", 0]).read()).statusCode).toBe(404);
    expect((await errorOf(item(["contoso", "user-0"]).read())).code).toBe(400);
    expect((await errorOf(item(["contoso", "user-0", 0, 1]).read())).code).toBe(400);
  });

  test.each([
    [["contoso"], (item: JSONObject) => item.tenant === "contoso"],
    [["大阪"], (item: JSONObject) => item.tenant === "大阪"],
    [
      ["contoso", "user-1"],
      (item: JSONObject) => item.tenant === "contoso" && item.user === "user-1",
    ],
    [
      ["contoso", "user-1", 2],
      (item: JSONObject) =>
        item.tenant === "contoso" && item.user === "user-1" && item.session === 2,
    ],
    [["contoso", "nobody"], () => false],
  ])("a query under %j sees that and nothing else", async (partitionKey, keep) => {
    for (const maxItemCount of [2, 100]) {
      const pages = await pagesOf<string>(
        container,
        "SELECT VALUE c.id FROM c WHERE true OR c.tenant = 'fabrikam'",
        {
          partitionKey,
          maxItemCount,
        },
      );
      expect(asMultiset(pages.flat())).toEqual(idsOf(keep));
      const ordered = await rowsOf<number>(
        container,
        "SELECT VALUE c.rank FROM c ORDER BY c.rank DESC",
        {
          partitionKey,
          maxItemCount,
        },
      );
      expect(ordered).toEqual(
        items
          .filter(keep)
          .map(({ rank }) => Number(rank))
          .reverse(),
      );
    }
    expect(await rowsOf(container, "SELECT VALUE COUNT(1) FROM c", { partitionKey })).toEqual([
      idsOf(keep).length,
    ]);
  });

  test("a query without a key sees all, also where its text names a prefix or the whole key", async () => {
    expect(await rowsOf(container, "SELECT VALUE COUNT(1) FROM c")).toEqual([36]);
    expect(
      await rowsOf(container, "SELECT VALUE COUNT(1) FROM c WHERE c.tenant = 'contoso'"),
    ).toEqual([12]);
    expect(
      asMultiset(
        await rowsOf<string>(
          container,
          "SELECT VALUE c.id FROM c WHERE c.tenant = 'contoso' AND c.user = 'user-1' AND c.session = 2",
        ),
      ),
    ).toEqual(
      idsOf(
        ({ tenant, user, session }) => tenant === "contoso" && user === "user-1" && session === 2,
      ),
    );
    const groups = await rowsOf<JSONObject>(
      container,
      "SELECT c.tenant, c.session, COUNT(1) AS n FROM c GROUP BY c.tenant, c.session",
    );
    expect(groups).toHaveLength(9);
    expect(groups.every(({ n }) => n === 4)).toBe(true);
  });

  test("missing levels are a key of their own", async () => {
    await container.items.create({ id: "partial", tenant: "only" });
    expect(await rowsOf(container, "SELECT VALUE c.id FROM c", { partitionKey: ["only"] })).toEqual(
      ["partial"],
    );
    expect(await rowsOf(container, "SELECT VALUE c.id FROM c WHERE c.tenant = 'only'")).toEqual([
      "partial",
    ]);
    const { resources } = await container.items
      .query<string>("SELECT VALUE c.id FROM c WHERE NOT IS_DEFINED(c.user)")
      .fetchAll();
    expect(resources).toEqual(["partial"]);
    await container.items.batch([{ operationType: "Read", id: "0-0" }], ["contoso", "user-0", 0]);
  });
});
