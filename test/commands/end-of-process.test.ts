import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.ts";
import {
  addressIn,
  createServeFolder,
  keepConnection,
  type Program,
  type ProgramOptions,
  startProgram,
} from "./program.ts";

let emulator: Emulator;
let serve: Awaited<ReturnType<typeof createServeFolder>>;
let program: Program | undefined;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, seed: [SAMPLE_DATABASE], testControls: true });
  serve = await createServeFolder();
});
afterAll(async () => {
  await emulator.stop();
  serve.remove();
});
afterEach(() => program?.child.kill("SIGKILL"));

const account = () => ({ COSMOS_ENDPOINT: emulator.endpoint, COSMOS_KEY: emulator.keys[0] });

async function startServe(argv: readonly string[] = [], options: ProgramOptions = {}) {
  const started = startProgram(["serve", "--config", serve.config, ...argv], {
    ...options,
    env: account(),
  });
  program = started;
  await started.hasWritten('"listening"');
  return { ...started, origin: addressIn(started.log()) };
}

async function startDev() {
  const started = startProgram(["dev", "--port", "0", "--emulator-port", "0"]);
  program = started;
  await started.hasWritten("Ctrl-C");
  return { ...started, origin: /GraphQL\s+(\S+)\/graphql/.exec(started.log())?.[1] ?? "" };
}

async function startEmulatorProgram() {
  const started = startProgram(["emulator", "--port", "0"]);
  program = started;
  await started.hasWritten("Account key");
  return { ...started, origin: /emulator at (\S+)/.exec(started.log())?.[1] ?? "" };
}

test.each([
  ["serve", startServe, "/healthz"],
  ["dev", startDev, "/healthz"],
  ["emulator", startEmulatorProgram, "/"],
] as const)(
  "%s ends on SIGTERM while clients keep connections that they never close",
  async (_name, start, path) => {
    const { origin, child, ended, log } = await start();
    const used = await Promise.all(Array.from({ length: 10 }, () => keepConnection(origin)));
    await Promise.all(used.map((each) => each.send(path)));
    const unused = await Promise.all(Array.from({ length: 3 }, () => keepConnection(origin)));
    const begun = await keepConnection(origin);
    begun.socket.write("GET /healthz HTTP/1.1\r\n");

    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    await Promise.all([...used, ...unused, begun].map(({ closed }) => closed));
    // What it says when its time was up and it had to be cut off.
    expect(log()).not.toContain("still under way");
  },
);

test("serve says that it isn't ready, refuses newcomers, and answers what is under way before it ends", async () => {
  const { origin, child, ended } = await startServe();
  const idle = await keepConnection(origin);
  await idle.send("/healthz");
  const bearerToken = await serve.bearerTokenOf("ann");
  const busy = await keepConnection(origin);
  const finish = await busy.begin(
    "/graphql",
    [`authorization: Bearer ${bearerToken}`, "content-type: application/json"],
    '{"query":"{ orders { totalCount } }"}',
  );
  child.kill("SIGTERM");

  await idle.closed;
  const newcomer = await keepConnection(origin);
  const notReady = await newcomer.send("/readyz");
  expect(notReady).toMatch(/^HTTP\/1\.1 503 /);
  expect(notReady).toMatch(/^connection: close/im);
  await newcomer.closed;
  const refused = await fetch(`${origin}/graphql?query={viewer{subject}}`, {
    headers: { authorization: `Bearer ${bearerToken}` },
  });
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: "OVERLOADED", retryAfterMs: 1000 } }],
  });

  const answer = await finish();
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toMatch(/^connection: close/im);
  expect(answer).toContain('"totalCount":12');
  await busy.closed;
  expect(await ended).toEqual([0, null]);
});

test("requests are taken for server.drainDelayMs more, while /readyz says no already", async () => {
  const patient = await createServeFolder((yaml) =>
    yaml.replace("port: 0", "port: 0\n  drainDelayMs: 3000"),
  );
  const started = startProgram(["serve", "--config", patient.config], { env: account() });
  program = started;
  await started.hasWritten('"listening"');
  const origin = addressIn(started.log());
  started.child.kill("SIGTERM");
  await expect.poll(async () => (await fetch(`${origin}/readyz`)).status).toBe(503);
  const answer = await fetch(`${origin}/graphql?query={viewer{subject}}`, {
    headers: { authorization: `Bearer ${await patient.bearerTokenOf("ann")}` },
  });
  expect(await answer.json()).toMatchObject({ data: { viewer: { subject: "ann" } } });
  expect(answer.headers.get("connection")).toBe("close");
  expect(await started.ended).toEqual([0, null]);
  patient.remove();
});

test("the emulator answers what is under way before it ends", async () => {
  const { origin, child, ended } = await startEmulatorProgram();
  const busy = await keepConnection(origin);
  const finish = await busy.begin("/dbs", ["content-type: application/json"], '{"id":"shop"}');
  const idle = await keepConnection(origin);
  await idle.send("/");
  child.kill("SIGTERM");
  await idle.closed;
  expect(await finish()).toMatch(/^HTTP\/1\.1 401 [\s\S]*^connection: close/im);
  expect(await ended).toEqual([0, null]);
});

/** Makes the process that loads it first take itself for an old Node.js, as a fresh machine may have it. */
const PRETEND = `
if (process.env.PRETENDED_OLD === undefined) {
  process.env.PRETENDED_OLD = "yes";
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.0.0" } });
}`;
const OLD_NODE = `--import=data:text/javascript,${encodeURIComponent(PRETEND)}`;

test.each([
  ["the program", undefined],
  ["the program under the Node.js that a checkout brings", OLD_NODE],
])("%s reads keys and secrets again on SIGHUP, and goes on", async (_name, nodeOptions) => {
  const keyFile = serve.write("account.key", `${emulator.keys[0]}\n`);
  const rolled = await createServeFolder((yaml) =>
    yaml.replace(/keys: \[.*\]/, `keys: ["\${file:${keyFile}}"]`),
  );
  const started = startProgram(["serve", "--config", rolled.config], {
    env: { ...account(), ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }) },
  });
  program = started;
  await started.hasWritten('"listening"');
  serve.write("account.key", `${emulator.keys[1]}\n`);
  started.child.kill("SIGHUP");
  await started.hasWritten('"changed":["cosmos.keys[0]"]');
  const answer = await fetch(`${addressIn(started.log())}/graphql?query={orders{totalCount}}`, {
    headers: { authorization: `Bearer ${await rolled.bearerTokenOf("ann")}` },
  });
  expect(await answer.json()).toEqual(
    expect.objectContaining({ data: { orders: { totalCount: 12 } } }),
  );
  expect(started.log()).not.toContain("account-key-refused");
  started.child.kill("SIGTERM");
  expect(await started.ended).toEqual([0, null]);
  rolled.remove();
});
