import {
  ChangeFeedStartFrom,
  type Container,
  type CosmosClient,
  PermissionMode,
  type User,
} from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "../test-account.ts";
import { asMultiset, createAll, rowsOf } from "./run-query.ts";

const keys = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);

describe.each([1, 4])("users and resource tokens on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;
  let user: User;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
    container = await account.createContainer();
    await createAll(
      container,
      keys.flatMap((pk, index) => [
        { id: "1", pk, rank: index },
        { id: "2", pk, rank: 100 + index },
      ]),
    );
    ({ user } = await account.client.database("db").users.create({ id: "reader" }));
  });
  afterAll(() => account.stop());

  /** A client that holds one token and no key: the SDK would take a key first. */
  const clientWithToken = (token: string): CosmosClient =>
    account.createClient({ key: "", tokenProvider: async () => token });

  let permissions = 0;

  /** The container as the holder of one new token sees it. */
  async function containerWithToken(
    permissionMode: PermissionMode,
    resourcePartitionKey?: readonly string[],
  ): Promise<Container> {
    permissions += 1;
    const { user: holder } = await account.client
      .database("db")
      .users.upsert({ id: `holder ${permissions}` });
    const { resource } = await holder.permissions.create({
      id: "p",
      permissionMode,
      resource: container.url,
      ...(resourcePartitionKey === undefined
        ? {}
        : { resourcePartitionKey: [...resourcePartitionKey] }),
    });
    const token = resource?._token ?? "";
    const client = clientWithToken(token);
    return client.database("db").container(container.id);
  }

  test("users and permissions are kept, listed in pages, queried and deleted", async () => {
    for (const [index, pk] of keys.entries()) {
      await user.permissions.create({
        id: `p${index}`,
        permissionMode: PermissionMode.Read,
        resource: container.url,
        resourcePartitionKey: [pk],
      });
    }
    const iterator = user.permissions.readAll({ maxItemCount: 5 });
    const pages: number[] = [];
    while (iterator.hasMoreResults()) {
      pages.push((await iterator.fetchNext()).resources.length);
    }
    expect(pages).toEqual([5, 5, 2]);
    const { resources } = await user.permissions
      .query<{ id: string; _token: string }>({
        query: "SELECT * FROM root r WHERE r.id = @id",
        parameters: [{ name: "@id", value: "p3" }],
      })
      .fetchAll();
    expect(resources).toHaveLength(1);
    const conflict = await errorOf(
      user.permissions.create({
        id: "other",
        permissionMode: PermissionMode.All,
        resource: container.url,
        resourcePartitionKey: ["tenant-3"],
      }),
    );
    expect(conflict.code).toBe(409);
    await user.permission("p3").delete();
    expect((await errorOf(user.permission("p3").read())).code).toBe(404);
  });

  describe("a Read token for the container", () => {
    test.each([
      ["SELECT VALUE COUNT(1) FROM c", [24]],
      ["SELECT TOP 2 VALUE c.rank FROM c ORDER BY c.rank DESC", [111, 110]],
      ["SELECT DISTINCT VALUE c.id FROM c", ["1", "2"]],
      [
        "SELECT c.id, COUNT(1) AS n FROM c GROUP BY c.id",
        [
          { id: "1", n: 12 },
          { id: "2", n: 12 },
        ],
      ],
    ])("runs %s over all partitions", async (query, expected) => {
      const seen = await containerWithToken(PermissionMode.Read);
      expect(asMultiset(await rowsOf(seen, query))).toEqual(asMultiset(expected));
    });

    test("reads by feed range, and writes nothing", async () => {
      const seen = await containerWithToken(PermissionMode.Read);
      let count = 0;
      for (const range of await seen.getFeedRanges()) {
        const iterator = seen.items.getChangeFeedIterator({
          changeFeedStartFrom: ChangeFeedStartFrom.Beginning(range),
        });
        count += (await iterator.readNext()).result.length;
      }
      expect(count).toBe(24);
      expect((await errorOf(seen.items.create({ id: "3", pk: "tenant-0" }))).code).toBe(403);
      expect((await errorOf(seen.items.upsert({ id: "1", pk: "tenant-0" }))).code).toBe(403);
      expect((await errorOf(seen.item("1", "tenant-0").delete())).code).toBe(403);
      const results = await seen.items.executeBulkOperations([
        { operationType: "Delete", id: "1", partitionKey: "tenant-0" },
      ]);
      expect(results[0]?.error?.code).toBe(403);
    });
  });

  describe("a token for one partition", () => {
    const own = { partitionKey: "tenant-5" };

    test.each([
      ["SELECT VALUE COUNT(1) FROM c", [2]],
      ["SELECT VALUE c.rank FROM c ORDER BY c.rank DESC", [105, 5]],
      ["SELECT DISTINCT VALUE c.pk FROM c", ["tenant-5"]],
      ["SELECT c.pk, SUM(c.rank) AS sum FROM c GROUP BY c.pk", [{ pk: "tenant-5", sum: 110 }]],
      ["SELECT VALUE c.id FROM c ORDER BY c.id OFFSET 1 LIMIT 1", ["2"]],
    ])("runs %s there, and nowhere else", async (query, expected) => {
      const seen = await containerWithToken(PermissionMode.Read, ["tenant-5"]);
      expect(await rowsOf(seen, query, own)).toEqual(expected);
      expect((await errorOf(rowsOf(seen, query))).code).toBe(403);
      expect((await errorOf(rowsOf(seen, query, { partitionKey: "tenant-6" }))).code).toBe(403);
      expect((await errorOf(rowsOf(seen, query, { ...own, forceQueryPlan: true }))).code).toBe(403);
    });

    test("writes there alone, if it is for all", async () => {
      const seen = await containerWithToken(PermissionMode.All, ["tenant-5"]);
      await seen.items.create({ id: "3", pk: "tenant-5" });
      await seen.items.upsert({ id: "3", pk: "tenant-5", n: 1 });
      await seen.item("3", "tenant-5").patch([{ op: "incr", path: "/n", value: 1 }]);
      await seen.item("3", "tenant-5").replace({ id: "3", pk: "tenant-5", n: 2 });
      const batch = await seen.items.batch([{ operationType: "Delete", id: "3" }], "tenant-5");
      expect(batch.code).toBe(200);
      expect((await errorOf(seen.items.create({ id: "3", pk: "tenant-6" }))).code).toBe(403);
      expect((await errorOf(seen.item("1", "tenant-6").delete())).code).toBe(403);
      const bulk = await seen.items.executeBulkOperations([
        { operationType: "Read", id: "1", partitionKey: "tenant-5" },
      ]);
      expect(bulk[0]?.error?.code).toBe(403);
      const others = await container.items
        .query("SELECT * FROM c WHERE c.pk != 'tenant-5'")
        .fetchAll();
      expect(others.resources).toHaveLength(22);
    });
  });

  test("a container that is made again is another one to a token by rid, and the same to one by name", async () => {
    const first = await account.createContainer({ id: "again" });
    const { _self: link = "" } = (await first.read()).resource ?? {};
    const tokens: string[] = [];
    for (const resource of [link, first.url]) {
      const { resource: permission } = await user.permissions.create({
        id: `again ${tokens.length}`,
        permissionMode: PermissionMode.Read,
        resource,
      });
      tokens.push(permission?._token ?? "");
    }
    await first.delete();
    const second = await account.createContainer({ id: "again" });
    await second.items.create({ id: "1", pk: "a" });
    const [byRid = "", byName = ""] = tokens;
    const itemWith = (token: string) =>
      clientWithToken(token).database("db").container("again").item("1", "a");
    expect((await itemWith(byName).read()).statusCode).toBe(200);
    expect((await errorOf(itemWith(byRid).read())).code).toBe(403);
  });

  test("a permission may be on what is not there, and its token then finds nothing", async () => {
    const { resource } = await user.permissions.create({
      id: "nothing",
      permissionMode: PermissionMode.Read,
      resource: "dbs/db/colls/nothing",
    });
    const seen = clientWithToken(resource?._token ?? "")
      .database("db")
      .container("nothing");
    expect((await errorOf(rowsOf(seen, "SELECT * FROM c", { partitionKey: "a" }))).code).toBe(404);
  });

  test("a token outlives its permission, its user and the move of its rights, until its time ends", async () => {
    const { user: leaver } = await account.client.database("db").users.create({ id: "leaver" });
    const { resource } = await leaver.permissions.create(
      { id: "p", permissionMode: PermissionMode.Read, resource: container.url },
      { resourceTokenExpirySeconds: 600 },
    );
    const token = resource?._token ?? "";
    const client = clientWithToken(token);
    const seen = client.database("db").container(container.id);
    const read = async (): Promise<number> => (await seen.item("1", "tenant-0").read()).statusCode;
    expect(await read()).toBe(200);
    await leaver.permission("p").delete();
    await leaver.delete();
    expect(await read()).toBe(200);
    await account.advanceClock(600 + 299);
    expect(await read()).toBe(200);
    await account.advanceClock(2);
    const error = await errorOf(read());
    expect(error.code).toBe(403);
    expect(error.message).toContain("not valid at the current time");
  });
});
