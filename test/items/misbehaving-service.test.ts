import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createCosmosTransport } from "../../src/cosmos/cosmos-transport.ts";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import { createScopedItems } from "../../src/items/scoped-items.ts";
import { accessOf, type EmulatedShop, startEmulatedShop, wants } from "../tokens/emulated-shop.ts";

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: { readonly code?: unknown }) => error.code,
  );
}

function answer(request: PipelineRequest, status: number, bodyAsText: string): PipelineResponse {
  return { request, status, headers: createHttpHeaders(), bodyAsText };
}

describe("a service, or what stands before it, that answers otherwise", () => {
  let shop: EmulatedShop;

  beforeEach(async () => {
    shop = await startEmulatedShop();
  });

  afterEach(() => shop.stop());

  const query = { query: "SELECT * FROM c", parameters: [] };
  const body = { id: "n", tenantId: "contoso" };

  type Answer = (request: PipelineRequest) => PipelineResponse | "from the emulator";

  /** Items of the whole container, over a wire that answers some requests in its own way. */
  async function openOver(answerOf: Answer) {
    const transport = createCosmosTransport();
    const httpClient: HttpClient = {
      sendRequest: async (request) => {
        const own = answerOf(request);
        return own === "from the emulator" ? transport.httpClient.sendRequest(request) : own;
      },
    };
    const { grantCache } = shop.startProcess();
    const openItems = createScopedItems({
      endpoint: shop.emulator.endpoint,
      database: "shop",
      httpClient,
      metadata: createMetadataCache(systemClock),
      clock: systemClock,
      renew: grantCache.renew,
    });
    const owner = accessOf("owner", wants("orders", "All"));
    const items = openItems(owner, await grantCache.grantsFor(owner));
    await shop.forgetRequests();
    return items;
  }

  const kinds = async () => (await shop.requests()).map(({ kind }) => kind);

  test.each<[string, number, string, string]>([
    [
      "a query in one partition that the service wants planned is refused, and stays in its partition",
      400,
      JSON.stringify({ code: "BadRequest", message: "x", additionalErrorInfo: "{}" }),
      "BAD_USER_INPUT",
    ],
    ["an error page of a proxy is an error", 502, "<html>", "UPSTREAM_UNAVAILABLE"],
    ["an error without a body is an error", 503, "", "UPSTREAM_UNAVAILABLE"],
    ["a page that is no answer of Cosmos DB is an error", 200, "<html>", "UPSTREAM_UNAVAILABLE"],
  ])("%s", async (_name, status, text, code) => {
    const items = await openOver((request) =>
      request.headers.has("x-ms-documentdb-isquery")
        ? answer(request, status, text)
        : "from the emulator",
    );
    expect(await codeOf(items.query("orders", query, ["contoso"], { limit: 10 }))).toBe(code);
    expect(await kinds()).toEqual(["account"]);
  });

  test("a request that takes the SDK's time is TIMEOUT, and not sent 120 times more", async () => {
    let attempts = 0;
    const items = await openOver((request) => {
      if (!request.url.includes("/docs")) {
        return "from the emulator";
      }
      attempts += 1;
      // What the HTTP client throws when the SDK aborts a request after its time.
      throw Object.assign(new Error("aborted"), { name: "AbortError" });
    });
    expect(await codeOf(items.read("orders", "1", ["contoso"]))).toBe("TIMEOUT");
    expect(attempts).toBe(1);
    await expect(items.create("orders", body, ["contoso"])).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("The change may have been made."),
    });
    expect(attempts).toBe(2);
  });

  test("a write that one region failed to answer is not sent to another", async () => {
    const region = (name: string) => ({ name, databaseAccountEndpoint: shop.emulator.endpoint });
    const account = {
      enableMultipleWriteLocations: true,
      writableLocations: [region("north"), region("south")],
      readableLocations: [region("north"), region("south")],
      userConsistencyPolicy: { defaultConsistencyLevel: "Session" },
    };
    const items = await openOver((request) =>
      new URL(request.url).pathname === "/"
        ? answer(request, 200, JSON.stringify(account))
        : "from the emulator",
    );
    await shop.addFault({ match: { method: "POST" }, status: 503 });
    expect(await codeOf(items.create("orders", body, ["contoso"]))).toBe("UPSTREAM_UNAVAILABLE");
    expect((await kinds()).filter((kind) => kind === "create")).toHaveLength(1);
  });
});
