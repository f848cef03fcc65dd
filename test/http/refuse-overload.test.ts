import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { healthRoutes } from "../../src/http/health-routes.ts";
import { createHttpServer } from "../../src/http/http-server.ts";
import { LASTING_MS } from "../../src/http/refuse-overload.ts";

let server: FastifyInstance;
let underWay: number;

beforeEach(async () => {
  underWay = 0;
  server = createHttpServer({
    requestBytes: 1024,
    challengeFor: () => "",
    observe: () => {},
    drain: {
      isDraining: () => false,
      requestsUnderWay: () => underWay,
      watch: () => {},
      start: async () => {},
    },
    routes: [
      healthRoutes(async () => ({ ready: true, checks: {} })),
      (routes, _options, done) => {
        routes.get("/graphql", async () => ({ data: {} }));
        done();
      },
    ],
  });
  await server.ready();
});
afterEach(() => server.close());

/** One turn of the event loop that takes long, as each does in a process that can't keep up. */
function longTurn(milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    // Nothing else runs.
  }
  return new Promise((resolve) => setImmediate(resolve));
}

const ask = (url = "/graphql") => server.inject({ url });

/** Asks in each of some long turns, beyond the time for which it must last. */
async function asksWhileLate(): Promise<readonly number[]> {
  const statuses: number[] = [];
  const until = performance.now() + 4 * LASTING_MS;
  while (performance.now() < until) {
    await longTurn(1_300);
    statuses.push((await ask()).statusCode);
  }
  return statuses;
}

test("a process whose event loop is late for long refuses requests, and says that it is alive", async () => {
  underWay = 1_000;
  const statuses = await asksWhileLate();
  expect(statuses[0]).toBe(200);
  expect(statuses.at(-1)).toBe(503);
  const refused = await ask();
  expect(refused.headers).toMatchObject({ "retry-after": "1" });
  expect(refused.json()).toEqual({
    errors: [
      {
        message: "The gateway is busy. Try again later.",
        extensions: { code: "OVERLOADED", retryAfterMs: 1000 },
      },
    ],
  });
  expect((await ask("/healthz")).statusCode).toBe(200);
  expect((await ask("/readyz")).statusCode).toBe(200);
  await expect.poll(async () => (await ask()).statusCode, { timeout: 20_000 }).toBe(200);
});

test("a process with little to do refuses nothing, however late its event loop is", async () => {
  underWay = 10;
  expect(new Set(await asksWhileLate())).toEqual(new Set([200]));
});
