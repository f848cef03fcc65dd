import { openSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.ts";
import { createServeFolder, type Program, startProgram } from "./program.ts";

/** A free one: where nothing can be written, the program can't say which it took. */
let port: number;
let emulator: Emulator;
let serve: Awaited<ReturnType<typeof createServeFolder>>;
let program: Program | undefined;

beforeAll(async () => {
  port = await findFreePort();
  emulator = await startEmulator({ port: 0, seed: [SAMPLE_DATABASE] });
  serve = await createServeFolder((yaml) => yaml.replace("port: 0", `port: ${port}`));
});
afterAll(async () => {
  await emulator.stop();
  serve.remove();
});
afterEach(() => program?.child.kill("SIGKILL"));

const account = () => ({ COSMOS_ENDPOINT: emulator.endpoint, COSMOS_KEY: emulator.keys[0] });

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

/** Each refused request is a line of the log. */
async function refuse(times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/graphql?query={viewer{subject}}`);
    expect(answer.status).toBe(401);
  }
}

async function expectToEnd({ child, ended }: Program): Promise<void> {
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
}

test("serve goes on when nobody reads its log any more", async () => {
  program = startProgram(["serve", "--config", serve.config], { env: account() });
  await program.hasWritten('"listening"');
  program.child.stdout?.destroy();
  program.child.stderr?.destroy();
  await refuse(20);
  await expectToEnd(program);
});

test("serve starts and goes on when its log's disk is full", async () => {
  const full = openSync("/dev/full", "w");
  program = startProgram(["serve", "--config", serve.config], {
    env: account(),
    stdout: full,
    stderr: full,
  });
  await expect
    .poll(() => fetch(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status, String), {
      timeout: 50_000,
    })
    .toBe(200);
  await refuse(20);
  await expectToEnd(program);
});

test("dev goes on when nobody reads either of its outputs", async () => {
  program = startProgram(["dev", "--port", `${port}`, "--emulator-port", "0"]);
  await program.hasWritten("Ctrl-C");
  program.child.stdout?.destroy();
  program.child.stderr?.destroy();
  await refuse(20);
  await expectToEnd(program);
});
