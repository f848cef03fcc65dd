import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const APP = "https://app.example.com";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    configure: (yaml) => yaml.replace("  port: 4000", `  port: 4000\n  corsOrigins: ["${APP}"]`),
  });
});
afterAll(() => gateway.stop());

function preflight(origin: string, url = gateway.url): Promise<Response> {
  return fetch(url, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });
}

test("a page of a configured origin may call the API, and read refusals as well", async () => {
  const asked = await preflight(APP);
  expect(asked.status).toBe(204);
  expect(asked.headers.get("access-control-allow-origin")).toBe(APP);
  expect(asked.headers.get("access-control-allow-headers")).toContain("authorization");
  // Nothing that the browser would attach by itself is asked for.
  expect(asked.headers.get("access-control-allow-credentials")).toBeNull();

  const refused = await gateway.post({ query: "{ viewer { subject } }" }, { origin: APP });
  expect(refused.status).toBe(401);
  expect(refused.headers.get("access-control-allow-origin")).toBe(APP);
  expect(refused.headers.get("access-control-expose-headers")).toContain("x-ms-session-token");
});

test("a page of another origin may not", async () => {
  const asked = await preflight("https://evil.example.com");
  expect(asked.headers.get("access-control-allow-origin")).toBeNull();
});

test("the development issuer answers no page, whatever its origin", async () => {
  const asked = await preflight(APP, `${gateway.address}/dev-issuer/token`);
  expect(asked.headers.get("access-control-allow-origin")).toBeNull();
});

test("without configured origins, no page may call", async () => {
  const closed = await startGatewayUnderTest();
  try {
    const asked = await preflight(APP, closed.url);
    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
  } finally {
    await closed.stop();
  }
});

describe("a GET without a bearer token, where anonymous callers are answered,", () => {
  let open: GatewayUnderTest;
  beforeAll(async () => {
    open = await startGatewayUnderTest({
      configure: (yaml) =>
        yaml
          .replace("  port: 4000", `  port: 4000\n  corsOrigins: ["${APP}"]`)
          .replace(/^auth:/m, "auth:\n  anonymous: true")
          .replace(
            /^profiles:/m,
            "profiles:\n  - name: visitor\n    when: anonymous\n    cosmosUser: visitor:all\n    permissions:\n      - { container: products, mode: Read }",
          ),
    });
  });
  afterAll(() => open.stop());

  const get = (headers: Record<string, string>, method = "GET") =>
    fetch(`${open.url}?query=${encodeURIComponent("{ products { totalCount } }")}`, {
      method,
      headers,
    });

  test.each<[string, Record<string, string>]>([
    ["a foreign origin", { origin: "https://evil.example.com" }],
    ["an opaque origin", { origin: "null" }],
    ["another port's origin", { origin: "http://localhost:1" }],
    ["a cross-site fetch", { "sec-fetch-site": "cross-site" }],
    ["both", { origin: "https://evil.example.com", "sec-fetch-site": "cross-site" }],
  ])("from %s is 403, before anything is sent", async (_name, headers) => {
    await get({});
    await open.forgetRequests();
    const answer = await get(headers);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
    expect((await get(headers, "HEAD")).status).toBe(403);
    expect(await open.requests()).toEqual([]);
  });

  test.each<[string, () => Record<string, string>]>([
    ["no page at all", () => ({})],
    ["the gateway's own origin", () => ({ origin: open.address, "sec-fetch-site": "same-origin" })],
    ["an origin that may call", () => ({ origin: APP, "sec-fetch-site": "cross-site" })],
    ["what the user typed", () => ({ "sec-fetch-site": "none" })],
  ])("from %s is answered", async (_name, headers) => {
    const answer = await get(headers());
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ data: { products: { totalCount: 6 } } });
  });

  test("is none with a bearer token, which no browser attaches by itself", async () => {
    const authorization = `Bearer ${await open.bearerTokenOf("contoso-member")}`;
    const answer = await get({ origin: "https://evil.example.com", authorization });
    expect(answer.status).toBe(200);
    const invalid = await get({ origin: "https://evil.example.com", authorization: "Bearer x" });
    expect(invalid.status).toBe(401);
  });

  test("is no POST, which a browser asks about first", async () => {
    const answer = await open.post(
      { query: "{ products { totalCount } }" },
      { origin: "https://evil.example.com" },
    );
    expect(answer.status).toBe(200);
  });
});
