import { afterAll, beforeAll, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    // What is shown is that nobody is turned away, not how fast the machine is that shows it.
    configure: (yaml) => `${yaml}\nlimits:\n  requestTimeoutMs: 60000\n`,
  });
});
afterAll(() => gateway.stop());

const READ = `{ order(id: "order-1") { id tenantId } }`;

test("after a restart 1,000 users come at once while Cosmos DB throttles: all are served", async () => {
  const callers = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) =>
      gateway.as({
        sub: `user-${index}`,
        tid: index % 2 === 0 ? "contoso" : "fabrikam",
        roles: ["member"],
      }),
    ),
  );
  const path = "/users(/|$)";
  await gateway.addFault({ match: { path }, times: 500, status: 429, retryAfterMs: 1 });
  await gateway.addFault({ match: { path }, times: 50, status: 449 });
  const answers = await Promise.all(callers.map((caller) => caller.post(READ)));
  expect(answers.flatMap(errorCodes)).toEqual([]);
  for (const [index, { data }] of answers.entries()) {
    const tenantId = index % 2 === 0 ? "contoso" : "fabrikam";
    expect(data).toEqual({ order: { id: "order-1", tenantId } });
  }
  const throttled = (await gateway.requests()).filter(({ status }) => status === 429);
  expect(throttled).toHaveLength(500);
});
