import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createCosmosTransport } from "../../src/items/cosmos-transport.ts";
import { createMetadataCache } from "../../src/items/metadata-cache.ts";
import { createScopedHttpClient } from "../../src/items/scoped-http-client.ts";
import { createScopedItems } from "../../src/items/scoped-items.ts";
import { accessOf, startEmulatedShop, wants } from "../tokens/emulated-shop.ts";

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: { readonly code?: unknown }) => error.code,
  );
}

describe("the last guard", () => {
  const url = "https://contoso.documents.azure.com/dbs/shop/colls/orders/docs";

  function send(requestUrl: string, authorization?: string): Promise<unknown> {
    const client = createScopedHttpClient({
      httpClient: {
        sendRequest: async (request) => ({ request, status: 200, headers: createHttpHeaders() }),
      },
      metadata: createMetadataCache({ nowMs: () => 0 }),
      onAnswer: () => {},
      signal: new AbortController().signal,
    });
    const headers = createHttpHeaders(authorization === undefined ? {} : { authorization });
    const request = createPipelineRequest({ url: requestUrl, method: "DELETE", headers });
    return codeOf(client.sendRequest(request));
  }

  test.each([
    undefined,
    "null",
    "undefined",
    "",
    encodeURIComponent("type=master&ver=1.0&sig=abc="),
    encodeURIComponent("type=aad&ver=1.0&sig=abc"),
  ])("a request with the authorization %j is not sent", async (authorization) => {
    expect(await send(url, authorization)).toBe("FORBIDDEN");
    expect(await send(`${url}/1`, authorization)).toBe("FORBIDDEN");
  });

  const resourceToken = encodeURIComponent("type=resource&ver=1&sig=abc;def;");

  test.each(["/..", "/.", "/../..", "/%2e%2e", "/a/../b", "\\..\\x"])(
    "a URL that ends in %j means something else than it says, and is not sent",
    async (end) => {
      expect(await send(`${url}${end}`, resourceToken)).toBe("FORBIDDEN");
    },
  );

  test("what is in order is sent", async () => {
    expect(await send(`${url}/1`, resourceToken)).toBe("no error");
    expect(await send(`${url}/..?x`, resourceToken)).toBe("no error");
  });
});

test.each<[string, number, string, string]>([
  [
    "a query in one partition that the service wants planned is refused, and never leaves its partition",
    400,
    JSON.stringify({ code: "BadRequest", message: "x", additionalErrorInfo: "{}" }),
    "BAD_USER_INPUT",
  ],
  ["an error page of a proxy is an error of that status", 502, "<html>", "UPSTREAM_UNAVAILABLE"],
  ["an error without a body is an error of that status", 503, "", "UPSTREAM_UNAVAILABLE"],
  [
    "a page that is no answer of Cosmos DB is not taken for one",
    200,
    "<html>",
    "UPSTREAM_UNAVAILABLE",
  ],
])("%s", async (_name, status, bodyAsText, code) => {
  const shop = await startEmulatedShop();
  const transport = createCosmosTransport();
  const httpClient: HttpClient = {
    sendRequest: async (request) =>
      request.headers.has("x-ms-documentdb-isquery")
        ? { request, status, headers: createHttpHeaders(), bodyAsText }
        : transport.httpClient.sendRequest(request),
  };
  const { grantCache } = shop.startProcess();
  const openItems = createScopedItems({
    endpoint: shop.emulator.endpoint,
    database: "shop",
    httpClient,
    clock: systemClock,
    renew: grantCache.renew,
  });
  const auditor = accessOf("auditor", wants("orders", "Read"));
  const items = openItems(auditor, await grantCache.grantsFor(auditor));
  await shop.forgetRequests();
  const query = { query: "SELECT * FROM c", parameters: [] };
  expect(await codeOf(items.query("orders", query, ["contoso"], { limit: 10 }))).toBe(code);
  expect((await shop.requests()).map(({ kind }) => kind)).toEqual(["account"]);
  transport.close();
  await shop.stop();
});
