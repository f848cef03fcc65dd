import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayUnderTest, startGatewayUnderTest } from "../features/gateway-under-test.ts";

let gateway: GatewayUnderTest;
let bearerToken: string;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
  bearerToken = await gateway.bearerTokenOf("contoso-member");
});
afterAll(() => gateway.stop());

const audits = serverAudits({
  url: () => gateway.url,
  fetchFn: (url: string, init: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        authorization: `Bearer ${bearerToken}`,
      },
    }),
});

test("the audit has its audits", () => {
  expect(audits.length).toBeGreaterThan(50);
});

// "notice" marks what a server MAY do; "warn" what it SHOULD, "error" what it MUST.
test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
  "%s %s",
  async (_id, _name, audit) => {
    const result = await audit.fn();
    expect(["ok", "notice"], "reason" in result ? result.reason : "").toContain(result.status);
  },
);
