import { afterAll, beforeAll, expect, test } from "vitest";
import { ReadOrderDocument } from "../generated/operations.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

const throttle = { times: 100, status: 429, retryAfterMs: 60_000 };

test("a caller whose permissions can't be read for throttling gets HTTP 429 and Retry-After", async () => {
  const member = await gateway.as("contoso-member");
  await gateway.addFault({ match: { path: "/permissions" }, ...throttle });
  const answer = await member.run(ReadOrderDocument, { id: "order-1" });
  await gateway.clearFaults();
  expect(answer.status).toBe(429);
  expect(errorCodes(answer)).toEqual(["THROTTLED"]);
  expect(answer.headers.get("retry-after")).toBe("60");
});

test("an item that can't be read for throttling is an error of its field", async () => {
  const manager = await gateway.as("contoso-manager");
  await manager.run(ReadOrderDocument, { id: "order-1" });
  await gateway.addFault({ match: { path: "/docs" }, ...throttle });
  const answer = await manager.run(ReadOrderDocument, { id: "order-1" });
  await gateway.clearFaults();
  expect(answer.status).toBe(200);
  expect(answer.data).toEqual({ order: null });
  expect(answer.errors[0]?.extensions).toEqual({ code: "THROTTLED", retryAfterMs: 60_000 });
});
