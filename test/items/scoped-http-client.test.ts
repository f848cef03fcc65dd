import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import { createScopedHttpClient } from "../../src/items/scoped-http-client.ts";
import { createSession, openSession, type Session } from "../../src/items/session.ts";

interface ConnectOptions {
  readonly isUnmerged?: boolean;
  /** What the first requests are answered with; 200 then. */
  readonly statuses?: readonly number[];
}

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
  function connect({ isUnmerged, statuses = [] }: ConnectOptions = {}) {
    const sent: string[] = [];
    const client = createScopedHttpClient({
      httpClient: {
        sendRequest: async (request) => {
          sent.push(request.url);
          return answer(request, statuses[sent.length - 1] ?? 200, "{}");
        },
      },
      metadata: createMetadataCache(systemClock),
      onAnswer: () => {},
      session: createSession(),
      isUnmerged,
      container: "orders",
      signal: new AbortController().signal,
    });
    const send = (method: "GET" | "DELETE", url: string, headers: Record<string, string>) =>
      codeOf(
        client.sendRequest(
          createPipelineRequest({ url, method, headers: createHttpHeaders(headers) }),
        ),
      );
    const ask = (headers: Record<string, string>) =>
      client.sendRequest(
        createPipelineRequest({
          url: `${ORDERS_URL}/docs`,
          method: "POST",
          headers: createHttpHeaders({ authorization: RESOURCE_TOKEN, ...headers }),
        }),
      );
    return { send, ask, sent };
  }

  const PLAN = { "x-ms-cosmos-is-query-plan-request": "True" };

  test.each([
    { "x-ms-documentdb-partitionkey": '["t"]' },
    { "x-ms-documentdb-partitionkeyrangeid": "0" },
  ])("a query in one partition has no plan, and none is asked for: %j", async (place) => {
    for (const isUnmerged of [false, true]) {
      const { ask, sent } = connect({ isUnmerged });
      const plan = await ask({ ...PLAN, ...place });
      expect(plan.status).toBe(400);
      expect(plan.headers.get("content-type")).toBe("application/json");
      expect(JSON.parse(plan.bodyAsText ?? "")).toEqual({
        code: "BadRequest",
        message: "A query in one partition has no plan.",
      });
      expect(sent).toEqual([]);
      expect(await ask(place)).toMatchObject({ status: 200 });
      expect(sent).toEqual([`${ORDERS_URL}/docs`]);
    }
  });

  test("a query across partitions is planned by Cosmos DB", async () => {
    const { ask, sent } = connect();
    expect(await ask(PLAN)).toMatchObject({ status: 200, bodyAsText: "{}" });
    expect(sent).toHaveLength(1);
  });

  test("a query whose rows nobody puts together needs no plan of Cosmos DB", async () => {
    const { ask, sent } = connect({ isUnmerged: true });
    const plan = await ask(PLAN);
    expect(JSON.parse(plan.bodyAsText ?? "")).toHaveProperty("queryRanges");
    expect(sent).toEqual([]);
    expect(await ask({})).toMatchObject({ bodyAsText: "{}" });
  });

  test("throttling is waited out", async () => {
    const { ask, sent } = connect({ statuses: [429, 449] });
    expect(await ask({})).toMatchObject({ status: 200 });
    expect(sent).toHaveLength(3);
  });

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
