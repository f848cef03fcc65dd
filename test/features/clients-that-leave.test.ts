import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { loadProject } from "../../src/commands/load-project.ts";
import { createDevelopmentIssuer } from "../../src/dev/development-issuer.ts";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { startEmulator } from "../../src/emulator/start-emulator.ts";
import { Secret } from "../../src/secret.ts";
import { askApart } from "./ask-apart.ts";
import { newOrder } from "./new-order.ts";
import { startRecordingProxy } from "./recording-proxy.ts";

/** Path of what the proxy holds back, and for how long. */
let slow: RegExp | undefined;
let delayMs = 30_000;
let shop: Awaited<ReturnType<typeof startBehindProxy>>;
beforeAll(async () => {
  shop = await startBehindProxy();
});
afterAll(() => shop.stop());
afterEach(() => {
  slow = undefined;
});

async function startBehindProxy() {
  const emulator = await startEmulator({ port: 0, seed: [SAMPLE_DATABASE] });
  const proxy = await startRecordingProxy(() => emulator.endpoint, {
    delayMs: ({ path }) => (slow?.test(path) ? delayMs : 0),
  });
  const issuer = await createDevelopmentIssuer({ clock: systemClock });
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
  const url = `${await app.start()}/graphql`;
  const as = async (sub: string) => {
    const bearerToken = await issuer.issue({ sub, tid: "contoso", roles: ["manager"] });
    const headers = {
      authorization: `Bearer ${bearerToken}`,
      "content-type": "application/json",
    };
    return (query: string, signal?: AbortSignal) =>
      askApart(url, { headers, body: JSON.stringify({ query }), ...(signal && { signal }) });
  };
  return {
    proxy,
    as,
    outcomes: (path: string) =>
      proxy
        .requests()
        .filter((request) => request.path.includes(path))
        .map(({ outcome }) => outcome),
    stop: async () => {
      await app.stop();
      await proxy.stop();
      await emulator.stop();
    },
  };
}

/** Sends a request, and leaves when Cosmos DB has been asked for a path that often. */
async function leaveWhen(path: string, times: number, query: string): Promise<void> {
  const ask = await shop.as("leaving");
  await ask("{ viewer { cosmosUser } }");
  shop.proxy.forget();
  const leaving = new AbortController();
  const answer = ask(query, leaving.signal).catch((error: Error) => error.name);
  await expect.poll(() => shop.outcomes(path).length, { timeout: 20_000 }).toBe(times);
  leaving.abort();
  expect(await answer).toBe("AbortError");
}

test("the reads of a client that leaves are cut on their way to Cosmos DB, and no more are sent", async () => {
  slow = /\/docs/;
  const fields = Array.from(
    { length: 50 },
    (_, index) => `a${index}: order(id: "o${index}") { id }`,
  );
  await leaveWhen("/docs/", 32, `{ ${fields.join(" ")} }`);
  await expect
    .poll(() => shop.outcomes("/docs/"), { timeout: 20_000 })
    .toEqual(Array.from({ length: 32 }, () => "cut"));
  // What it held is free for the next request of the same Cosmos user.
  slow = undefined;
  const ask = await shop.as("staying");
  expect((await ask(`{ order(id: "order-1") { id } }`)).body).toMatchObject({
    data: { order: { id: "order-1" } },
  });
  expect(shop.outcomes("/docs/")).toHaveLength(33);
});

test("a write that was sent is not cut, and the next one of its client is not sent", async () => {
  slow = /\/docs$/;
  const create = (name: string) =>
    `${name}: createOrder(input: { id: "${name}", tenantId: "contoso", ${ORDER} }) { id }`;
  await leaveWhen("/docs", 1, `mutation { ${create("left1")} ${create("left2")} }`);
  slow = undefined;
  const ask = await shop.as("staying");
  const read = `{ left1: order(id: "left1") { id } left2: order(id: "left2") { id } }`;
  expect((await ask(read)).body).toMatchObject({ data: { left1: { id: "left1" }, left2: null } });
  const writes = shop.proxy.requests().filter(({ method }) => method === "POST");
  expect(writes.map(({ outcome }) => outcome)).toEqual(["under way"]);
});

test("a read of permissions that another caller waits for goes on when the first one leaves", async () => {
  slow = /shared\/permissions/;
  delayMs = 3_000;
  const ask = await shop.as("shared");
  shop.proxy.forget();
  const leaving = new AbortController();
  const first = ask("{ viewer { cosmosUser } }", leaving.signal).catch(
    (error: Error) => error.name,
  );
  await expect.poll(() => shop.outcomes("permissions").length, { timeout: 20_000 }).toBe(1);
  const second = ask("{ viewer { cosmosUser } }");
  leaving.abort();
  expect(await first).toBe("AbortError");
  expect(shop.outcomes("permissions")).toEqual(["under way"]);
  expect((await second).body).toMatchObject({ data: { viewer: {} } });
  expect(shop.outcomes("permissions")[0]).toBe("answered");
});

const ORDER = Object.entries(newOrder)
  .filter(([name]) => !["id", "tenantId"].includes(name))
  .map(([name, value]) => `${name}: ${graphqlText(name, value)}`)
  .join(" ");

function graphqlText(name: string, value: unknown): string {
  if (name === "status") {
    return String(value);
  }
  return JSON.stringify(value).replaceAll(/"(\w+)":/g, "$1:");
}
