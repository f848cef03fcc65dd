import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { askApart } from "./ask-apart.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    configure: (yaml) =>
      `${yaml}\nlimits: { requestTimeoutMs: 60000, inFlightPerUser: 8, inFlight: 12 }\n`,
  });
});
afterAll(() => gateway.stop());
afterEach(async () => {
  await gateway.clearFaults();
});

const READ = `query ($id: ID!) { order(id: $id) { id } }`;
const slow = (delayMs: number) => ({ match: { path: "/docs/slow" }, times: 10_000, delayMs });

test("while one Cosmos user has 200 slow requests, another one is answered at once", async () => {
  const hog = await gateway.as("contoso-manager");
  const other = await gateway.as("fabrikam-member");
  const newcomer = await gateway.as({ sub: "new", tid: "contoso", roles: ["member"] });
  await Promise.all([hog, other].map((caller) => caller.post(READ, { id: "order-1" })));
  await gateway.addFault(slow(500));
  await gateway.forgetRequests();

  let answered = 0;
  const slowAnswers = Array.from({ length: 200 }, async () => {
    const answer = await hog.post(READ, { id: "slow" });
    answered += 1;
    return answer;
  });
  await expect.poll(() => answered, { timeout: 30_000 }).toBeGreaterThan(0);
  for (const caller of [other, newcomer, other, newcomer]) {
    expect(errorCodes(await caller.post(READ, { id: "order-1" }))).toEqual([]);
  }
  // The others did not wait behind all that the first one asked for.
  expect(answered).toBeLessThan(150);

  const answers = await Promise.all(slowAnswers);
  expect(answers.flatMap(errorCodes)).toEqual([]);
  const reads = (await gateway.requests()).filter(({ path }) => path.endsWith("/docs/slow"));
  expect(reads).toHaveLength(200);
});

test("one request that sends hundreds to Cosmos DB comes to its end with eight at a time", async () => {
  const manager = await gateway.as("contoso-manager");
  const fields = Array.from({ length: 20 }, (_, index) => `a${index}: order(id: "x") { id }`);
  const answers = await Promise.all(
    Array.from({ length: 15 }, () => manager.post(`{ ${fields.join(" ")} }`)),
  );
  expect(answers.flatMap(errorCodes)).toEqual([]);
  expect(Object.keys(answers[0]?.data ?? {})).toHaveLength(20);
});

test("beyond 5,000 waiting requests of one Cosmos user, further ones are OVERLOADED at once: HTTP 503", async () => {
  const hog = await gateway.as("contoso-manager");
  const other = await gateway.as("fabrikam-member");
  await Promise.all([hog, other].map((caller) => caller.post(READ, { id: "order-1" })));
  await gateway.addFault(slow(20_000));
  const fields = Array.from({ length: 20 }, (_, index) => `a${index}: order(id: "slow") { id }`);
  const leaving = new AbortController();
  const ask = () =>
    askApart(gateway.url, {
      headers: {
        authorization: `Bearer ${hog.bearerToken}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ query: `{ ${fields.join(" ")} }` }),
      signal: leaving.signal,
    });
  const flood = Array.from({ length: 260 }, () => ask().catch(() => undefined));
  const refused = await Promise.race(flood);
  expect(refused?.status).toBe(503);
  expect(refused?.headers["retry-after"]).toBe("1");
  expect(refused?.body).toMatchObject({
    data: null,
    errors: fields.map(() => ({ extensions: { code: "OVERLOADED", retryAfterMs: 1_000 } })),
  });
  expect(errorCodes(await other.post(READ, { id: "order-1" }))).toEqual([]);

  // All of them leave, and what they waited for leaves with them.
  leaving.abort();
  await Promise.all(flood);
  await gateway.clearFaults();
  const answer = await hog.post(READ, { id: "order-1" });
  expect(errorCodes(answer)).toEqual([]);
  expect((await gateway.requests()).length).toBeLessThan(1_000);
});
