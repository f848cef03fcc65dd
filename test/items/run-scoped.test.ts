import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import type { ItemRequest } from "../../src/items/item-request.ts";
import { createScopedRunner, MAX_REQUESTS } from "../../src/items/run-scoped.ts";
import { createSession } from "../../src/items/session.ts";
import { Secret } from "../../src/secret.ts";

const REQUEST: ItemRequest = {
  kind: "read",
  container: "orders",
  item: "1",
  partitionKey: ["contoso"],
};

/** A runner whose Cosmos DB answers every item read with this text. */
function createRunner(item: string) {
  const clock = { nowMs: () => 0 };
  const location = { name: "here", databaseAccountEndpoint: "https://account.test/" };
  const account = JSON.stringify({
    writableLocations: [location],
    readableLocations: [location],
  });
  const runner = createScopedRunner({
    endpoint: "https://account.test/",
    database: "shop",
    clock,
    metadata: createMetadataCache(clock),
    session: createSession(),
    signal: undefined,
    renew: () => Promise.reject(new Error("The grants are not spent.")),
    grants: {
      cosmosUserId: "ann",
      expiresAtMs: 1,
      grants: [
        {
          scope: { permissionId: "p", container: "orders", mode: "Read", expiresAtMs: 1 },
          resourceToken: new Secret("type=resource&ver=1&sig=a;b;"),
        },
      ],
    },
    httpClient: {
      sendRequest: async (request) => ({
        request,
        status: 200,
        headers: createHttpHeaders(),
        bodyAsText: new URL(request.url).pathname === "/" ? account : item,
      }),
    },
  });
  const read = () =>
    runner.run(REQUEST, (container, abortSignal) =>
      container.item("1", ["contoso"]).read({ abortSignal }),
    );
  return { runner, read };
}

test("one caller's request sends some thousands of requests and no more", async () => {
  const { runner, read } = createRunner('{"id":"1"}');
  await runner.run(REQUEST, async (container, abortSignal) => {
    const item = container.item("1", ["contoso"]);
    // The account document is the first of them.
    for (let sent = 1; sent < MAX_REQUESTS; sent += 1) {
      await item.read({ abortSignal });
    }
  });
  await expect(read()).rejects.toMatchObject({
    code: "QUERY_TOO_EXPENSIVE",
    message:
      "This reads or writes too much at once. Ask for fewer items, or for fewer of their fields.",
  });
  expect(runner.cost.requests).toBe(MAX_REQUESTS);
});

test("one caller's request sends no more when it has read 32 MB", async () => {
  const { runner, read } = createRunner(JSON.stringify({ id: "1", text: "x".repeat(2 ** 22) }));
  for (let megabytes = 0; megabytes < 32; megabytes += 4) {
    await read();
  }
  const { requests } = runner.cost;
  await expect(read()).rejects.toMatchObject({ code: "QUERY_TOO_EXPENSIVE" });
  expect(runner.cost.requests).toBe(requests);
});
