import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Access } from "../../src/access/access.ts";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import {
  accessOf,
  createStoppedClock,
  type EmulatedProcess,
  type EmulatedShop,
  startEmulatedShop,
  wants,
} from "../tokens/emulated-shop.ts";

let shop: EmulatedShop;
let process: EmulatedProcess;

beforeEach(async () => {
  shop = await startEmulatedShop();
  process = shop.startProcess();
});

afterEach(() => shop.stop());

const contosoAll = wants("orders", "All", { partitionKey: ["contoso"] });
const fabrikamRead = wants("orders", "Read", { partitionKey: ["fabrikam"] });
const ann = accessOf("ann", contosoAll, fabrikamRead);

async function open(access: Access, signal?: AbortSignal) {
  const grants = await process.grantCache.grantsFor(access);
  return process.openItems(access, grants, signal && { signal });
}

/** Opens items and reads whatever a process reads once, so that what follows is warm. */
async function openWarm(access: Access) {
  const items = await open(access);
  await items.upsert("orders", { id: "warm", tenantId: "contoso" }, ["contoso"]);
  await shop.forgetRequests();
  return open(access);
}

async function sent(): Promise<readonly string[]> {
  return (await shop.requests()).map(({ kind, status }) => `${kind} ${status}`);
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: { readonly code?: unknown }) => error.code,
  );
}

const allOrders = { query: "SELECT * FROM c ORDER BY c.id", parameters: [] };

describe("requests on the wire, warm", () => {
  test("a point read is one", async () => {
    const items = await openWarm(ann);
    expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ id: "1", total: 30 });
    expect(await sent()).toEqual(["read 200"]);
  });

  test("create, upsert, replace and delete are one each", async () => {
    const items = await openWarm(ann);
    const created = await items.create("orders", { id: "n", tenantId: "contoso" }, ["contoso"]);
    expect(created).toMatchObject({ id: "n", _etag: expect.any(String), _ts: expect.any(Number) });
    await items.upsert("orders", { id: "n", tenantId: "contoso", total: 1 }, ["contoso"]);
    const body = { id: "n", tenantId: "contoso", total: 2 };
    expect(await items.replace("orders", "n", body, ["contoso"])).toMatchObject({ total: 2 });
    await items.delete("orders", "n", ["contoso"]);
    expect(await sent()).toEqual(["create 201", "upsert 200", "replace 200", "delete 204"]);
  });

  test("a query in one partition is one a page, without a query plan", async () => {
    const items = await openWarm(ann);
    const rows = await items.query("orders", allOrders, ["contoso"], { limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual(["1", "2", "3", "warm"]);
    expect(await sent()).toEqual(["query 200"]);
  });

  test("pages are fetched until there are enough rows", async () => {
    const logs = Array.from({ length: 2_500 }, (_, index) => ({ id: `${index}`, day: "monday" }));
    const big = await startEmulatedShop({
      containers: [{ id: "logs", partitionKey: { paths: ["/day"] }, items: logs }],
    });
    const { grantCache, openItems } = big.startProcess();
    const access = accessOf("ann", wants("logs", "Read", { partitionKey: ["monday"] }));
    const items = openItems(access, await grantCache.grantsFor(access));
    const rows = await items.query("logs", allOrders, ["monday"], { limit: 2_400 });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2_400);
    const queries = (await big.requests()).filter(({ path }) => path.endsWith("/docs"));
    expect(queries.map(({ kind }) => kind)).toEqual(["query", "query", "query"]);
    await big.stop();
  });

  test("a limit smaller than the rows is kept, and a limit of none asks nothing", async () => {
    const items = await openWarm(ann);
    expect(await items.query("orders", allOrders, ["contoso"], { limit: 2 })).toHaveLength(2);
    expect(await items.query("orders", allOrders, ["contoso"], { limit: 0 })).toEqual([]);
    expect(await sent()).toEqual(["query 200"]);
  });

  test("what an operation cost is what went over the wire", async () => {
    const items = await openWarm(ann);
    await items.read("orders", "1", ["contoso"]);
    await items.create("orders", { id: "n", tenantId: "contoso" }, ["contoso"]);
    await codeOf(items.create("orders", { id: "n", tenantId: "contoso" }, ["contoso"]));
    const log = await shop.requests();
    const charge = log.reduce((sum, { requestCharge }) => sum + requestCharge, 0);
    expect(items.cost.requests).toBe(3);
    expect(items.cost.requestCharge).toBeCloseTo(charge);
  });

  test("metadata is read once a process, for 100 Cosmos users at the same time", async () => {
    const users = Array.from({ length: 100 }, (_, index) => accessOf(`user-${index}`, contosoAll));
    const all = await Promise.all(users.map((access) => open(access)));
    await shop.forgetRequests();
    await Promise.all(
      all.map((items, index) =>
        items.create("orders", { id: `by-${index}`, tenantId: "contoso" }, ["contoso"]),
      ),
    );
    const metadata = (await shop.requests()).filter(({ kind }) => kind !== "create");
    expect(metadata.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      "GET /",
      "GET /dbs/shop/colls/orders",
    ]);
  });
});

describe("whose token goes with what", () => {
  test("every item request carries a resource token of its Cosmos user, and none the account key", async () => {
    const items = await open(ann);
    await items.read("orders", "1", ["contoso"]);
    await items.query("orders", allOrders, ["fabrikam"], { limit: 5 });
    await items.create("orders", { id: "n", tenantId: "contoso" }, ["contoso"]);
    const itemRequests = (await shop.requests()).filter(({ path }) => path.includes("/docs"));
    expect(
      itemRequests.map(({ authorization, cosmosUser }) => [authorization, cosmosUser]),
    ).toEqual(Array(3).fill(["resource", "ann"]));
  });

  test("two partitions of one container are read with a token each", async () => {
    const items = await openWarm(ann);
    const [contoso, fabrikam] = await Promise.all([
      items.read("orders", "1", ["contoso"]),
      items.read("orders", "1", ["fabrikam"]),
    ]);
    expect([contoso?.total, fabrikam?.total]).toEqual([30, 99]);
    const used = (await shop.requests()).map(({ partitionKey, permissionId }) =>
      JSON.stringify([partitionKey, permissionId]),
    );
    expect(used.sort()).toEqual([
      JSON.stringify([["contoso"], contosoAll.permissionId]),
      JSON.stringify([["fabrikam"], fabrikamRead.permissionId]),
    ]);
  });

  test("where no grant fits, nothing is sent", async () => {
    const items = await openWarm(ann);
    const refused = [
      items.read("orders", "1", ["northwind"]),
      items.read("carts", "cart", ["contoso", "ann"]),
      items.query("orders", allOrders, undefined, { limit: 5 }),
      items.create("orders", { id: "n", tenantId: "northwind" }, ["northwind"]),
      items.delete("nothing", "1", ["contoso"]),
    ];
    expect(await Promise.all(refused.map(codeOf))).toEqual(Array(5).fill("FORBIDDEN"));
    expect(await sent()).toEqual([]);
    expect(items.cost).toEqual({ requestCharge: 0, requests: 0 });
  });

  test("a write with a Read permission is Cosmos DB's to refuse", async () => {
    const items = await openWarm(ann);
    const attempt = items.create("orders", { id: "n", tenantId: "fabrikam" }, ["fabrikam"]);
    expect(await codeOf(attempt)).toBe("FORBIDDEN");
    expect(await sent()).toEqual(["create 403"]);
  });

  test("an item permission reads that item and no other", async () => {
    const items = await open(accessOf("guest", wants("orders", "All", { item: "2" })));
    expect(await items.read("orders", "2", ["contoso"])).toMatchObject({ total: 10 });
    expect(await codeOf(items.read("orders", "1", ["contoso"]))).toBe("FORBIDDEN");
    expect(await codeOf(items.query("orders", allOrders, ["contoso"], { limit: 1 }))).toBe(
      "FORBIDDEN",
    );
    const body = { id: "2", tenantId: "contoso", total: 11 };
    expect(await items.replace("orders", "2", body, ["contoso"])).toMatchObject({ total: 11 });
  });

  test("a container permission runs a query across all partitions", async () => {
    const items = await open(accessOf("auditor", wants("orders", "Read")));
    const rows = await items.query("orders", allOrders, undefined, { limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual(["1", "1", "2", "3"]);
  });

  test("hierarchical: a prefix permission reads items, and its query is refused with the reason", async () => {
    const items = await open(accessOf("ann", wants("carts", "All", { partitionKey: ["contoso"] })));
    const key = ["contoso", "ann"];
    expect(await items.read("carts", "cart", key)).toMatchObject({ customerId: "ann" });
    const query = items.query("carts", allOrders, key, { limit: 1 });
    await expect(query).rejects.toThrow("names all levels");
  });

  test("grantsOn tells what there is on a container", async () => {
    const items = await open(ann);
    expect(items.grantsOn("orders").map(({ partitionKey }) => partitionKey)).toEqual([
      ["contoso"],
      ["fabrikam"],
    ]);
    expect(items.grantsOn("carts")).toEqual([]);
    expect(items.cosmosUserId).toBe("ann");
  });
});

describe("tokens that end", () => {
  test("past lifetime and grace the operation succeeds, with one new feed read", async () => {
    const items = await openWarm(ann);
    await shop.advanceSeconds(3600 + 301);
    expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ id: "1" });
    expect(await sent()).toEqual(["read 403", "permission-feed 200", "read 200"]);
  });

  test("100 operations that meet the end together share one new feed read", async () => {
    const items = await openWarm(ann);
    const others = await open(ann);
    await shop.advanceSeconds(3600 + 301);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? items : others).create(
          "orders",
          { id: `n-${index}`, tenantId: "contoso" },
          ["contoso"],
        ),
      ),
    );
    const feedReads = (await sent()).filter((line) => line.startsWith("permission-feed"));
    expect(feedReads).toEqual(["permission-feed 200"]);
  });

  test("grants known to be at their end are renewed before anything is sent", async () => {
    const clock = createStoppedClock();
    process = shop.startProcess({ clock });
    const items = await openWarm(ann);
    clock.advanceSeconds(3600);
    await items.read("orders", "1", ["contoso"]);
    expect(await sent()).toEqual(["permission-feed 200", "read 200"]);
  });

  test("nothing is repeated twice", async () => {
    const access = accessOf("ann", contosoAll);
    const spent = await process.grantCache.grantsFor(access);
    const renewals: unknown[] = [];
    await shop.advanceSeconds(3600 + 301);
    const { createScopedItems } = await import("../../src/items/scoped-items.ts");
    const { createCosmosTransport } = await import("../../src/cosmos/cosmos-transport.ts");
    const transport = createCosmosTransport();
    const openItems = createScopedItems({
      endpoint: shop.emulator.endpoint,
      database: "shop",
      httpClient: transport.httpClient,
      metadata: createMetadataCache(process.clock),
      clock: process.clock,
      renew: async (_access, stale) => {
        renewals.push(stale);
        return { ...spent };
      },
    });
    await shop.forgetRequests();
    const items = openItems(access, spent);
    expect(await codeOf(items.read("orders", "1", ["contoso"]))).toBe("FORBIDDEN");
    expect(renewals).toEqual([spent]);
    // What is read first is the account, with the same token.
    expect(await sent()).toEqual(["account 403", "account 403"]);
    transport.close();
  });

  test("a token that the account no longer knows is replaced, once", async () => {
    const items = await openWarm(ann);
    await shop.addFault({ match: { method: "POST" }, status: 401 });
    await items.create("orders", { id: "n", tenantId: "contoso" }, ["contoso"]);
    expect(await sent()).toEqual(["create 401", "permission-feed 200", "create 201"]);
  });

  test("a 403 that is not about time is FORBIDDEN at once", async () => {
    const items = await openWarm(accessOf("ann", contosoAll));
    await shop.addFault({ match: { path: "/docs/" }, status: 403 });
    expect(await codeOf(items.read("orders", "1", ["contoso"]))).toBe("FORBIDDEN");
    expect(await sent()).toEqual(["read 403"]);
  });
});

describe("errors", () => {
  test.each<[string, string, () => Promise<unknown>]>([
    [
      "an id that is taken",
      "CONFLICT",
      async () => (await open(ann)).create("orders", { id: "1", tenantId: "contoso" }, ["contoso"]),
    ],
    [
      "replacing what is not there",
      "NOT_FOUND",
      async () =>
        (await open(ann)).replace("orders", "no", { id: "no", tenantId: "contoso" }, ["contoso"]),
    ],
    [
      "deleting what is not there",
      "NOT_FOUND",
      async () => (await open(ann)).delete("orders", "no", ["contoso"]),
    ],
    [
      "an item of another partition",
      "BAD_USER_INPUT",
      async () =>
        (await open(ann)).create("orders", { id: "n", tenantId: "fabrikam" }, ["contoso"]),
    ],
    [
      "an item over 2 MB",
      "ITEM_TOO_LARGE",
      async () =>
        (await open(ann)).create(
          "orders",
          { id: "n", tenantId: "contoso", text: "x".repeat(2.2 * 1024 * 1024) },
          ["contoso"],
        ),
    ],
    [
      "another version",
      "PRECONDITION_FAILED",
      async () =>
        (await open(ann)).replace("orders", "1", { id: "1", tenantId: "contoso" }, ["contoso"], {
          ifMatch: '"another"',
        }),
    ],
    [
      "a version that no header can hold",
      "PRECONDITION_FAILED",
      async () => (await open(ann)).delete("orders", "1", ["contoso"], { ifMatch: "\u2028\n" }),
    ],
    [
      "an empty version",
      "PRECONDITION_FAILED",
      async () => (await open(ann)).delete("orders", "1", ["contoso"], { ifMatch: "" }),
    ],
    [
      "SQL that is none",
      "BAD_USER_INPUT",
      async () =>
        (await open(ann)).query("orders", { query: "SELEKT", parameters: [] }, ["contoso"], {
          limit: 1,
        }),
    ],
    [
      "a container that is not there",
      "CONTAINER_MISSING",
      async () => (await open(accessOf("x", wants("nothing", "All")))).read("nothing", "1", ["a"]),
    ],
    [
      "a partition key without a value",
      "BAD_USER_INPUT",
      async () => (await open(ann)).read("orders", "1", []),
    ],
    [
      "a partition key that JSON writes as another",
      "BAD_USER_INPUT",
      async () => (await open(ann)).query("orders", allOrders, [Number.NaN], { limit: 1 }),
    ],
  ])("%s is %s", async (_name, code, operation) => {
    expect(await codeOf(operation())).toBe(code);
  });

  test("a point read of what is not there is undefined, also in a partition of the caller's own", async () => {
    const items = await open(ann);
    expect(await items.read("orders", "no", ["contoso"])).toBeUndefined();
  });

  test.each([
    [408, "TIMEOUT"],
    [500, "UPSTREAM_UNAVAILABLE"],
    [503, "UPSTREAM_UNAVAILABLE"],
    [410, "UPSTREAM_UNAVAILABLE"],
  ])("%d of a write is %s, and the write is sent once", async (status, code) => {
    const items = await openWarm(ann);
    await shop.addFault({ match: { method: "POST" }, status });
    const body = { id: "n", tenantId: "contoso" };
    expect(await codeOf(items.create("orders", body, ["contoso"]))).toBe(code);
    expect((await sent()).filter((line) => line.startsWith("create"))).toHaveLength(1);
  });

  test("a write whose connection breaks is not sent again, and may have been done", async () => {
    const items = await openWarm(ann);
    // A second attempt would meet no fault, and succeed.
    await shop.addFault({ match: { method: "POST" }, drop: true });
    const write = items.create("orders", { id: "n", tenantId: "contoso" }, ["contoso"]);
    await expect(write).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      message: expect.stringContaining("may have been made"),
    });
  });

  test("a read whose connection breaks is sent again, once", async () => {
    const items = await openWarm(ann);
    await shop.addFault({ match: { path: "/docs/" }, drop: true });
    expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ id: "1" });
    await shop.addFault({ match: {}, drop: true, times: 2 });
    expect(await codeOf(items.read("orders", "1", ["contoso"]))).toBe("UPSTREAM_UNAVAILABLE");
  });

  test("429 and 449 are waited out, for writes too", async () => {
    const items = await openWarm(ann);
    await shop.addFault({ match: { method: "POST" }, status: 429, retryAfterMs: 3, times: 2 });
    await shop.addFault({ match: { method: "POST" }, status: 449 });
    await items.create("orders", { id: "n", tenantId: "contoso" }, ["contoso"]);
    expect(await sent()).toEqual(["create 429", "create 429", "create 449", "create 201"]);
  });

  test("429 that asks for a long wait is THROTTLED, with the time", async () => {
    const items = await openWarm(ann);
    await shop.addFault({ match: {}, status: 429, retryAfterMs: 60_000 });
    await expect(items.read("orders", "1", ["contoso"])).rejects.toMatchObject({
      code: "THROTTLED",
      retryAfterMs: 60_000,
    });
  });

  test("an error holds no token, whatever is printed of it", async () => {
    const { inspect } = await import("node:util");
    const items = await openWarm(ann);
    const faults = [{ status: 503 }, { status: 403 }, { status: 400 }, { drop: true }];
    for (const fault of faults) {
      await shop.addFault({ match: { path: "/docs/" }, times: 2, ...fault });
      const error = await items.read("orders", "1", ["contoso"]).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: 12, showHidden: true })).not.toContain("type%3Dresource");
      expect(inspect(error, { depth: 12, showHidden: true })).not.toContain("type=resource");
      await shop.clearFaults();
    }
  });

  test("an unreachable endpoint is UPSTREAM_UNAVAILABLE at once", async () => {
    const grants = await process.grantCache.grantsFor(ann);
    const { openItems } = shop.startProcess({ endpoint: "http://127.0.0.1:1/" });
    const items = openItems(ann, grants);
    const attempts = Array.from({ length: 50 }, () =>
      codeOf(items.read("orders", "1", ["contoso"])),
    );
    expect(new Set(await Promise.all(attempts))).toEqual(new Set(["UPSTREAM_UNAVAILABLE"]));
  });
});

describe("deadlines", () => {
  test("a read under way ends with TIMEOUT when the request's deadline passes", async () => {
    const deadline = new AbortController();
    await openWarm(ann);
    const items = await open(ann, deadline.signal);
    await shop.addFault({ match: {}, delayMs: 5_000 });
    const read = codeOf(items.read("orders", "1", ["contoso"]));
    deadline.abort();
    expect(await read).toBe("TIMEOUT");
  });

  test("a write that was cut off says that it may have been done", async () => {
    const deadline = new AbortController();
    await openWarm(ann);
    const items = await open(ann, deadline.signal);
    await shop.addFault({ match: {}, delayMs: 5_000 });
    const write = items.create("orders", { id: "n", tenantId: "contoso" }, ["contoso"]);
    deadline.abort();
    await expect(write).rejects.toThrow("may have been made");
  });

  test("a wait for throttling ends with the deadline", async () => {
    const deadline = new AbortController();
    await openWarm(ann);
    const items = await open(ann, deadline.signal);
    await shop.addFault({ match: {}, status: 429, retryAfterMs: 4_000 });
    const read = codeOf(items.read("orders", "1", ["contoso"]));
    await expect.poll(sent).toEqual(["read 429"]);
    deadline.abort();
    expect(await read).toBe("TIMEOUT");
  });

  test("nothing is sent after the deadline", async () => {
    const items = await open(ann, AbortSignal.abort());
    await shop.forgetRequests();
    expect(await codeOf(items.read("orders", "1", ["contoso"]))).toBe("TIMEOUT");
    expect(await sent()).toEqual([]);
  });
});

describe("ids and partition keys of any characters", () => {
  test.each([".", "..", "", " ", "a/b", "a\\b", "a#b", "\udc00"])(
    "the item id %j is refused before anything is sent",
    async (id) => {
      const items = await openWarm(accessOf("owner", wants("orders", "All"), contosoAll));
      const body = { id, tenantId: "contoso" };
      const attempts = [
        items.read("orders", id, ["contoso"]),
        items.delete("orders", id, ["contoso"]),
        items.replace("orders", id, body, ["contoso"]),
        items.create("orders", body, ["contoso"]),
        items.upsert("orders", body, ["contoso"]),
      ];
      expect(await Promise.all(attempts.map(codeOf))).toEqual(Array(5).fill("BAD_USER_INPUT"));
      expect(await sent()).toEqual([]);
    },
  );

  test.each([
    ...["a%b", "%2e%2e", "..%2f", "a b", " a", "é", "🛒", "a+b&c=d;e", "100%", "a'b\"c", "%"],
    ...["a?b", "?", "..?x", "a?x=1&y", "docs", "null"],
  ])("the item id %j is written, read and deleted", async (id) => {
    const items = await open(ann);
    await items.create("orders", { id, tenantId: "contoso" }, ["contoso"]);
    expect(await items.read("orders", id, ["contoso"])).toMatchObject({ id });
    await items.delete("orders", id, ["contoso"]);
    expect(await items.read("orders", id, ["contoso"])).toBeUndefined();
  });

  test("an item of any id that Cosmos DB allows is written and read", async () => {
    const items = await open(ann);
    const ids = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .map((id) => `x${id.replace(/[/\\#\p{Cc}]/gu, "?")}x`);
    await fc.assert(
      fc.asyncProperty(ids, async (id) => {
        await items.upsert("orders", { id, tenantId: "contoso" }, ["contoso"]);
        expect(await items.read("orders", id, ["contoso"])).toMatchObject({ id });
      }),
      { numRuns: 200, examples: [["x[]{}|^`'\"<>~!$&()*+,;=:@%x"]] },
    );
  });

  test("an endpoint may be written in capitals", async () => {
    const { grantCache, openItems } = shop.startProcess({
      endpoint: shop.emulator.endpoint.replace("http:", "HTTP:"),
    });
    const items = openItems(ann, await grantCache.grantsFor(ann));
    expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ id: "1" });
  });

  test("a deletion by an id of any kind never deletes the container", async () => {
    const items = await open(accessOf("owner", wants("orders", "All")));
    const pieces = fc.constantFrom(".", "..", "/", "\\", "?", "#", "%2e", "%2f", "a", ";", " ");
    const ids = fc.array(pieces, { maxLength: 5 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(ids, async (id) => {
        expect(["BAD_USER_INPUT", "NOT_FOUND"]).toContain(
          await codeOf(items.delete("orders", id, ["contoso"])),
        );
      }),
      { numRuns: 300, examples: [["..?x"], ["..;"], ["../..?"]] },
    );
    expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ id: "1" });
  });

  test("a read of an id of any kind is never answered with another user's item, or from memory", async () => {
    const owner = await open(accessOf("owner", wants("orders", "All")));
    const member = await open(accessOf("member", contosoAll));
    for (const id of [".?", "..?x", "..?", "..;?", "..?pkranges", "pkranges", "..%3f"]) {
      await owner.create("orders", { id, tenantId: "fabrikam" }, ["fabrikam"]);
      expect(await owner.read("orders", id, ["fabrikam"])).toMatchObject({ id });
      expect(await member.read("orders", id, ["contoso"])).toBeUndefined();
      expect(await codeOf(member.read("orders", id, ["fabrikam"]))).toBe("FORBIDDEN");
    }
  });

  test("a partition key of any value reads its own partition only", async () => {
    const keys = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 20 }),
      // JSON knows no negative zero.
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
      fc.boolean(),
      fc.constant(null),
    );
    const items = await open(accessOf("owner", wants("orders", "All")));
    await fc.assert(
      fc.asyncProperty(keys, keys, async (key, other) => {
        await items.upsert("orders", { id: "p", tenantId: key }, [key]);
        expect(await items.read("orders", "p", [key])).toMatchObject({ tenantId: key });
        if (!Object.is(key, other) && key !== other) {
          expect(await items.read("orders", "p", [other])).not.toMatchObject({ tenantId: key });
        }
        await items.delete("orders", "p", [key]);
      }),
      { numRuns: 100 },
    );
  });
});
