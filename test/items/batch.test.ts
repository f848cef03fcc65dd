import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Access } from "../../src/access/access.ts";
import { createCosmosTransport } from "../../src/cosmos/cosmos-transport.ts";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import { filterPredicate } from "../../src/items/filter-predicate.ts";
import type { BatchOperation, ItemOperations } from "../../src/items/item-operations.ts";
import { createScopedItems } from "../../src/items/scoped-items.ts";
import { equal } from "../../src/items/sql/condition.ts";
import {
  accessOf,
  type EmulatedProcess,
  type EmulatedShop,
  startEmulatedShop,
  wants,
} from "../tokens/emulated-shop.ts";

let shop: EmulatedShop;
let process: EmulatedProcess;
let items: ItemOperations;
beforeEach(async () => {
  shop = await startEmulatedShop();
  process = shop.startProcess();
  items = await open(ann);
  await items.upsert("orders", { id: "warm", tenantId: "contoso" }, ["contoso"]);
  await shop.forgetRequests();
});
afterEach(() => shop.stop());

const ann = accessOf(
  "ann",
  wants("orders", "All", { partitionKey: ["contoso"] }),
  wants("orders", "Read", { partitionKey: ["fabrikam"] }),
  wants("carts", "All", { partitionKey: ["contoso", "ann é"] }),
);

async function open(access: Access, signal?: AbortSignal): Promise<ItemOperations> {
  const grants = await process.grantCache.grantsFor(access);
  return process.openItems(access, grants, signal && { signal });
}

async function sent(): Promise<readonly string[]> {
  return (await shop.requests()).map(({ kind, status }) => `${kind} ${status}`);
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    ({ code, operationIndex }: { readonly code?: unknown; readonly operationIndex?: unknown }) => [
      code,
      operationIndex,
    ],
  );
}

const runBatch = (...operations: readonly BatchOperation[]) =>
  items.batch("orders", operations, ["contoso"]);
const order = (id: string, properties: object = {}) => ({ id, tenantId: "contoso", ...properties });
const create = (id: string): BatchOperation => ({ kind: "create", body: order(id) });
const increment = { op: "incr", path: ["total"], value: 1 } as const;

async function storedOrders(): Promise<unknown> {
  const query = { query: "SELECT * FROM c ORDER BY c.id", parameters: [] };
  return items.query("orders", query, ["contoso"], { limit: 1_000 });
}

describe("a batch", () => {
  test("runs its operations in order, in one request, and gives each item as stored", async () => {
    const before = await items.read("orders", "1", ["contoso"]);
    await shop.forgetRequests();
    const results = await runBatch(
      { kind: "create", body: order("n", { total: 1 }) },
      { kind: "upsert", body: order("n", { total: 2 }) },
      { kind: "patch", id: "n", operations: [increment] },
      { kind: "replace", id: "1", body: order("1", { total: 7 }), ifMatch: before?._etag ?? "" },
      { kind: "delete", id: "2" },
      { kind: "read", id: "3" },
      { kind: "upsert", body: order("2", { total: 8 }) },
    );
    expect(results.map((item) => item && [item.id, item.total])).toEqual([
      ["n", 1],
      ["n", 2],
      ["n", 3],
      ["1", 7],
      null,
      ["3", 20],
      ["2", 8],
    ]);
    expect(results[3]).toMatchObject({ _etag: expect.any(String), _ts: expect.any(Number) });
    expect(await sent()).toEqual(["batch 200"]);
    expect(await items.read("orders", "1", ["contoso"])).toEqual(results[3]);
  });

  test("with long patches gives one item an operation", async () => {
    const long = Array.from({ length: 25 }, () => increment);
    const results = await runBatch(
      { kind: "patch", id: "1", operations: long },
      { kind: "delete", id: "2" },
      { kind: "patch", id: "3", operations: long },
    );
    expect(results.map((item) => item && [item.id, item.total])).toEqual([
      ["1", 55],
      null,
      ["3", 45],
    ]);
    const failing = runBatch(
      { kind: "patch", id: "1", operations: long },
      { kind: "patch", id: "3", operations: [...long, { op: "remove", path: ["missing"] }] },
    );
    expect(await failureOf(failing)).toEqual(["BAD_USER_INPUT", 1]);
  });

  test("goes to a hierarchical partition of any characters", async () => {
    const key = ["contoso", "ann é"];
    const body = { id: "c", tenantId: "contoso", customerId: "ann é" };
    expect(await items.batch("carts", [{ kind: "create", body }], key)).toMatchObject([body]);
  });

  test("of no operations is none", async () => {
    expect(await runBatch()).toEqual([]);
    expect(await sent()).toEqual([]);
  });
});

describe("a batch fails as a whole, with the code and the place of the operation that failed", () => {
  const cases: readonly [string, string, BatchOperation][] = [
    ["an id that is taken", "CONFLICT", create("1")],
    ["replacing what is not there", "NOT_FOUND", { kind: "replace", id: "no", body: order("no") }],
    ["deleting what is not there", "NOT_FOUND", { kind: "delete", id: "no" }],
    ["reading what is not there", "NOT_FOUND", { kind: "read", id: "no" }],
    [
      "another version",
      "PRECONDITION_FAILED",
      { kind: "replace", id: "1", body: order("1"), ifMatch: '"é"' },
    ],
    [
      "deleting another version",
      "PRECONDITION_FAILED",
      { kind: "delete", id: "1", ifMatch: '"another"' },
    ],
    [
      "a condition that is not fulfilled",
      "PRECONDITION_FAILED",
      {
        kind: "patch",
        id: "1",
        operations: [increment],
        condition: filterPredicate(equal(["total"], 31)),
      },
    ],
    [
      "a patch that does not fit",
      "BAD_USER_INPUT",
      { kind: "patch", id: "1", operations: [increment, { op: "remove", path: ["missing"] }] },
    ],
    ["a patch of nothing", "BAD_USER_INPUT", { kind: "patch", id: "1", operations: [] }],
    [
      "an item of another partition",
      "BAD_USER_INPUT",
      { kind: "create", body: { id: "x", tenantId: "fabrikam" } },
    ],
    ["an id that no item can have", "BAD_USER_INPUT", create("a/b")],
    ["a replace of another id", "BAD_USER_INPUT", { kind: "replace", id: "1", body: order("x") }],
  ];
  test.each(cases)("%s is %s", async (_name, code, operation) => {
    const before = await storedOrders();
    const failing = runBatch(
      create("n"),
      { kind: "patch", id: "3", operations: [increment] },
      operation,
      { kind: "delete", id: "2" },
    );
    expect(await failureOf(failing)).toEqual([code, 2]);
    expect(await storedOrders()).toEqual(before);
  });

  test("over 100 operations it is not sent", async () => {
    const creates = Array.from({ length: 100 }, (_, index) => create(`n${index}`));
    expect(await runBatch(...creates)).toHaveLength(100);
    await shop.forgetRequests();
    const more = await failureOf(runBatch(...creates, create("x")));
    expect(more).toEqual(["BAD_USER_INPUT", undefined]);
    expect(await sent()).toEqual([]);
  });

  test("over 2 MB it is ITEM_TOO_LARGE", async () => {
    const text = "x".repeat(700_000);
    const creates = ["a", "b", "c"].map(
      (id): BatchOperation => ({
        kind: "create",
        body: order(id, { text }),
      }),
    );
    expect(await runBatch(...creates.slice(1))).toHaveLength(2);
    const before = await storedOrders();
    expect(await failureOf(runBatch(...creates))).toEqual(["ITEM_TOO_LARGE", undefined]);
    expect(await storedOrders()).toEqual(before);
  });
});

describe("permissions", () => {
  test("a batch with a Read permission is Cosmos DB's to refuse", async () => {
    const body = { id: "x", tenantId: "fabrikam" };
    const batch = items.batch("orders", [{ kind: "create", body }], ["fabrikam"]);
    expect(await failureOf(batch)).toEqual(["FORBIDDEN", undefined]);
    expect(await sent()).toEqual(["batch 403"]);
  });

  test("where no grant fits, nothing is sent", async () => {
    const body = { id: "x", tenantId: "northwind" };
    const batch = items.batch("orders", [{ kind: "create", body }], ["northwind"]);
    expect(await failureOf(batch)).toEqual(["FORBIDDEN", undefined]);
    items = await open(accessOf("guest", wants("orders", "All", { item: "1" })));
    await shop.forgetRequests();
    await expect(runBatch({ kind: "delete", id: "1" })).rejects.toThrow("single item");
    expect(await sent()).toEqual([]);
  });

  test("it carries a resource token of its Cosmos user and its partition", async () => {
    await runBatch(create("n"));
    expect(await shop.requests()).toMatchObject([
      { authorization: "resource", cosmosUser: "ann", partitionKey: ["contoso"] },
    ]);
  });

  test("past the token's end it is made once, with a new token", async () => {
    await shop.advanceSeconds(3600 + 301);
    expect(await runBatch(create("n"))).toHaveLength(1);
    expect(await sent()).toEqual(["batch 403", "permission-feed 200", "batch 200"]);
  });
});

describe("faults on the way", () => {
  test("a throttled batch is waited out", async () => {
    await shop.addFault({ match: { path: "/docs" }, times: 3, status: 429, retryAfterMs: 1 });
    expect(await runBatch(create("n"))).toHaveLength(1);
    expect(await sent()).toEqual(["batch 429", "batch 429", "batch 429", "batch 200"]);
  });

  test("a batch that got no answer may have been made, and is not repeated", async () => {
    await shop.addFault({ match: { path: "/docs" }, drop: true });
    await expect(runBatch(create("n"))).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      message: expect.stringContaining("may have been made"),
    });
    expect(await sent()).toHaveLength(1);
  });

  test("a deadline that passes is TIMEOUT", async () => {
    await shop.addFault({ match: { path: "/docs" }, delayMs: 60_000 });
    const deadline = new AbortController();
    items = await open(ann, deadline.signal);
    const batch = runBatch(create("n"));
    setTimeout(() => deadline.abort(), 20);
    expect(await failureOf(batch)).toEqual(["TIMEOUT", undefined]);
  });

  /** Items over a wire that answers the first batches itself. */
  async function openOver(firstAnswers: readonly (readonly object[])[]) {
    const transport = createCosmosTransport();
    const left = [...firstAnswers];
    const httpClient: HttpClient = {
      sendRequest: async (request) => {
        const answers = request.headers.has("x-ms-cosmos-is-batch-request")
          ? left.shift()
          : undefined;
        return answers === undefined
          ? transport.httpClient.sendRequest(request)
          : {
              request,
              status: 207,
              headers: createHttpHeaders({ "content-type": "application/json" }),
              bodyAsText: JSON.stringify(answers),
            };
      },
    };
    const openItems = createScopedItems({
      endpoint: shop.emulator.endpoint,
      database: "shop",
      httpClient,
      metadata: createMetadataCache(process.clock),
      clock: process.clock,
      renew: process.grantCache.renew,
    });
    return openItems(ann, await process.grantCache.grantsFor(ann));
  }

  test.each([429, 449])(
    "one with an operation that was refused for now (%i) is repeated",
    async (statusCode) => {
      const refused = { statusCode, retryAfterMilliseconds: 1, requestCharge: 0 };
      const undone = { statusCode: 424, requestCharge: 0 };
      items = await openOver([
        [undone, refused],
        [refused, undone],
      ]);
      expect(await runBatch(create("n"), create("m"))).toHaveLength(2);
      expect(await sent()).toEqual(["account 200", "batch 200"]);
    },
  );

  test("one that stays throttled is THROTTLED, with the time to wait", async () => {
    const refused = { statusCode: 429, retryAfterMilliseconds: 60_000, requestCharge: 0 };
    items = await openOver([[refused]]);
    await expect(runBatch(create("n"))).rejects.toMatchObject({
      code: "THROTTLED",
      retryAfterMs: 60_000,
    });
  });

  test("one whose answer lacks operations is an error", async () => {
    items = await openOver([[{ statusCode: 201 }]]);
    expect(await failureOf(runBatch(create("n"), create("m")))).toEqual([
      "INTERNAL_SERVER_ERROR",
      undefined,
    ]);
  });
});
