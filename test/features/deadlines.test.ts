import { afterAll, beforeAll, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    configure: (yaml) => `${yaml}\nlimits:\n  requestTimeoutMs: 300\n`,
  });
});
afterAll(() => gateway.stop());

test("a first request whose permissions are not read in time is TIMEOUT; the next one has them", async () => {
  const newcomer = await gateway.as({ sub: "newcomer", tid: "contoso", roles: ["member"] });
  await gateway.addFault({ match: { path: "newcomer/permissions" }, delayMs: 1_000 });
  const answer = await newcomer.post(`{ order(id: "order-1") { id } }`);
  expect(answer.status).toBe(504);
  expect(errorCodes(answer)).toEqual(["TIMEOUT"]);

  // What was begun for that caller goes on.
  await expect
    .poll(async () => errorCodes(await newcomer.post(`{ order(id: "order-1") { id } }`)), {
      timeout: 10_000,
    })
    .toEqual([]);
  const reads = (await gateway.requests()).filter(({ kind }) => kind === "permission-feed");
  expect(reads.filter(({ path }) => path.includes("newcomer"))).toHaveLength(1);
});
