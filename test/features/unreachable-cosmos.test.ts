import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { loadProject } from "../../src/commands/load-project.ts";
import { createDevelopmentIssuer } from "../../src/dev/development-issuer.ts";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { startEmulator } from "../../src/emulator/start-emulator.ts";
import { createLogger, createLogObserver } from "../../src/observability/log.ts";
import { Secret } from "../../src/secret.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) {
    await stop();
  }
});

async function startWith(cosmos: { endpoint?: string; keys?: string[]; database?: string }) {
  const emulator = await startEmulator({ port: 0, seed: [SAMPLE_DATABASE] });
  stops.push(emulator.stop);
  const issuer = await createDevelopmentIssuer({ clock: systemClock });
  const { endpoint = emulator.endpoint, keys = [emulator.keys[0]], database = "shop" } = cosmos;
  const { config, model } = loadProject(
    "gateway.yaml",
    { env: {}, workingFolder: process.cwd() },
    {
      server: { port: 0 },
      cosmos: { endpoint, keys: keys.map((key) => new Secret(key)), database },
      auth: { issuers: [issuer.trust] },
    },
  );
  const lines: string[] = [];
  const observe = createLogObserver(createLogger((line) => lines.push(line)));
  const app = await createApp({ config, model, clock: systemClock, observe });
  stops.push(app.stop);
  const address = await app.start();
  const bearerToken = await issuer.issue({ sub: "a", tid: "contoso", roles: ["manager"] });
  return {
    log: () => lines.join(""),
    lines,
    ready: async () => (await fetch(`${address}/readyz`)).status,
    alive: async () => (await fetch(`${address}/healthz`)).status,
    ask: async () => {
      const response = await fetch(`${address}/graphql`, {
        method: "POST",
        headers: { authorization: `Bearer ${bearerToken}`, "content-type": "application/json" },
        body: JSON.stringify({ query: "{ orders { totalCount } }" }),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}

test.each([
  ["a key that the account refuses", { keys: [randomBytes(64).toString("base64")] }, "cosmos.keys"],
  [
    "several keys that it refuses",
    { keys: [randomBytes(64).toString("base64"), randomBytes(64).toString("base64")] },
    "cosmos.keys",
  ],
  ["an endpoint that does not answer", { endpoint: "http://127.0.0.1:9/" }, "cosmos.endpoint"],
  ["a database that does not exist", { database: "nowhere" }, "cosmos.database"],
])(
  "%s: a line in the log names the setting, and /readyz says no",
  async (_name, cosmos, setting) => {
    const gateway = await startWith(cosmos);
    // One line tells it, and no stack: nothing of it is the gateway's own fault.
    expect(gateway.lines).toHaveLength(1);
    expect(gateway.log()).toContain(setting);
    expect(gateway.log()).not.toContain("stack");
    expect(await gateway.ready()).toBe(503);
    expect(await gateway.alive()).toBe(200);

    const answer = await gateway.ask();
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text).errors[0].extensions.code).toBe("UPSTREAM_UNAVAILABLE");
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    // The client learns nothing of the set-up, and the log no key.
    expect(answer.text).not.toMatch(/cosmos\.|127\.0\.0\.1|nowhere/);
    for (const key of "keys" in cosmos ? cosmos.keys : []) {
      expect(gateway.log()).not.toContain(key);
    }
  },
);

test("with the first key refused, the second is used, and nobody notices but the log", async () => {
  const emulator = await startEmulator({ port: 0 });
  stops.push(emulator.stop);
  const [primary] = emulator.keys;
  const gateway = await startWith({ keys: [randomBytes(64).toString("base64"), primary] });
  expect(await gateway.ready()).toBe(200);
  expect((await gateway.ask()).status).toBe(200);
  expect(gateway.log()).toContain("cosmos.keys[0]");
});
