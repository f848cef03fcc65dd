import { createHttpHeaders } from "@azure/core-rest-pipeline";
import type { Container } from "@azure/cosmos";
import { expect, test } from "vitest";
import type { ItemRequest } from "../../src/items/item-request.ts";
import { openScopedContainer, partitionKeyHeaderOf } from "../../src/items/scoped-client.ts";
import { Secret } from "../../src/secret.ts";

const account = JSON.stringify({
  writableLocations: [{ name: "here", databaseAccountEndpoint: "https://account.test/" }],
  readableLocations: [{ name: "here", databaseAccountEndpoint: "https://account.test/" }],
});

/** A container that is open for one request, and the item requests that went out. */
function open(request: ItemRequest) {
  const sent: string[] = [];
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
        if (pathname !== "/") {
          sent.push(`${outgoing.method} ${pathname}`);
        }
        const bodyAsText = pathname === "/" ? account : JSON.stringify({ id: "1", Documents: [] });
        return { request: outgoing, status: 200, headers: createHttpHeaders(), bodyAsText };
      },
    },
  });
  return { container, sent };
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
  await expect(operation(container)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(sent).toEqual([]);
});

test("the partition key header is ASCII, whatever the key", () => {
  expect(partitionKeyHeaderOf({ ...read, partitionKey: ["é🛒\u007f\n", 1, null] })).toBe(
    String.raw`["\u00e9\ud83d\uded2\u007f\n",1,null]`,
  );
});
