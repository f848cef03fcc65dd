import type { Container, OperationInput } from "@azure/cosmos";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestAccount, type TestAccount } from "./test-account.ts";

describe.each([1, 4])("bulk on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
  });
  beforeEach(async () => {
    container = await account.createContainer();
  });
  afterAll(() => account.stop());

  test.each([
    ["single key, version 1", { paths: ["/pk"], version: 1 }],
    ["single key, version 2", { paths: ["/pk"], version: 2 }],
    ["hierarchical key", { paths: ["/pk", "/u"], kind: "MultiHash", version: 2 }],
  ])("operations reach the range that the SDK computed: %s", async (_name, partitionKey) => {
    const target = await account.createContainer({ partitionKey: partitionKey as never });
    const values = ["", "a", "long ".repeat(40), 1, -1.5, 0, true, false, null, "ü😀"];
    const isHierarchical = partitionKey.paths.length > 1;
    const operations: OperationInput[] = values.map((pk, index) => ({
      operationType: "Create",
      partitionKey: (isHierarchical ? [pk, `u${index}`] : pk) as never,
      resourceBody: { id: String(index), pk, u: `u${index}` } as never,
    }));
    operations.push({
      operationType: "Create",
      partitionKey: (isHierarchical ? [{}, "u"] : {}) as never,
      resourceBody: { id: "none", u: "u" },
    });
    const results = await target.items.executeBulkOperations(operations);
    expect(results.map(({ response, error }) => response?.statusCode ?? error)).toEqual(
      operations.map(() => 201),
    );
    expect((await target.items.readAll().fetchAll()).resources).toHaveLength(operations.length);
  });

  test("each operation stands for itself", async () => {
    await container.items.create({ id: "1", pk: "a", n: 1 });
    const results = await container.items.executeBulkOperations([
      { operationType: "Create", partitionKey: "a", resourceBody: { id: "1", pk: "a" } },
      { operationType: "Read", id: "1", partitionKey: "a" },
      { operationType: "Read", id: "none", partitionKey: "b" },
      { operationType: "Upsert", partitionKey: "b", resourceBody: { id: "2", pk: "b" } },
      {
        operationType: "Patch",
        id: "1",
        partitionKey: "a",
        resourceBody: { operations: [{ op: "incr", path: "/n", value: 1 }] },
      },
    ]);
    const statuses = results.map(({ response, error }) => response?.statusCode ?? error?.code);
    expect(statuses).toEqual([409, 200, 404, 201, 200]);
  });

  test("the older bulk call works too", async () => {
    const response = await container.items.bulk([
      { operationType: "Create", resourceBody: { id: "1", pk: "a" } },
      { operationType: "Create", resourceBody: { id: "2", pk: "b" } },
      { operationType: "Delete", id: "3", partitionKey: "c" },
    ]);
    expect(response.map(({ statusCode }) => statusCode)).toEqual([201, 201, 404]);
  });

  test("a thousand items arrive", async () => {
    const operations: OperationInput[] = Array.from({ length: 1000 }, (_, index) => ({
      operationType: "Create",
      partitionKey: `p${index % 50}`,
      resourceBody: { id: String(index), pk: `p${index % 50}` },
    }));
    const results = await container.items.executeBulkOperations(operations);
    expect(results.every(({ response }) => response?.statusCode === 201)).toBe(true);
    const { resources } = await container.items.query("SELECT VALUE COUNT(1) FROM c").fetchAll();
    expect(resources).toEqual([1000]);
  });

  test("a range that is not there is 410/1002", async () => {
    const { status, headers } = await account.send("POST", `/dbs/db/colls/${container.id}/docs`, {
      headers: {
        "x-ms-cosmos-is-batch-request": "true",
        "x-ms-cosmos-batch-atomic": "false",
        "x-ms-documentdb-partitionkeyrangeid": "99",
      },
      body: [
        { operationType: "Create", partitionKey: '["a"]', resourceBody: { id: "1", pk: "a" } },
      ],
    });
    expect([status, headers["x-ms-substatus"]]).toEqual([410, "1002"]);
  });

  test("an operation that was sent to another range than its key's is 410/1002", async () => {
    const results: unknown[] = [];
    for (let range = 0; range < partitions; range++) {
      const { body } = await account.send("POST", `/dbs/db/colls/${container.id}/docs`, {
        headers: {
          "x-ms-cosmos-is-batch-request": "true",
          "x-ms-cosmos-batch-atomic": "false",
          "x-ms-documentdb-partitionkeyrangeid": String(range),
        },
        body: [
          { operationType: "Create", partitionKey: '["a"]', resourceBody: { id: "1", pk: "a" } },
        ],
      });
      results.push([body[0].statusCode, body[0].subStatusCode]);
    }
    expect(results).toContainEqual([201, undefined]);
    expect(results.filter((result) => String(result) === "410,1002")).toHaveLength(partitions - 1);
  });

  test("without continue-on-error the rest does not run", async () => {
    const create = (id: string): unknown => ({
      operationType: "Create",
      partitionKey: '["a"]',
      resourceBody: { id, pk: "a" },
    });
    const { status, body } = await account.send("POST", `/dbs/db/colls/${container.id}/docs`, {
      headers: {
        "x-ms-cosmos-is-batch-request": "true",
        "x-ms-cosmos-batch-atomic": "false",
        "x-ms-cosmos-batch-continue-on-error": "false",
      },
      body: [create("1"), create("1"), create("2")],
    });
    expect(status).toBe(207);
    expect(body.map(({ statusCode }: { statusCode: number }) => statusCode)).toEqual([
      201, 409, 424,
    ]);
  });
});
