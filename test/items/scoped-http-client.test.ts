import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createCosmosTransport } from "../../src/cosmos/cosmos-transport.ts";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import { createScopedHttpClient } from "../../src/items/scoped-http-client.ts";
import { createScopedItems } from "../../src/items/scoped-items.ts";
import { createSession, openSession, type Session } from "../../src/items/session.ts";
import { accessOf, type EmulatedShop, startEmulatedShop, wants } from "../tokens/emulated-shop.ts";

const RESOURCE_TOKEN = encodeURIComponent("type=resource&ver=1&sig=abc;def;");
const ACCOUNT_URL = "https://contoso.documents.azure.com";
const ORDERS_URL = `${ACCOUNT_URL}/dbs/shop/colls/orders`;

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: { readonly code?: unknown }) => error.code,
  );
}

function answer(request: PipelineRequest, status: number, bodyAsText: string): PipelineResponse {
  return { request, status, headers: createHttpHeaders(), bodyAsText };
}

describe("by itself", () => {
  /** An HTTP client over a wire that answers everything, and what went over that wire. */
  function connect() {
    const sent: string[] = [];
    const client = createScopedHttpClient({
      httpClient: {
        sendRequest: async (request) => {
          sent.push(request.url);
          return answer(request, 200, "{}");
        },
      },
      metadata: createMetadataCache(systemClock),
      onAnswer: () => {},
      session: createSession(),
      container: "orders",
      signal: new AbortController().signal,
    });
    const send = (method: "GET" | "DELETE", url: string, headers: Record<string, string>) =>
      codeOf(
        client.sendRequest(
          createPipelineRequest({ url, method, headers: createHttpHeaders(headers) }),
        ),
      );
    return { send, sent };
  }

  test.each([
    undefined,
    "null",
    "undefined",
    "",
    encodeURIComponent("type=master&ver=1.0&sig=abc="),
    encodeURIComponent("type=aad&ver=1.0&sig=abc"),
  ])("a request with the authorization %j is not sent", async (authorization) => {
    const { send, sent } = connect();
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    expect(await send("DELETE", `${ORDERS_URL}/docs/1`, headers)).toBe("FORBIDDEN");
    expect(await send("GET", ORDERS_URL, headers)).toBe("FORBIDDEN");
    expect(sent).toEqual([]);
  });

  test.each(["/..", "/.", "/../..", "/%2e%2e", "/a/../b", "\\..\\x"])(
    "a URL that ends in %j means something else than it says, and is not sent",
    async (end) => {
      const { send, sent } = connect();
      const url = `${ORDERS_URL}/docs${end}`;
      expect(await send("DELETE", url, { authorization: RESOURCE_TOKEN })).toBe("FORBIDDEN");
      expect(sent).toEqual([]);
    },
  );

  test("a question mark is part of an item id", async () => {
    const { send, sent } = connect();
    const url = `${ORDERS_URL}/docs/..?x`;
    expect(await send("DELETE", url, { authorization: RESOURCE_TOKEN })).toBe("no error");
    expect(sent).toEqual([`${ORDERS_URL}/docs/..%3Fx`]);
  });

  test("only what is about an account, a container or its ranges is answered from memory", async () => {
    const { send, sent } = connect();
    const twice = async (url: string, headers: Record<string, string> = {}) => {
      sent.length = 0;
      await send("GET", url, { authorization: RESOURCE_TOKEN, ...headers });
      await send("GET", url, { authorization: RESOURCE_TOKEN, ...headers });
      return sent.length;
    };
    expect(await twice(ACCOUNT_URL)).toBe(1);
    expect(await twice(ORDERS_URL)).toBe(1);
    expect(await twice(`${ORDERS_URL}/pkranges`)).toBe(1);
    expect(await twice(`${ORDERS_URL}/docs/1`)).toBe(2);
    expect(await twice(`${ORDERS_URL}/docs`)).toBe(2);
    expect(await twice(ORDERS_URL, { "x-ms-documentdb-partitionkey": "[1]" })).toBe(2);
    expect(await twice(`${ORDERS_URL}/pkranges`, { "x-ms-continuation": "1" })).toBe(2);
    expect(await twice(ORDERS_URL, { "if-none-match": "1" })).toBe(2);
  });
});

describe("the caller's session token", () => {
  /** Sends one request of a session, over a wire that answers as told; gives what it was sent. */
  async function sendIn(session: Session, url: string, answers: readonly PipelineResponse[]) {
    const left = [...answers];
    const sent: (string | undefined)[] = [];
    const client = createScopedHttpClient({
      httpClient: {
        sendRequest: async (request) => {
          sent.push(request.headers.get("x-ms-session-token"));
          return left.shift() ?? answer(request, 200, "{}");
        },
      },
      metadata: createMetadataCache(systemClock),
      onAnswer: () => {},
      session,
      container: "orders",
      signal: new AbortController().signal,
    });
    const headers = createHttpHeaders({ authorization: RESOURCE_TOKEN });
    await client.sendRequest(createPipelineRequest({ url, method: "GET", headers }));
    return sent;
  }

  function answerAt(status: number, token: string): PipelineResponse {
    const request = createPipelineRequest({ url: ORDERS_URL });
    const headers = createHttpHeaders({ "x-ms-session-token": token, "x-ms-retry-after-ms": "0" });
    return { request, status, headers, bodyAsText: "{}" };
  }

  test("goes with requests for items and for nothing else", async () => {
    const session = openSession("orders=0:-1#5,carts=0:-1#9") ?? createSession();
    expect(await sendIn(session, `${ORDERS_URL}/docs/1`, [])).toEqual(["0:-1#5"]);
    expect(await sendIn(session, `${ORDERS_URL}/docs`, [])).toEqual(["0:-1#5"]);
    for (const url of [ACCOUNT_URL, ORDERS_URL, `${ORDERS_URL}/pkranges`]) {
      expect(await sendIn(session, url, [answerAt(200, "0:-1#100")])).toEqual([undefined]);
    }
    // The ranges of a container are metadata, too: what they answer is not about items.
    expect(session.toHeader()).toBe("orders=0:-1#5,carts=0:-1#9");
  });

  test("goes on with each answer, also of a request that is repeated", async () => {
    const session = createSession();
    const answers = [answerAt(429, "0:-1#5"), answerAt(200, "0:-1#7")];
    expect(await sendIn(session, `${ORDERS_URL}/docs/1`, answers)).toEqual([undefined, "0:-1#5"]);
    expect(session.toHeader()).toBe("orders=0:-1#7");
  });
});

describe("between the SDK and Cosmos DB", () => {
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
