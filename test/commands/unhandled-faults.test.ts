import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.ts";
import {
  addressIn,
  createServeFolder,
  keepConnection,
  type Program,
  startProgram,
} from "./program.ts";
import { ROOT } from "./run-command.ts";

let emulator: Emulator;
let serve: Awaited<ReturnType<typeof createServeFolder>>;
let program: Program | undefined;
let extension: string;

/** What the decorator syntax compiles to: see test/features/own-resolvers.test.ts. */
const OWN_RESOLVERS = `
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Query, Resolver } from "${ROOT}/node_modules/type-graphql/build/esm/index.js";
export default () => {
  class Own {
    async waits() {
      while (!existsSync(new URL("go-on", import.meta.url))) {
        await sleep(20);
      }
      return "waited";
    }
    async floats() { Promise.reject(new Error("a rejection that floats")); return "floated"; }
    async throws() { setTimeout(() => { throw new Error("an exception in a timer"); }, 10); return "thrown"; }
  }
  Resolver()(Own);
  for (const name of ["waits", "floats", "throws"]) {
    Query(() => String)(Own.prototype, name, { value: undefined });
  }
  return [Own];
};
`;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, seed: [SAMPLE_DATABASE] });
  serve = await createServeFolder();
  extension = serve.write("own-resolvers.mjs", OWN_RESOLVERS);
});
afterAll(async () => {
  await emulator.stop();
  serve.remove();
});
afterEach(() => {
  program?.child.kill("SIGKILL");
  rmSync(join(serve.folder, "go-on"), { force: true });
});

async function start() {
  const started = startProgram(["serve", "--config", serve.config, "--extend", extension], {
    env: { COSMOS_ENDPOINT: emulator.endpoint, COSMOS_KEY: emulator.keys[0] },
  });
  program = started;
  await started.hasWritten('"listening"');
  const origin = addressIn(started.log());
  const bearerToken = await serve.bearerTokenOf("ann");
  const ask = async (field: string, requestId: string, method: "GET" | "POST" = "GET") => {
    const query = `{ ${field} }`;
    const headers = {
      authorization: `Bearer ${bearerToken}`,
      "x-request-id": requestId,
      "content-type": "application/json",
    };
    const answer = await (method === "GET"
      ? fetch(`${origin}/graphql?query=${encodeURIComponent(query)}`, { headers })
      : fetch(`${origin}/graphql`, { method, headers, body: JSON.stringify({ query }) }));
    return answer.json();
  };
  const events = (kind: string) =>
    started
      .log()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === kind);
  return { ...started, origin, ask, events };
}

test("a rejection that floats in an own resolver is logged with its request, and no other notices", async () => {
  const { ask, events, child, ended, hasWritten } = await start();
  const waiting = ask("waits", "one-that-waits");
  expect(await ask("floats", "of-a-get")).toMatchObject({ data: { floats: "floated" } });
  expect(await ask("floats", "of-a-post", "POST")).toMatchObject({ data: { floats: "floated" } });
  await hasWritten("of-a-post");
  expect(events("unhandled-rejection")).toMatchObject([
    { level: "error", requestId: "of-a-get", error: { message: "a rejection that floats" } },
    { level: "error", requestId: "of-a-post", error: { message: "a rejection that floats" } },
  ]);
  serve.write("go-on", "");
  expect(await waiting).toMatchObject({ data: { waits: "waited" } });
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

test("an uncaught exception is logged, takes readiness, lets requests end, and then the process with exit code 1", async () => {
  const { ask, events, ended, origin, hasWritten } = await start();
  const waiting = ask("waits", "one-that-waits");
  await ask("floats", "after-it-was-taken");
  await ask("throws", "the-culprit");
  await hasWritten("uncaught-exception");
  expect(events("uncaught-exception")).toMatchObject([
    { level: "error", requestId: "the-culprit", error: { message: "an exception in a timer" } },
  ]);
  // By a connection of its own: those that are kept and idle are being closed, and `fetch` might take one.
  expect(await (await keepConnection(origin)).send("/readyz")).toMatch(/^HTTP\/1.1 503 /);
  expect(await (await keepConnection(origin)).send("/healthz")).toMatch(/^HTTP\/1.1 200 /);
  serve.write("go-on", "");
  expect(await waiting).toMatchObject({ data: { waits: "waited" } });
  expect(await ended).toEqual([1, null]);
});
