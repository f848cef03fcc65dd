import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

let account: TestAccount;

beforeAll(async () => {
  account = await startTestAccount();
});
afterAll(() => account.stop());

describe("databases", () => {
  test("a database is created, read, listed, queried and deleted", async () => {
    const { databases } = account.client;
    const created = await databases.create({ id: "shop" });
    expect(created.statusCode).toBe(201);
    expect(created.resource).toMatchObject({
      id: "shop",
      _self: `dbs/${created.resource?._rid}/`,
      _etag: expect.stringMatching(/^".+"$/),
      _ts: expect.any(Number),
    });
    expect((await account.client.database("shop").read()).resource?.id).toBe("shop");
    expect((await databases.readAll().fetchAll()).resources.map(({ id }) => id)).toContain("shop");
    const query = {
      query: "SELECT * FROM r WHERE r.id = @id",
      parameters: [{ name: "@id", value: "shop" }],
    };
    expect((await databases.query(query).fetchAll()).resources).toHaveLength(1);
    expect((await account.client.database("shop").delete()).statusCode).toBe(204);
    expect((await errorOf(account.client.database("shop").read())).code).toBe(404);
  });

  test("an id that is taken is a conflict, and createIfNotExists takes what is there", async () => {
    const first = await account.client.databases.create({ id: "twice" });
    expect((await errorOf(account.client.databases.create({ id: "twice" }))).code).toBe(409);
    const again = await account.client.databases.createIfNotExists({ id: "twice" });
    expect(again.resource?._rid).toBe(first.resource?._rid);
  });

  test("a database that is created again under its name is another one", async () => {
    const first = await account.client.databases.create({ id: "reborn" });
    await account.client.database("reborn").containers.create({ id: "c", partitionKey: "/pk" });
    await account.client.database("reborn").delete();
    const second = await account.client.databases.create({ id: "reborn" });
    expect(second.resource?._rid).not.toBe(first.resource?._rid);
    const { resources } = await account.client.database("reborn").containers.readAll().fetchAll();
    expect(resources).toEqual([]);
  });

  test.each(["a/b", "a\\b", "a#b", "a?b", "a ", "", "x".repeat(256), 5, null])(
    "the id %j is refused",
    async (id) => {
      expect((await account.send("POST", "/dbs", { body: { id } })).status).toBe(400);
    },
  );

  test("a body without an id is refused, naming it", async () => {
    const { status, body } = await account.send("POST", "/dbs", { body: {} });
    expect(status).toBe(400);
    expect(body).toEqual({ code: "BadRequest", message: expect.stringContaining("'id; '") });
  });

  test("a list is paged", async () => {
    for (let index = 0; index < 5; index++) {
      await account.client.databases.create({ id: `paged-${index}` });
    }
    const all = await account.client.databases.readAll().fetchAll();
    const paged = await account.client.databases.readAll({ maxItemCount: 2 }).fetchAll();
    expect(paged.resources).toEqual(all.resources);
    const first = await account.send("GET", "/dbs", { headers: { "x-ms-max-item-count": "2" } });
    expect(first.body).toMatchObject({ _rid: "", _count: 2 });
    expect(first.headers["x-ms-continuation"]).toBeDefined();
  });

  test("a database and its containers are reached by their links of rids", async () => {
    const { resource } = await account.client.databases.create({ id: "by rid" });
    const { resource: container } = await account.client
      .database("by rid")
      .containers.create({ id: "c", partitionKey: "/pk" });
    const read = await account.send("GET", `/dbs/${resource?._rid}`, {
      headers: { "x-ms-date": new Date().toUTCString() },
    });
    expect(read.body).toMatchObject({ id: "by rid" });
    expect((await account.send("GET", `/${container?._self}`)).body).toMatchObject({ id: "c" });
  });

  test("autoscale of a database is remembered and shared by its containers", async () => {
    const { database } = await account.client.databases.create({
      id: "scales",
      maxThroughput: 2000,
    });
    const { resource: offer } = await database.readOffer();
    expect(offer?.content?.offerAutopilotSettings).toEqual({ maxThroughput: 2000 });
    const { container: sharing } = await database.containers.create({ id: "sharing" });
    expect((await sharing.readOffer()).resource).toBeUndefined();
    const { container: own } = await database.containers.create({ id: "own", maxThroughput: 1000 });
    const { resource: ownOffer } = await own.readOffer();
    expect(ownOffer?.content?.offerAutopilotSettings).toEqual({ maxThroughput: 1000 });
  });
});
