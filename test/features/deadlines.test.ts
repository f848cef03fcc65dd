import { afterAll, beforeAll, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    configure: (yaml) => `${yaml}\nlimits:\n  requestTimeoutMs: 3000\n`,
  });
});
afterAll(() => gateway.stop());

test("a first request whose permissions are not read in time is TIMEOUT; the next one waits for the same read", async () => {
  const newcomer = await gateway.as({ sub: "newcomer", tid: "contoso", roles: ["member"] });
  // It is answered while the second request waits. Had nobody waited then, what a newcomer
  // needs beyond the read would not have been begun, and a third request would read again.
  await gateway.addFault({ match: { path: "newcomer/permissions" }, delayMs: 3_500 });
  const ask = () => newcomer.post(`{ order(id: "order-1") { id } }`);
  const answer = await ask();
  expect(answer.status).toBe(504);
  expect(errorCodes(answer)).toEqual(["TIMEOUT"]);

  expect(errorCodes(await ask())).toEqual([]);
  const reads = (await gateway.requests()).filter(({ kind }) => kind === "permission-feed");
  expect(reads.filter(({ path }) => path.includes("newcomer"))).toHaveLength(1);
});
