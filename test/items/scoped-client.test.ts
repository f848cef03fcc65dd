import { createHttpHeaders } from "@azure/core-rest-pipeline";
import type { Container } from "@azure/cosmos";
import { expect, test, vi } from "vitest";
import type { ItemRequest } from "../../src/items/item-request.ts";
import { openScopedContainer, partitionKeyHeaderOf } from "../../src/items/scoped-client.ts";
import { Secret } from "../../src/secret.ts";

const ACCOUNT = JSON.stringify({
  writableLocations: [{ name: "here", databaseAccountEndpoint: "https://account.test/" }],
  readableLocations: [{ name: "here", databaseAccountEndpoint: "https://account.test/" }],
});

/** A container that is open for one request, and the requests that went out after the first. */
function open(request: ItemRequest, { account = ACCOUNT, status = 200 } = {}) {
  const sent: string[] = [];
  const userAgents = new Set<string | undefined>();
  const container = openScopedContainer({
    endpoint: "https://account.test/",
    database: "shop",
    request,
    grant: {
      scope: { permissionId: "p", container: request.container, mode: "All", expiresAtMs: 0 },
      resourceToken: new Secret("type=resource&ver=1&sig=a;b;"),
    },
    httpClient: {
      sendRequest: async (outgoing) => {
        const { pathname } = new URL(outgoing.url);
        userAgents.add(outgoing.headers.get("user-agent"));
        if (pathname !== "/") {
          sent.push(`${outgoing.method} ${pathname}`);
        }
        const bodyAsText = pathname === "/" ? account : JSON.stringify({ id: "1", Documents: [] });
        const headers = createHttpHeaders({ "x-ms-retry-after-ms": "0" });
        return { request: outgoing, status: pathname === "/" ? 200 : status, headers, bodyAsText };
      },
    },
  });
  return { container, sent, userAgents };
}

const read: ItemRequest = {
  kind: "read",
  container: "orders",
  item: "1",
  partitionKey: ["contoso"],
};

test("a container that was opened for a request sends that request", async () => {
  const { container, sent } = open(read);
  await container.item("1", ["contoso"]).read();
  expect(sent).toEqual(["GET /dbs/shop/colls/orders/docs/1"]);
});

test("the definition of its container may be read under any request's token", async () => {
  const { container, sent } = open(read);
  await container.read();
  expect(sent).toEqual(["GET /dbs/shop/colls/orders"]);
});

test("the service is told who asks", async () => {
  const { container, userAgents } = open(read);
  await container.item("1", ["contoso"]).read();
  expect([...userAgents]).toEqual([expect.stringMatching(/ cosmos-graphql-gateway$/)]);
});

test("a client leaves no timer behind", () => {
  const timers = vi.spyOn(globalThis, "setInterval");
  open(read);
  expect(timers).not.toHaveBeenCalled();
  timers.mockRestore();
});

test("a client repeats nothing by itself that was throttled", async () => {
  const { container, sent } = open(read, { status: 429 });
  await expect(container.item("1", ["contoso"]).read()).rejects.toMatchObject({ code: 429 });
  expect(sent).toHaveLength(1);
});

test("a write that one region can't answer is not sent to another", async () => {
  const north = { name: "north", databaseAccountEndpoint: "https://north.test/" };
  const south = { name: "south", databaseAccountEndpoint: "https://south.test/" };
  const account = JSON.stringify({
    enableMultipleWriteLocations: true,
    writableLocations: [north, south],
    readableLocations: [north, south],
  });
  const change: ItemRequest = { ...read, kind: "change" };
  const { container, sent } = open(change, { account, status: 503 });
  await expect(container.item("1", ["contoso"]).delete()).rejects.toMatchObject({ code: 503 });
  expect(sent).toEqual(["DELETE /dbs/shop/colls/orders/docs/1"]);
});

test("an account that moves single partitions costs no further request", async () => {
  const account = JSON.stringify({
    ...JSON.parse(ACCOUNT),
    enablePerPartitionFailoverBehavior: true,
  });
  const { container, sent } = open(read, { account });
  await container.item("1", ["contoso"]).read();
  await container.item("1", ["contoso"]).read();
  expect(sent).toEqual(Array(2).fill("GET /dbs/shop/colls/orders/docs/1"));
});

test("a query's token is for no item, whatever the item is called", async () => {
  const { container, sent } = open({ kind: "query", container: "orders", partitionKey: ["t"] });
  const named = container.item("undefined", ["t"]).read();
  await expect(named).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(sent).toEqual([]);
});

test.each<[string, (container: Container) => Promise<unknown>]>([
  ["another item", (container) => container.item("2", ["contoso"]).read()],
  ["another partition", (container) => container.item("1", ["fabrikam"]).read()],
  ["a deeper partition", (container) => container.item("1", ["contoso", "ann"]).read()],
  ["no partition", (container) => container.items.query("SELECT * FROM c").fetchAll()],
  ["a query", (c) => c.items.query("SELECT * FROM c", { partitionKey: ["fabrikam"] }).fetchAll()],
  ["another container", (container) => container.database.container("carts").read()],
  ["the database", (container) => container.database.read()],
  ["the users", (container) => container.database.users.readAll().fetchAll()],
])("and refuses its token for %s: nothing is sent", async (_name, operation) => {
  const { container, sent } = open(read);
  await expect(operation(container)).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: "This request can't be sent.",
    logReason: "the token for read in container orders was asked for another request",
  });
  expect(sent).toEqual([]);
});

test("a query across partitions has no partition key header", () => {
  expect(partitionKeyHeaderOf({ kind: "query", container: "orders" })).toBeUndefined();
});

test("the partition key header is ASCII, whatever the key", () => {
  expect(partitionKeyHeaderOf({ ...read, partitionKey: ["é🛒\u007f\n", 1, null] })).toBe(
    String.raw`["\u00e9\ud83d\uded2\u007f\n",1,null]`,
  );
});
