import type { Container } from "@azure/cosmos";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

describe.each([1, 4])("items on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
  });
  beforeEach(async () => {
    container = await account.createContainer();
  });
  afterAll(() => account.stop());

  const docs = (): string => `/dbs/db/colls/${container.id}/docs`;

  test("an item is created, read, replaced, upserted and deleted", async () => {
    const created = await container.items.create({ id: "1", pk: "a", n: 1 });
    expect(created.statusCode).toBe(201);
    expect(created.resource).toMatchObject({
      id: "1",
      n: 1,
      _self: expect.stringMatching(/^dbs\/.+\/colls\/.+\/docs\/.+\/$/),
      _attachments: "attachments/",
    });
    const read = await container.item("1", "a").read();
    expect(read.resource).toEqual(created.resource);
    const replaced = await container.item("1", "a").replace({ id: "1", pk: "a", n: 2 });
    expect(replaced.statusCode).toBe(200);
    expect(replaced.resource?._rid).toBe(created.resource?._rid);
    expect(replaced.resource?._etag).not.toBe(created.resource?._etag);
    const upserted = await container.items.upsert({ id: "1", pk: "a", n: 3 });
    expect([upserted.statusCode, upserted.resource?._rid]).toEqual([200, created.resource?._rid]);
    expect((await container.items.upsert({ id: "2", pk: "a" })).statusCode).toBe(201);
    expect((await container.item("1", "a").delete()).statusCode).toBe(204);
    expect((await container.item("1", "a").read()).statusCode).toBe(404);
    expect((await errorOf(container.item("1", "a").delete())).code).toBe(404);
  });

  test("ids are unique within a partition key only", async () => {
    await container.items.create({ id: "1", pk: "a" });
    await container.items.create({ id: "1", pk: "b" });
    expect((await errorOf(container.items.create({ id: "1", pk: "a" }))).code).toBe(409);
    await container.item("1", "a").delete();
    expect((await container.item("1", "b").read()).statusCode).toBe(200);
  });

  describe("a partition key", () => {
    const longest = "ü".repeat(1024);
    const tooLong = `${longest}.`;
    const keyOf = (pk: string) => ({
      "x-ms-documentdb-partitionkey": `["${pk.replaceAll("ü", "\\u00fc")}"]`,
    });

    test("of 2048 bytes is the longest", async () => {
      const headers = keyOf(longest);
      const body = { id: "1", pk: longest };
      expect((await account.send("POST", docs(), { headers, body })).status).toBe(201);
      const { body: read } = await account.send("GET", `${docs()}/1`, { headers });
      expect(read.pk).toBe(longest);
    });

    test("that is longer is refused at every operation, whoever names it", async () => {
      const headers = keyOf(tooLong);
      const body = { id: "1", pk: tooLong };
      const patch = { operations: [{ op: "set", path: "/pk", value: tooLong }] };
      const upsert = { "x-ms-documentdb-is-upsert": "true" };
      const batch = { "x-ms-cosmos-is-batch-request": "true", "x-ms-cosmos-batch-atomic": "true" };
      const query = {
        "x-ms-documentdb-isquery": "true",
        "content-type": "application/query+json",
      };
      const create = { operationType: "Create", resourceBody: body };
      await container.items.create({ id: "1", pk: "a" });
      const requests = [
        ["POST", docs(), { headers, body }],
        ["POST", docs(), { headers: { ...headers, ...upsert }, body }],
        ["POST", docs(), { headers: keyOf("a"), body }],
        ["PUT", `${docs()}/1`, { headers: keyOf("a"), body }],
        ["PATCH", `${docs()}/1`, { headers: keyOf("a"), body: patch }],
        ["POST", docs(), { headers: { ...headers, ...batch }, body: [create] }],
        ["POST", docs(), { headers: { ...headers, ...query }, body: { query: "SELECT * FROM c" } }],
        ["GET", docs(), { headers }],
        ["GET", `${docs()}/1`, { headers }],
        ["DELETE", `${docs()}/1`, { headers }],
      ] as const;
      for (const [method, path, options] of requests) {
        const answer = await account.send(method, path, options);
        expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
        expect(answer.body.message).toContain("The partition key is 2049 bytes long");
      }
      const inBatch = await container.items.batch([create as never], "a");
      expect(inBatch.result).toMatchObject([{ statusCode: 400 }]);
      const inBulk = await container.items.bulk([
        { ...create, partitionKey: tooLong } as never,
        { operationType: "Create", partitionKey: "a", resourceBody: { id: "2", pk: "a" } },
      ]);
      expect(inBulk.map(({ statusCode }) => statusCode)).toEqual([400, 201]);
      const { resources } = await container.items.readAll().fetchAll();
      expect(resources.map(({ pk }) => pk)).toEqual(["a", "a"]);
    });

    test("of several levels is measured as a whole", async () => {
      const levels = await account.createContainer({
        partitionKey: { paths: ["/a", "/b"], kind: "MultiHash" as never, version: 2 },
      });
      const half = "x".repeat(1024);
      await levels.items.create({ id: "1", a: half, b: half });
      const refused = await errorOf(levels.items.create({ id: "2", a: half, b: `${half}x` }));
      expect(refused.code).toBe(400);
    });
  });

  test("missing, null, empty, 0, false, 1 and '1' are seven partition keys", async () => {
    const keys = [undefined, null, "", 0, false, 1, "1"];
    for (const [index, pk] of keys.entries()) {
      await container.items.create({ id: "x", index, ...(pk === undefined ? {} : { pk }) });
    }
    for (const [index, pk] of keys.entries()) {
      const header = JSON.stringify([pk === undefined ? {} : pk]);
      const { body } = await account.send("GET", `${docs()}/x`, {
        headers: { "x-ms-documentdb-partitionkey": header },
      });
      expect(body.index).toBe(index);
    }
  });

  test("a bare value is a partition key too, as older clients send it", async () => {
    await container.items.create({ id: "1", pk: "A" });
    const headers = { "x-ms-documentdb-partitionkey": '"A"' };
    expect((await account.send("GET", `${docs()}/1`, { headers })).status).toBe(200);
  });

  test("a body whose partition key differs from the header is 400 with substatus 1001", async () => {
    const { status, headers, body } = await account.send("POST", docs(), {
      headers: { "x-ms-documentdb-partitionkey": '["a"]' },
      body: { id: "1", pk: "b" },
    });
    expect([status, headers["x-ms-substatus"]]).toEqual([400, "1001"]);
    expect(body.message).toContain(
      "PartitionKey extracted from document doesn't match the one specified in the header",
    );
  });

  test.each([
    ["POST", "", { id: "1", pk: "a" }],
    ["GET", "/1", undefined],
    ["PUT", "/1", { id: "1", pk: "a" }],
    ["DELETE", "/1", undefined],
  ])("%s without a partition key is 400", async (method, path, body) => {
    await container.items.create({ id: "1", pk: "a" });
    const { status } = await account.send(method, `${docs()}${path}`, { body });
    expect(status).toBe(400);
  });

  test.each([["{"], ["[1,"], ['["a","b"]'], ["[[1]]"], ["[1e999]"], ['[{"a":1}]']])(
    "the partition-key header %s is 400",
    async (header) => {
      const headers = { "x-ms-documentdb-partitionkey": header };
      expect((await account.send("GET", `${docs()}/1`, { headers })).status).toBe(400);
    },
  );

  test("an item without an id is refused, naming it", async () => {
    const { status, body } = await account.send("POST", docs(), {
      headers: { "x-ms-documentdb-partitionkey": '["a"]' },
      body: { pk: "a" },
    });
    expect(status).toBe(400);
    expect(body.message).toContain("'id; '");
  });

  test("If-Match lets one of two writers win", async () => {
    const { resource } = await container.items.create({ id: "1", pk: "a", n: 0 });
    const condition = { accessCondition: { type: "IfMatch", condition: resource?._etag ?? "" } };
    const item = container.item("1", "a");
    expect((await item.replace({ id: "1", pk: "a", n: 1 }, condition)).statusCode).toBe(200);
    expect((await errorOf(item.replace({ id: "1", pk: "a", n: 2 }, condition))).code).toBe(412);
    expect((await errorOf(container.items.upsert({ id: "1", pk: "a" }, condition))).code).toBe(412);
    expect((await errorOf(item.delete(condition))).code).toBe(412);
    expect((await item.read()).resource?.n).toBe(1);
  });

  test("If-Match: * fits any item that is there", async () => {
    await container.items.create({ id: "1", pk: "a" });
    const any = { accessCondition: { type: "IfMatch", condition: "*" } };
    const item = container.item("1", "a");
    expect((await item.replace({ id: "1", pk: "a", n: 1 }, any)).statusCode).toBe(200);
    expect((await item.delete(any)).statusCode).toBe(204);
    expect((await errorOf(item.replace({ id: "1", pk: "a" }, any))).code).toBe(404);
  });

  test("If-None-Match answers 304 without a body while the item is unchanged", async () => {
    const { resource } = await container.items.create({ id: "1", pk: "a" });
    const headers = {
      "x-ms-documentdb-partitionkey": '["a"]',
      "if-none-match": resource?._etag ?? "",
    };
    const unchanged = await account.send("GET", `${docs()}/1`, { headers });
    expect([unchanged.status, unchanged.body]).toEqual([304, undefined]);
    await container.items.upsert({ id: "1", pk: "a" });
    expect((await account.send("GET", `${docs()}/1`, { headers })).status).toBe(200);
  });

  test("replacing an item can't move it to another id", async () => {
    await container.items.create({ id: "1", pk: "a" });
    const error = await errorOf(container.item("1", "a").replace({ id: "2", pk: "a" }));
    expect(error.code).toBe(400);
  });

  test("system properties of a body are the service's to write", async () => {
    const forged = { _rid: "x", _self: "x", _etag: "x", _ts: 1, _attachments: "x" };
    const { resource } = await container.items.create({ id: "1", pk: "a", ...forged });
    for (const [name, value] of Object.entries(forged)) {
      expect((resource as unknown as Record<string, unknown>)[name]).not.toBe(value);
    }
  });

  test("a property named __proto__ is a property like any other", async () => {
    const body = '{"id":"1","pk":"a","__proto__":{"polluted":true},"constructor":1,"toString":2}';
    const { status } = await account.send("POST", docs(), {
      headers: { "x-ms-documentdb-partitionkey": '["a"]' },
      body,
    });
    expect(status).toBe(201);
    const read = await account.send("GET", `${docs()}/1`, {
      headers: { "x-ms-documentdb-partitionkey": '["a"]' },
    });
    expect(Object.getOwnPropertyDescriptor(read.body, "__proto__")?.value).toEqual({
      polluted: true,
    });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("an item over 2 MB is 413, one just below is taken", async () => {
    const fits = "x".repeat(2 * 1024 * 1024 - 200);
    expect((await container.items.create({ id: "1", pk: "a", text: fits })).statusCode).toBe(201);
    const tooLarge = `${fits}${"x".repeat(300)}`;
    const error = await errorOf(container.items.create({ id: "2", pk: "a", text: tooLarge }));
    expect(error.code).toBe(413);
    const farTooLarge = await account.send("POST", docs(), { body: "x".repeat(9_000_000) });
    expect(farTooLarge.status).toBe(413);
  });

  test("unique keys hold within a partition key, and missing counts as null", async () => {
    const unique = await account.createContainer({
      uniqueKeyPolicy: {
        uniqueKeys: [{ paths: ["/mail"] }, { paths: ["/name/first", "/name/last"] }],
      },
    });
    const name = { first: "A", last: "B" };
    await unique.items.create({ id: "1", pk: "a", mail: "m", name });
    expect((await errorOf(unique.items.create({ id: "2", pk: "a", mail: "m" }))).code).toBe(409);
    expect((await errorOf(unique.items.create({ id: "2", pk: "a", mail: "o", name }))).code).toBe(
      409,
    );
    await unique.items.create({ id: "2", pk: "b", mail: "m", name });
    await unique.items.create({ id: "3", pk: "a", mail: null, name: { first: "A", last: "C" } });
    expect(
      (await errorOf(unique.items.create({ id: "4", pk: "a", name: { first: "D" } }))).code,
    ).toBe(409);
    await unique.item("1", "a").replace({ id: "1", pk: "a", mail: "m", name });
    await unique.item("1", "a").delete();
    await unique.items.create({ id: "5", pk: "a", mail: "m", name });
  });

  test("a unique value is free once its item has another, or is gone", async () => {
    const unique = await account.createContainer({
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/mail"] }] },
    });
    const write = async (id: string, mail: string): Promise<number> =>
      (await unique.items.upsert({ id, pk: "a", mail })).statusCode;
    expect(await write("1", "m")).toBe(201);
    expect(await write("1", "n")).toBe(200);
    expect(await write("2", "m")).toBe(201);
    await unique.item("2", "a").delete();
    expect(await write("2", "o")).toBe(201);
    expect(await write("3", "m")).toBe(201);
  });

  test("an item is read and deleted by its _self, but only within its partition", async () => {
    const { resource } = await container.items.create({ id: "1", pk: "a" });
    const path = `/${resource?._self}`.replace(/\/$/, "");
    const own = { "x-ms-documentdb-partitionkey": '["a"]' };
    const other = { "x-ms-documentdb-partitionkey": '["b"]' };
    await container.items.create({ id: "1", pk: "b" });
    expect((await account.send("GET", path, { headers: own })).body).toMatchObject({ pk: "a" });
    for (const method of ["GET", "DELETE"]) {
      expect((await account.send(method, path, { headers: other })).status).toBe(404);
    }
    const patch = { headers: other, body: [{ op: "set", path: "/n", value: 1 }] };
    expect((await account.send("PATCH", path, patch)).status).toBe(404);
    expect((await account.send("DELETE", path, { headers: own })).status).toBe(204);
    expect((await container.item("1", "b").read()).statusCode).toBe(200);
  });

  test("the feed of items is paged, by partition key or whole", async () => {
    for (let index = 0; index < 10; index++) {
      await container.items.create({ id: String(index), pk: index % 2 === 0 ? "even" : "odd" });
    }
    const readFeed = async (
      headers: Readonly<Record<string, string>>,
    ): Promise<readonly string[]> => {
      const ids: string[] = [];
      let continuation: string | undefined;
      do {
        const page = await account.send("GET", docs(), {
          headers: {
            "x-ms-max-item-count": "3",
            ...headers,
            ...(continuation === undefined ? {} : { "x-ms-continuation": continuation }),
          },
        });
        expect(page.status).toBe(200);
        expect(page.body._count).toBeLessThanOrEqual(3);
        ids.push(...page.body.Documents.map(({ id }: { readonly id: string }) => id));
        continuation = page.headers["x-ms-continuation"];
      } while (continuation !== undefined);
      return ids;
    };
    expect(await readFeed({ "x-ms-documentdb-partitionkey": '["even"]' })).toEqual([
      "0",
      "2",
      "4",
      "6",
      "8",
    ]);
    expect([...(await readFeed({}))].sort()).toEqual([..."0123456789"]);
    expect((await container.items.readAll({ maxItemCount: 3 }).fetchAll()).resources).toHaveLength(
      10,
    );
  });

  test("queries see the partition of the header, whatever their text says", async () => {
    await container.items.create({ id: "1", pk: "a" });
    await container.items.create({ id: "2", pk: "b" });
    const all = "SELECT * FROM c WHERE c.pk = 'b' OR true";
    const one = await container.items.query(all, { partitionKey: "a" }).fetchAll();
    expect(one.resources.map(({ id }) => id)).toEqual(["1"]);
    expect((await container.items.query(all).fetchAll()).resources).toHaveLength(2);
  });

  test("a cross-partition query must be asked for", async () => {
    const headers = { "x-ms-documentdb-isquery": "true", "content-type": "application/query+json" };
    const body = { query: "SELECT * FROM c", parameters: [] };
    const refused = await account.send("POST", docs(), { headers, body });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain("Cross partition query is required but disabled");
    const allowed = { ...headers, "x-ms-documentdb-query-enablecrosspartition": "True" };
    expect((await account.send("POST", docs(), { headers: allowed, body })).status).toBe(200);
  });

  test("pages of large items end at 4 MB and miss none", async () => {
    for (let index = 0; index < 6; index++) {
      await container.items.create({ id: String(index), pk: "a", text: "x".repeat(1_500_000) });
    }
    const pages: number[] = [];
    const ids: string[] = [];
    const query = container.items.query("SELECT * FROM c ORDER BY c.id", {
      partitionKey: "a",
      maxItemCount: -1,
    });
    while (query.hasMoreResults()) {
      const { resources = [] } = await query.fetchNext();
      pages.push(resources.length);
      ids.push(...resources.map(({ id }) => id));
    }
    expect(ids).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect(Math.max(...pages)).toBe(2);
    const feed = await account.send("GET", docs(), {
      headers: { "x-ms-documentdb-partitionkey": '["a"]', "x-ms-max-item-count": "-1" },
    });
    expect(feed.body._count).toBe(2);
    expect(feed.headers["x-ms-continuation"]).toBeDefined();
    const changes = await account.send("GET", docs(), {
      headers: { "x-ms-documentdb-partitionkey": '["a"]', "a-im": "Incremental feed" },
    });
    expect(changes.body._count).toBe(2);
  });

  test("a query can't reach into the program that runs it", async () => {
    await container.items.create({ id: "1", pk: "a" });
    for (const text of [
      "process.env",
      "c.constructor",
      "c.__proto__.constructor",
      "this",
      "globalThis",
    ]) {
      const answer = await container.items
        .query(`SELECT VALUE ${text} FROM c`, { partitionKey: "a" })
        .fetchAll()
        .then(
          ({ resources }) => resources,
          ({ code }: { readonly code: number }) => code,
        );
      expect([400, []]).toContainEqual(answer);
    }
  });

  test("what the emulator leaves out is refused by name, not passed over", async () => {
    const headers = { "x-ms-documentdb-partitionkey": '["a"]' };
    const body = { id: "1", pk: "a" };
    for (const header of [
      "x-ms-documentdb-pre-trigger-include",
      "x-ms-documentdb-post-trigger-include",
    ]) {
      const { status } = await account.send("POST", docs(), {
        headers: { ...headers, [header]: "t" },
        body,
      });
      expect(status).toBe(501);
    }
    await container.items.create(body);
    await container.scripts.userDefinedFunctions.create({ id: "tax", body: "function (x) {}" });
    const call = container.items.query("SELECT VALUE udf.tax(1) FROM c", { partitionKey: "a" });
    const error = await errorOf(call.fetchAll());
    expect(error.code).toBe(501);
    expect(error.message).toContain("tax");
    const keys = await account.send("GET", "/dbs/db/clientencryptionkeys");
    expect(keys.status).toBe(501);
    expect(keys.body.message).toContain("clientencryptionkeys");
  });

  test("a consistency level above the account's is 400, one below is taken", async () => {
    await container.items.create({ id: "1", pk: "a" });
    const read = async (level: string): Promise<number> => {
      const headers = { "x-ms-documentdb-partitionkey": '["a"]', "x-ms-consistency-level": level };
      return (await account.send("GET", `${docs()}/1`, { headers })).status;
    };
    expect([await read("Strong"), await read("Session"), await read("Eventual")]).toEqual([
      400, 200, 200,
    ]);
  });

  describe("queries without a partition key", () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      id: String(index),
      pk: `p${index % 13}`,
      n: (index * 37) % 60,
      team: index % 4,
      name: `name ${index % 7}`,
    }));

    beforeEach(async () => {
      for (const row of rows) {
        await container.items.create(row);
      }
    });

    const run = async (query: string, maxItemCount?: number): Promise<readonly unknown[]> => {
      const options = maxItemCount === undefined ? {} : { maxItemCount };
      return (await container.items.query(query, options).fetchAll()).resources;
    };

    test("go through the SDK's own pipeline where ranges must be merged", async () => {
      const sorted = [...rows].sort((left, right) => left.n - right.n).map(({ id }) => id);
      expect(await run("SELECT VALUE c.id FROM c ORDER BY c.n")).toEqual(sorted);
      expect(await run("SELECT VALUE c.id FROM c ORDER BY c.n", 7)).toEqual(sorted);
      expect(await run("SELECT TOP 5 VALUE c.id FROM c ORDER BY c.n DESC")).toEqual(
        [...sorted].reverse().slice(0, 5),
      );
      expect(await run("SELECT VALUE c.id FROM c ORDER BY c.n OFFSET 10 LIMIT 5")).toEqual(
        sorted.slice(10, 15),
      );
      expect(await run("SELECT VALUE COUNT(1) FROM c")).toEqual([60]);
      expect(await run("SELECT VALUE SUM(c.n) FROM c")).toEqual([1770]);
      expect(await run("SELECT VALUE AVG(c.n) FROM c")).toEqual([29.5]);
      expect([...(await run("SELECT DISTINCT VALUE c.name FROM c"))].sort()).toHaveLength(7);
      const groups = await run("SELECT c.team, COUNT(1) AS members FROM c GROUP BY c.team");
      expect(groups).toHaveLength(4);
      expect(groups).toContainEqual({ team: 2, members: 15 });
    });

    test("are answered at once where each range's rows stand for themselves", async () => {
      await account.clearRequests();
      expect([...(await run("SELECT VALUE c.n FROM c WHERE c.n < 5", 2))].sort()).toEqual([
        0, 1, 2, 3, 4,
      ]);
      const kinds = (await account.requests()).map(({ kind }) => kind);
      expect(kinds).not.toContain("partition-key-ranges");
    });

    test("are answered at once where their text needs a single range", async () => {
      const ask = async (query: string): Promise<unknown> => {
        const { status, body } = await account.send("POST", docs(), {
          headers: {
            "x-ms-documentdb-isquery": "true",
            "x-ms-documentdb-query-enablecrosspartition": "true",
          },
          body: { query },
        });
        return status === 200 ? body.Documents : status;
      };
      const ofOneKey = rows.filter(({ pk }) => pk === "p3").map(({ n }) => n);
      const ordered = [...ofOneKey].sort((left, right) => left - right);
      expect(await ask("SELECT VALUE c.n FROM c WHERE c.pk = 'p3' ORDER BY c.n")).toEqual(ordered);
      expect(await ask("SELECT VALUE 1 + 1")).toEqual([2]);
      expect(await ask("SELECT COUNT(1) AS items FROM c")).toEqual(
        partitions === 1 ? [{ items: 60 }] : 400,
      );
    });

    test("and several ranges are answered 400/1004 with their plan, where they must be merged", async () => {
      const { status, headers, body } = await account.send("POST", docs(), {
        headers: {
          "x-ms-documentdb-isquery": "true",
          "x-ms-documentdb-query-enablecrosspartition": "true",
        },
        body: { query: "SELECT * FROM c ORDER BY c.n" },
      });
      if (partitions === 1) {
        expect(status).toBe(200);
      } else {
        expect([status, headers["x-ms-substatus"]]).toEqual([400, "1004"]);
        expect(JSON.parse(body.additionalErrorInfo).queryInfo.orderBy).toEqual(["Ascending"]);
      }
    });
  });

  test("hierarchical keys are told apart by all their levels", async () => {
    const orders = await account.createContainer({
      partitionKey: { paths: ["/t", "/u"], kind: "MultiHash" as never, version: 2 },
    });
    await orders.items.create({ id: "1", t: "a", u: "x", n: 1 });
    await orders.items.create({ id: "1", t: "a", u: "y", n: 2 });
    await orders.items.create({ id: "1", t: "b", u: "x", n: 3 });
    expect((await orders.item("1", ["a", "y"]).read()).resource?.n).toBe(2);
    expect((await orders.item("1", ["b", "y"]).read()).statusCode).toBe(404);
    const full = await orders.items
      .query("SELECT VALUE c.n FROM c", { partitionKey: ["a", "x"] })
      .fetchAll();
    expect(full.resources).toEqual([1]);
    const prefix = await orders.items
      .query("SELECT VALUE c.n FROM c", { partitionKey: ["a"] })
      .fetchAll();
    expect([...prefix.resources].sort()).toEqual([1, 2]);
    expect(
      (
        await account.send("GET", `/dbs/db/colls/${orders.id}/docs/1`, {
          headers: { "x-ms-documentdb-partitionkey": '["a"]' },
        })
      ).status,
    ).toBe(400);
  });

  test("all items of a partition key are deleted at once, and no other", async () => {
    for (const pk of ["a", "b"]) {
      for (const id of ["1", "2"]) {
        await container.items.create({ id, pk });
      }
    }
    await container.deleteAllItemsForPartitionKey("a");
    const { resources } = await container.items.readAll().fetchAll();
    expect(resources.map(({ pk }) => pk)).toEqual(["b", "b"]);
  });

  test("many items are read at once", async () => {
    const items = Array.from({ length: 30 }, (_, index) => ({
      id: `${index}`,
      pk: `p${index % 7}`,
    }));
    for (const item of items) {
      await container.items.create(item);
    }
    const list = items.map(({ id, pk }) => `(c.id = '${id}' AND c.pk = '${pk}')`).join(" OR ");
    const { resources } = await container.items.query(`SELECT * FROM c WHERE ${list}`).fetchAll();
    expect(resources).toHaveLength(30);
  });

  test("charges grow with the work", async () => {
    const small = await container.items.create({ id: "1", pk: "a" });
    const large = await container.items.create({ id: "2", pk: "a", text: "x".repeat(100_000) });
    expect((await container.item("1", "a").read()).requestCharge).toBe(1);
    expect((await container.item("2", "a").read()).requestCharge).toBeGreaterThan(5);
    expect(small.requestCharge).toBeGreaterThan(4);
    expect(large.requestCharge).toBeGreaterThan(2 * small.requestCharge);
    const query = async (text: string): Promise<number> =>
      (await container.items.query(text, { partitionKey: "a" }).fetchAll()).requestCharge;
    const few = await query("SELECT * FROM c WHERE c.id = '1'");
    for (let index = 3; index < 40; index++) {
      await container.items.create({ id: String(index), pk: "a" });
    }
    expect(await query("SELECT * FROM c WHERE c.id = '1'")).toBeGreaterThan(few);
  });

  test("an answer can't be changed into the store by whoever holds a body", async () => {
    const { resource } = await container.items.create({ id: "1", pk: "a", list: [1] });
    (resource as unknown as { list: number[] }).list.push(2);
    expect((await container.item("1", "a").read()).resource?.list).toEqual([1]);
  });

  test("a write can be answered without its body", async () => {
    const { status, body, headers } = await account.send("POST", docs(), {
      headers: { "x-ms-documentdb-partitionkey": '["a"]', prefer: "return=minimal" },
      body: { id: "1", pk: "a" },
    });
    expect([status, body]).toEqual([201, undefined]);
    expect(headers.etag).toBeDefined();
  });
});
