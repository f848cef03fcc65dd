import { TriggerOperation, TriggerType } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

let account: TestAccount;

beforeAll(async () => {
  account = await startTestAccount();
  await account.client.databases.create({ id: "db" });
});
afterAll(() => account.stop());

describe("containers", () => {
  test("a new container carries the full default definition", async () => {
    const container = await account.createContainer();
    const { resource, headers } = await container.read();
    expect(resource).toMatchObject({
      partitionKey: { paths: ["/pk"], kind: "Hash", version: expect.any(Number) },
      indexingPolicy: {
        indexingMode: "consistent",
        automatic: true,
        includedPaths: [{ path: "/*" }],
        excludedPaths: [{ path: '/"_etag"/?' }],
      },
      uniqueKeyPolicy: { uniqueKeys: [] },
      conflictResolutionPolicy: { mode: "LastWriterWins", conflictResolutionPath: "/_ts" },
      geospatialConfig: { type: "Geography" },
      _docs: "docs/",
      _sprocs: "sprocs/",
      _triggers: "triggers/",
      _udfs: "udfs/",
      _conflicts: "conflicts/",
    });
    expect(Buffer.from(resource?._rid ?? "", "base64")).toHaveLength(8);
    expect(headers["x-ms-alt-content-path"]).toBe("dbs/db");
  });

  test("a hierarchical key has up to three paths", async () => {
    const container = await account.createContainer({
      partitionKey: { paths: ["/a", "/b/c", "/d"], kind: "MultiHash" as never, version: 2 },
    });
    expect((await container.read()).resource?.partitionKey).toEqual({
      paths: ["/a", "/b/c", "/d"],
      kind: "MultiHash",
      version: 2,
    });
  });

  test.each([
    [{ paths: ["/a", "/b"], kind: "Hash" }, "two paths of kind Hash"],
    [{ paths: ["/a", "/b", "/c", "/d"], kind: "MultiHash" }, "four paths"],
    [{ paths: ["a"] }, "a path without a slash"],
    [{ paths: [] }, "no path"],
    [{ paths: ["/a"], kind: "Range" }, "an old kind"],
    [{ paths: ["/a"], version: 3 }, "an unknown version"],
    ["/a", "a text"],
    [undefined, "nothing"],
  ] as [unknown, string][])("the partition key %j is refused: %s", async (partitionKey) => {
    const body = { id: "refused", partitionKey };
    expect((await account.send("POST", "/dbs/db/colls", { body })).status).toBe(400);
  });

  test.each([
    ["/id ds", 4],
    ["/a/", 3],
    ["/a/*", 4],
    ["/asdwqr31 @#$#$WRadf", 10],
    ["a", 0],
    ["/", 1],
    ["//a", 2],
    ["/a/?", 4],
    ["/a/[]", 4],
    ['/"a', 2],
    ["/a\tb", 3],
  ])("the partition key path %j is refused in the service's words", async (path, position) => {
    const message = `The partition key component definition path '${path}' could not be accepted, failed near position '${position}'. Partition key paths must contain only valid characters and not contain a trailing slash or wildcard character.`;
    for (const paths of [[path], ["/fine", path]]) {
      const body = { id: "refused", partitionKey: { paths } };
      const answer = await account.send("POST", "/dbs/db/colls", { body });
      expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
      expect(answer.body.message).toContain(message);
    }
  });

  test.each([
    ["/tenant-id", { "tenant-id": "x" }],
    ["/_a/$b", { _a: { $b: "x" } }],
    ["/größe", { größe: "x" }],
    ['/address/"the country/*"', { address: { "the country/*": "x" } }],
    ["/'a b'/c", { "a b": { c: "x" } }],
  ])("the partition key path %j is taken", async (path, item) => {
    const container = await account.createContainer({ partitionKey: { paths: [path] } });
    const { status } = await account.send("POST", `/dbs/db/colls/${container.id}/docs`, {
      headers: { "x-ms-documentdb-partitionkey": '["x"]' },
      body: { id: "1", ...item },
    });
    expect(status).toBe(201);
  });

  test("replacing the definition keeps the items and changes the etag", async () => {
    const container = await account.createContainer();
    await container.items.create({ id: "1", pk: "a" });
    const { resource: before } = await container.read();
    const { resource: after } = await container.replace({
      id: container.id,
      partitionKey: { paths: ["/pk"] },
      indexingPolicy: { indexingMode: "consistent", excludedPaths: [{ path: "/secret/*" }] },
      defaultTtl: 60,
    });
    expect(after?._etag).not.toBe(before?._etag);
    expect(after?._rid).toBe(before?._rid);
    expect(after?.defaultTtl).toBe(60);
    expect((await container.item("1", "a").read()).resource).toMatchObject({ id: "1" });
  });

  test.each([
    ["partitionKey", { partitionKey: { paths: ["/other"] } }],
    ["id", { id: "other" }],
    ["uniqueKeyPolicy", { uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/x"] }] } }],
  ])("a replace can't change the %s", async (_name, change) => {
    const container = await account.createContainer();
    const { resource } = await container.read();
    const body: unknown = { ...resource, ...change };
    const { status } = await account.send("PUT", `/dbs/db/colls/${container.id}`, { body });
    expect(status).toBe(400);
  });

  test("a deleted container is gone with its items, and its successor is empty", async () => {
    const container = await account.createContainer({ id: "phoenix" });
    await container.items.create({ id: "1", pk: "a" });
    expect((await container.delete()).statusCode).toBe(204);
    expect((await errorOf(container.read())).code).toBe(404);
    expect((await errorOf(container.items.create({ id: "1", pk: "a" }))).code).toBe(404);
    await account.createContainer({ id: "phoenix" });
    expect((await container.item("1", "a").read()).statusCode).toBe(404);
  });

  test("containers are listed and queried", async () => {
    await account.client.databases.create({ id: "listed" });
    const { containers } = account.client.database("listed");
    for (const id of ["one", "two", "three"]) {
      await containers.create({ id, partitionKey: "/pk" });
    }
    const listed = await containers.readAll({ maxItemCount: 2 }).fetchAll();
    expect(listed.resources.map(({ id }) => id)).toEqual(["one", "two", "three"]);
    const found = await containers
      .query({ query: "SELECT * FROM c WHERE c.id = 'two'" })
      .fetchAll();
    expect(found.resources.map(({ id }) => id)).toEqual(["two"]);
  });

  test("a container in a database that is not there is 404", async () => {
    const create = account.client
      .database("nowhere")
      .containers.create({ id: "c", partitionKey: "/pk" });
    expect((await errorOf(create)).code).toBe(404);
  });

  test.each([
    ["a missing container itself", "GET", "/dbs/db/colls/none", "0"],
    ["a missing database itself", "GET", "/dbs/none", "0"],
    ["an item of a missing container", "GET", "/dbs/db/colls/none/docs/1", "1003"],
    ["a create in a missing container", "POST", "/dbs/db/colls/none/docs", "1003"],
    ["a missing container's ranges", "GET", "/dbs/db/colls/none/pkranges", "1003"],
    ["a container of a missing database", "GET", "/dbs/none/colls/any", "1003"],
    ["an item of a missing database", "GET", "/dbs/none/colls/any/docs/1", "1003"],
    ["the users of a missing database", "GET", "/dbs/none/users", "1003"],
  ])("%s is 404, with the owner's substatus where that is what is missing", async (...args) => {
    const [_what, method, path, substatus] = args;
    const answer = await account.send(method, path, {
      headers: { "x-ms-documentdb-partitionkey": '["a"]' },
      ...(method === "POST" ? { body: { id: "1", pk: "a" } } : {}),
    });
    expect(answer.status).toBe(404);
    expect(answer.headers["x-ms-substatus"]).toBe(substatus);
    const message = substatus === "0" ? "Resource Not Found" : "Owner resource does not exist";
    expect(answer.body.message).toContain(message);
  });

  test("the ranges of one physical partition cover the ring", async () => {
    const container = await account.createContainer();
    const { body } = await account.send("GET", `/dbs/db/colls/${container.id}/pkranges`);
    expect(body.PartitionKeyRanges).toMatchObject([
      { id: "0", minInclusive: "", maxExclusive: "FF" },
    ]);
  });

  test("throughput shows as an offer that can be read and not replaced", async () => {
    const container = await account.createContainer({ throughput: 1200 });
    const { resource: offer } = await container.readOffer();
    expect(offer?.content?.offerThroughput).toBe(1200);
    const all = await account.client.offers.readAll().fetchAll();
    expect(all.resources.map(({ offerResourceId }) => offerResourceId)).toContain(
      (await container.read()).resource?._rid,
    );
    const replace = account.client
      .offer(offer?.id ?? "")
      .replace({ ...offer, id: offer?.id ?? "" } as never);
    expect((await errorOf(replace)).code).toBe(501);
  });

  test("autoscale is remembered, and shows in the offer", async () => {
    const container = await account.createContainer({ maxThroughput: 4000 });
    const { resource: offer } = await container.readOffer();
    expect(offer?.content).toMatchObject({
      offerThroughput: 400,
      offerAutopilotSettings: { maxThroughput: 4000 },
    });
    await container.replace({ id: container.id, partitionKey: { paths: ["/pk"] }, defaultTtl: 9 });
    expect((await container.readOffer()).resource?.content).toEqual(offer?.content);
  });

  test("the upgrade policy of autoscale is kept as it was sent", async () => {
    const autoUpgradePolicy = { throughputPolicy: { incrementPercent: 10 } };
    const container = await account.createContainer({
      maxThroughput: 50_000,
      autoUpgradePolicy,
    } as never);
    const { resource: offer } = await container.readOffer();
    expect(offer?.content?.offerAutopilotSettings).toEqual({
      maxThroughput: 50_000,
      autoUpgradePolicy,
    });
    expect(await container.getFeedRanges()).toHaveLength(5);
  });

  test("a fixed throughput has no autoscale settings", async () => {
    const container = await account.createContainer({ throughput: 500 });
    const { resource: offer } = await container.readOffer();
    expect(offer?.content).not.toHaveProperty("offerAutopilotSettings");
  });

  test.each(['{"maxThroughput":900}', '{"maxThroughput":1500}', "{}", "4000", "x"])(
    "autoscale of %s is refused",
    async (settings) => {
      const { status } = await account.send("POST", "/dbs/db/colls", {
        headers: { "x-ms-cosmos-offer-autopilot-settings": settings },
        body: { id: "refused", partitionKey: { paths: ["/pk"] } },
      });
      expect(status).toBe(400);
    },
  );

  test("a fixed throughput beside autoscale is refused", async () => {
    const { status } = await account.send("POST", "/dbs/db/colls", {
      headers: {
        "x-ms-cosmos-offer-autopilot-settings": '{"maxThroughput":1000}',
        "x-ms-offer-throughput": "400",
      },
      body: { id: "refused", partitionKey: { paths: ["/pk"] } },
    });
    expect(status).toBe(400);
  });

  test("properties that queries would have to honour and don't are refused by name", async () => {
    const body = {
      id: "computed",
      partitionKey: { paths: ["/pk"] },
      computedProperties: [{ name: "lower", query: "SELECT VALUE LOWER(c.name) FROM c" }],
    };
    const { status, body: answer } = await account.send("POST", "/dbs/db/colls", { body });
    expect(status).toBe(501);
    expect(answer.message).toContain("computedProperties");
  });

  test("a container of more than 10,000 request units a second has more physical partitions", async () => {
    const container = await account.createContainer({ throughput: 25_100 });
    expect(await container.getFeedRanges()).toHaveLength(3);
  });

  test("the etag is added to what is left out of the index", async () => {
    const container = await account.createContainer({
      indexingPolicy: { excludedPaths: [{ path: "/secret/*" }] },
    });
    expect((await container.read()).resource?.indexingPolicy?.excludedPaths).toEqual([
      { path: "/secret/*" },
      { path: '/"_etag"/?' },
    ]);
  });

  test("there are no conflicts", async () => {
    const { conflicts } = await account.createContainer();
    expect((await conflicts.readAll().fetchAll()).resources).toEqual([]);
    expect((await conflicts.query("SELECT * FROM c").fetchAll()).resources).toEqual([]);
  });

  test("a throughput below the least is refused", async () => {
    expect((await errorOf(account.createContainer({ throughput: 100 }))).code).toBe(400);
  });
});

describe("scripts", () => {
  test.each([
    [TriggerType.Pre, TriggerOperation.All],
    [TriggerType.Post, TriggerOperation.Update],
    ["Pre", "Create"],
    ["POST", "dElEtE"],
  ])("a trigger of type %s on %s is taken in any case and echoed as written", async (type, on) => {
    const container = await account.createContainer();
    // the SDK's enums are in lower case; its types know no other
    const body = { triggerType: type as TriggerType, triggerOperation: on as TriggerOperation };
    const created = await container.scripts.triggers.create({ id: "t", body: "x", ...body });
    expect(created.resource).toMatchObject(body);
    expect((await container.scripts.trigger("t").read()).resource).toMatchObject(body);
  });

  test.each([
    { triggerType: "before", triggerOperation: "all" },
    { triggerType: "pre", triggerOperation: "read" },
    { triggerType: 1, triggerOperation: "all" },
    { triggerType: "pre" },
  ])("the trigger %j is refused", async (kind) => {
    const container = await account.createContainer();
    const { status } = await account.send("POST", `/dbs/db/colls/${container.id}/triggers`, {
      body: { id: "t", body: "x", ...kind },
    });
    expect(status).toBe(400);
  });

  test.each(["sprocs", "udfs", "triggers"])("definitions of %s are kept", async (feed) => {
    const container = await account.createContainer();
    const path = `/dbs/db/colls/${container.id}/${feed}`;
    const kind = feed === "triggers" ? { triggerType: "Pre", triggerOperation: "All" } : {};
    const created = await account.send("POST", path, {
      body: { id: "f", body: "function () {}", ...kind },
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ id: "f", body: "function () {}", ...kind });
    expect(created.body._self).toContain(`/${feed}/`);
    expect(
      (await account.send("POST", path, { body: { id: "f", body: "x", ...kind } })).status,
    ).toBe(409);
    const replaced = await account.send("PUT", `${path}/f`, {
      body: { id: "f", body: "function g() {}", ...kind },
    });
    expect(replaced.body).toMatchObject({ body: "function g() {}", _rid: created.body._rid });
    expect((await account.send("GET", `${path}/f`)).body.body).toBe("function g() {}");
    expect((await account.send("GET", path)).body._count).toBe(1);
    expect((await account.send("GET", `/${created.body._self}`)).body.id).toBe("f");
    expect((await account.send("DELETE", `${path}/f`)).status).toBe(204);
    expect((await account.send("GET", `${path}/f`)).status).toBe(404);
  });

  test("the SDK's scripts work, and executing one is refused by name", async () => {
    const { scripts } = await account.createContainer();
    await scripts.storedProcedures.create({ id: "settle", body: "function () {}" });
    await scripts.userDefinedFunctions.create({ id: "tax", body: "function (x) {}" });
    const listed = await scripts.storedProcedures.readAll().fetchAll();
    expect(listed.resources.map(({ id }) => id)).toEqual(["settle"]);
    const error = await errorOf(scripts.storedProcedure("settle").execute("a", []));
    expect(error.code).toBe(501);
    expect(error.message).toContain("settle");
    expect((await errorOf(scripts.storedProcedure("other").execute("a", []))).code).toBe(404);
  });
});
