import type { Container, OperationInput } from "@azure/cosmos";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestAccount, type TestAccount } from "./test-account.ts";

describe.each([1, 4])("transactional batch on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
  });
  beforeEach(async () => {
    container = await account.createContainer();
  });
  afterAll(() => account.stop());

  const idsOf = async (pk: string): Promise<readonly string[]> => {
    const { resources } = await container.items.readAll({ partitionKey: pk }).fetchAll();
    return resources.map(({ id }) => id ?? "").sort();
  };

  test("every kind of operation runs in order and sees the ones before it", async () => {
    await container.items.create({ id: "old", pk: "a", n: 1 });
    const { code, result } = await container.items.batch(
      [
        { operationType: "Create", resourceBody: { id: "1", pk: "a", n: 1 } },
        { operationType: "Read", id: "1" },
        { operationType: "Replace", id: "1", resourceBody: { id: "1", pk: "a", n: 2 } },
        { operationType: "Upsert", resourceBody: { id: "2", pk: "a" } },
        {
          operationType: "Patch",
          id: "1",
          resourceBody: { operations: [{ op: "incr", path: "/n", value: 5 }] },
        },
        { operationType: "Delete", id: "old" },
      ],
      "a",
    );
    expect(code).toBe(200);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([201, 200, 200, 201, 200, 204]);
    expect(result?.[1]?.resourceBody).toMatchObject({ n: 1 });
    expect(result?.[4]?.resourceBody).toMatchObject({ n: 7 });
    expect(result?.[0]?.eTag).toMatch(/^".+"$/);
    expect(await idsOf("a")).toEqual(["1", "2"]);
  });

  test("one failure undoes everything and marks the rest 424", async () => {
    await container.items.create({ id: "kept", pk: "a", n: 1 });
    const before = (await container.item("kept", "a").read()).resource;
    const { code, result } = await container.items.batch(
      [
        { operationType: "Create", resourceBody: { id: "1", pk: "a" } },
        { operationType: "Replace", id: "kept", resourceBody: { id: "kept", pk: "a", n: 2 } },
        { operationType: "Delete", id: "kept" },
        { operationType: "Create", resourceBody: { id: "1", pk: "a" } },
        { operationType: "Create", resourceBody: { id: "2", pk: "a" } },
      ],
      "a",
    );
    expect(code).toBe(207);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, 424, 424, 409, 424]);
    expect(await idsOf("a")).toEqual(["kept"]);
    expect((await container.item("kept", "a").read()).resource).toEqual(before);
  });

  test("an undone batch leaves nothing in the change feed", async () => {
    await container.items.batch(
      [
        { operationType: "Create", resourceBody: { id: "1", pk: "a" } },
        { operationType: "Delete", id: "nothing" },
      ],
      "a",
    );
    const feed = await account.send("GET", `/dbs/db/colls/${container.id}/docs`, {
      headers: { "a-im": "Incremental feed", "x-ms-documentdb-partitionkey": '["a"]' },
    });
    expect(feed.status).toBe(304);
  });

  test("an item is deleted and created again within one batch", async () => {
    const first = await container.items.create({ id: "1", pk: "a", n: 1 });
    const { result } = await container.items.batch(
      [
        { operationType: "Delete", id: "1" },
        { operationType: "Create", resourceBody: { id: "1", pk: "a", n: 2 } },
      ],
      "a",
    );
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([204, 201]);
    const { resource } = await container.item("1", "a").read();
    expect(resource?.n).toBe(2);
    expect(resource?._rid).not.toBe(first.resource?._rid);
    expect(await idsOf("a")).toEqual(["1"]);
  });

  test("a condition that fails undoes the batch", async () => {
    const { resource } = await container.items.create({ id: "1", pk: "a" });
    const replace = (ifMatch: string): OperationInput => ({
      operationType: "Replace",
      id: "1",
      ifMatch,
      resourceBody: { id: "1", pk: "a", n: 1 },
    });
    const create: OperationInput = { operationType: "Create", resourceBody: { id: "2", pk: "a" } };
    const failed = await container.items.batch([create, replace('"other"')], "a");
    expect(failed.result?.map(({ statusCode }) => statusCode)).toEqual([424, 412]);
    const fine = await container.items.batch([create, replace(resource?._etag ?? "")], "a");
    expect(fine.result?.map(({ statusCode }) => statusCode)).toEqual([201, 200]);
  });

  test("unique keys are checked against the batch's own writes", async () => {
    const unique = await account.createContainer({
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/mail"] }] },
    });
    await unique.items.create({ id: "0", pk: "a", mail: "m" });
    const twice = await unique.items.batch(
      [
        { operationType: "Create", resourceBody: { id: "1", pk: "a", mail: "n" } },
        { operationType: "Create", resourceBody: { id: "2", pk: "a", mail: "n" } },
      ],
      "a",
    );
    expect(twice.result?.map(({ statusCode }) => statusCode)).toEqual([424, 409]);
    const freed = await unique.items.batch(
      [
        { operationType: "Delete", id: "0" },
        { operationType: "Create", resourceBody: { id: "1", pk: "a", mail: "m" } },
      ],
      "a",
    );
    expect(freed.code).toBe(200);
  });

  test("an operation with another partition key than the batch refuses all of it", async () => {
    const batch = container.items.batch(
      [
        { operationType: "Create", partitionKey: "a", resourceBody: { id: "1", pk: "a" } },
        { operationType: "Create", partitionKey: "b", resourceBody: { id: "2", pk: "b" } },
      ],
      "a",
    );
    await expect(batch).rejects.toThrow(
      "One or more operations within the batch request have a different partition key value than the request.",
    );
    expect(await idsOf("a")).toEqual([]);
  });

  test("an item of another partition key can't be written", async () => {
    const { code, result } = await container.items.batch(
      [{ operationType: "Create", resourceBody: { id: "1", pk: "b" } }],
      "a",
    );
    expect([code, result?.[0]?.statusCode]).toEqual([207, 400]);
  });

  const batchHeaders = {
    "x-ms-documentdb-partitionkey": '["a"]',
    "x-ms-cosmos-is-batch-request": "true",
    "x-ms-cosmos-batch-atomic": "true",
  };

  test("100 operations are taken and 101 refused", async () => {
    const operations = Array.from({ length: 101 }, (_, index) => ({
      operationType: "Create",
      resourceBody: { id: String(index), pk: "a" },
    }));
    const path = `/dbs/db/colls/${container.id}/docs`;
    const refused = await account.send("POST", path, { headers: batchHeaders, body: operations });
    expect(refused.status).toBe(400);
    const taken = await account.send("POST", path, {
      headers: batchHeaders,
      body: operations.slice(1),
    });
    expect(taken.status).toBe(200);
    expect(await idsOf("a")).toHaveLength(100);
  });

  test("the binary form of the .NET SDK is refused by name", async () => {
    const path = `/dbs/db/colls/${container.id}/docs`;
    const body = Buffer.of(0x81, 0, 0, 0, 0);
    const answer = await account.send("POST", path, { headers: batchHeaders, body });
    expect(answer.status).toBe(501);
    expect(answer.body.message).toContain("HybridRow");
  });

  test.each([
    [[]],
    [{}],
    ["x"],
    [[1]],
    [[{ operationType: "Destroy", id: "1" }]],
    [[{ operationType: "Read" }]],
    [[{ operationType: "Create", resourceBody: [] }]],
    [[{ operationType: "Read", id: "1", ifMatch: 5 }]],
  ])("the batch %j is 400", async (body) => {
    const path = `/dbs/db/colls/${container.id}/docs`;
    const { status } = await account.send("POST", path, {
      headers: batchHeaders,
      body: JSON.stringify(body),
    });
    expect(status).toBe(400);
  });
});
