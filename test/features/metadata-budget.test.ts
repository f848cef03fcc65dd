import { afterEach, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { loadProject } from "../../src/commands/load-project.ts";
import { createDevelopmentIssuer } from "../../src/dev/development-issuer.ts";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { startEmulator } from "../../src/emulator/start-emulator.ts";
import { Secret } from "../../src/secret.ts";
import { askApart } from "./ask-apart.ts";
import { startRecordingProxy } from "./recording-proxy.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) {
    await stop();
  }
});

/** A bucket of request units that fills at a rate; what finds it empty is told when to come again. */
function createBudget(unitsPerSecond: number) {
  let units = unitsPerSecond;
  let filledAtMs = performance.now();
  return {
    spend: (charge: number) => {
      units -= charge;
    },
    refusal: () => {
      const now = performance.now();
      units = Math.min(unitsPerSecond, units + ((now - filledAtMs) * unitsPerSecond) / 1_000);
      filledAtMs = now;
      return units > 0
        ? undefined
        : { status: 429, retryAfterMs: Math.ceil((-units * 1_000) / unitsPerSecond) + 1 };
    },
  };
}

/** The gateway before an account that gives so many RU/s for users and permissions. */
async function startWithBudget({ delayMs = 0, unitsPerSecond = 240 } = {}) {
  const emulator = await startEmulator({ port: 0, seed: [SAMPLE_DATABASE] });
  stops.push(() => emulator.stop());
  const budget = createBudget(unitsPerSecond);
  const isMetadata = (path: string) => path.includes("/users");
  let refused = 0;
  const proxy = await startRecordingProxy(() => emulator.endpoint, {
    delayMs: ({ path }) => (isMetadata(path) ? delayMs : 0),
    intercept: ({ path }) => {
      const refusal = isMetadata(path) ? budget.refusal() : undefined;
      refused += refusal === undefined ? 0 : 1;
      return refusal;
    },
    onAnswer: ({ path, requestCharge }) => {
      if (isMetadata(path)) {
        budget.spend(requestCharge);
      }
    },
  });
  stops.push(proxy.stop);
  const issuer = await createDevelopmentIssuer({ clock: systemClock });
  const start = async () => {
    const { config, model } = loadProject(
      "gateway.yaml",
      { env: {}, workingFolder: process.cwd() },
      {
        server: { port: 0 },
        cosmos: {
          endpoint: proxy.endpoint,
          keys: [new Secret(emulator.keys[0])],
          database: "shop",
        },
        auth: { issuers: [issuer.trust] },
      },
    );
    const app = await createApp({ config, model, clock: systemClock, observe: () => {} });
    stops.push(app.stop);
    return `${await app.start()}/graphql`;
  };
  const bearerTokens = (names: readonly string[]) =>
    Promise.all(names.map((sub) => issuer.issue({ sub, tid: "contoso", roles: ["member"] })));
  const ask = async (url: string, bearerToken: string, signal?: AbortSignal) => {
    const startedAtMs = performance.now();
    const { status, headers } = await askApart(url, {
      headers: { authorization: `Bearer ${bearerToken}`, "content-type": "application/json" },
      body: JSON.stringify({ query: "{ viewer { cosmosUser } }" }),
      ...(signal && { signal }),
    });
    return { status, retryAfter: headers["retry-after"], ms: performance.now() - startedAtMs };
  };
  return {
    start,
    bearerTokens,
    ask,
    metadata: () => ({
      requests: proxy.requests().filter(({ path }) => isMetadata(path)).length,
      refused,
    }),
    forget: () => {
      proxy.forget();
      refused = 0;
    },
  };
}

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

function tally(answers: readonly { readonly status: number | undefined }[]) {
  const counts: Record<string, number> = {};
  for (const { status } of answers) {
    counts[String(status)] = (counts[String(status)] ?? 0) + 1;
  }
  return counts;
}

test("of more newcomers than the budget is for, some are served and the others told early when to come again", async () => {
  // So little that it is the budget, and not the machine, that keeps them waiting.
  const gateway = await startWithBudget({ unitsPerSecond: 60 });
  const url = await gateway.start();
  const bearerTokens = await gateway.bearerTokens(names("newcomer", 150));
  gateway.forget();
  const answers = await Promise.all(bearerTokens.map((each) => gateway.ask(url, each)));
  const { requests, refused } = gateway.metadata();
  const served = answers.filter(({ status }) => status === 200);
  const throttled = answers.filter(({ status }) => status === 429);
  expect(served.length).toBeGreaterThan(10);
  expect(served.length + throttled.length).toBe(150);
  expect(throttled.every(({ retryAfter }) => Number(retryAfter) >= 1)).toBe(true);
  expect(refused / requests).toBeLessThan(0.25);
  // Half of those who are turned away know it in half of the time that they would have waited.
  expect(throttled.filter(({ ms }) => ms < 5_000).length).toBeGreaterThan(throttled.length / 2);

  // Nobody waits any more: nothing more is asked for them, and the next newcomer is served at once.
  const before = gateway.metadata().requests;
  const [late = ""] = await gateway.bearerTokens(["late"]);
  expect(await gateway.ask(url, late)).toMatchObject({ status: 200 });
  expect(gateway.metadata().requests - before).toBeLessThan(20);
});

test("known callers of a restarted gateway are served with hardly a refused request", async () => {
  const gateway = await startWithBudget();
  const bearerTokens = await gateway.bearerTokens(names("known", 30));
  const url = await gateway.start();
  await Promise.all(bearerTokens.map((each) => gateway.ask(url, each)));
  const again = await gateway.start();
  gateway.forget();
  const answers = await Promise.all(bearerTokens.map((each) => gateway.ask(again, each)));
  expect(tally(answers)).toEqual({ 200: 30 });
  const { requests, refused } = gateway.metadata();
  expect(requests - refused).toBe(30);
});

test("newcomers who leave take what waits for them with them", async () => {
  const gateway = await startWithBudget({ delayMs: 1_000 });
  const url = await gateway.start();
  const bearerTokens = await gateway.bearerTokens(names("leaving", 300));
  gateway.forget();
  const leaving = new AbortController();
  const asked = bearerTokens.map((each) => gateway.ask(url, each, leaving.signal).catch(() => {}));
  await expect.poll(() => gateway.metadata().requests, { timeout: 20_000 }).toBe(16);
  leaving.abort();
  await Promise.all(asked);
  const [staying = ""] = await gateway.bearerTokens(["staying"]);
  const before = gateway.metadata().requests;
  expect(await gateway.ask(url, staying)).toMatchObject({ status: 200 });
  expect(gateway.metadata().requests - before).toBeLessThan(60);
});
