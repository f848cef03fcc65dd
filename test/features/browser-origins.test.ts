import { afterAll, beforeAll, expect, test } from "vitest";
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
