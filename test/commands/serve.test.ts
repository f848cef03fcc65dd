import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.ts";
import { emulatorControls, itemRequests } from "../emulator-controls.ts";
import { ROOT, runCommand } from "./run-command.ts";

const ISSUER = "https://login.example.com/";
const AUDIENCE = "api://shop";

let emulator: Emulator;
let folder: string;
let bearerToken: string;
let child: ChildProcess | undefined;

/** The sample as its README says to use it: an account by environment, and an issuer's own keys. */
beforeAll(async () => {
  emulator = await startEmulator({ port: 0, seed: [SAMPLE_DATABASE], testControls: true });
  folder = mkdtempSync(join(tmpdir(), "gateway-serve-"));
  cpSync(join(ROOT, "schema"), join(folder, "schema"), { recursive: true });
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys: [await exportJWK(publicKey)] }));
  writeFileSync(
    join(folder, "gateway.yaml"),
    readFileSync(join(ROOT, "gateway.yaml"), "utf8")
      .replace("jwksUri: https://login.example.com/keys", "jwksFile: ./keys.json")
      .replace("port: 4000", "port: 0"),
  );
  bearerToken = await new SignJWT({ tid: "contoso", roles: ["member"] })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject("someone")
    .setExpirationTime("10m")
    .sign(privateKey);
});
afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => child?.kill("SIGKILL"));

const account = () => ({ COSMOS_ENDPOINT: emulator.endpoint, COSMOS_KEY: emulator.keys[0] });

test("serve answers callers of the configured issuer, and ends with exit code 0 on SIGTERM", async () => {
  child = spawn(
    process.execPath,
    ["src/main.ts", "serve", "--config", join(folder, "gateway.yaml")],
    {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...account() },
    },
  );
  let log = "";
  const isListening = Promise.withResolvers<void>();
  child.stdout?.on("data", (chunk) => {
    log += chunk;
    if (log.includes("listening")) {
      isListening.resolve();
    }
  });
  await isListening.promise;
  const { address } = JSON.parse(log.trim().split("\n").at(-1) ?? "{}");
  const ask = (token: string) =>
    fetch(`${address}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ query: "{ orders { totalCount } viewer { cosmosUser } }" }),
    });
  expect(await (await ask(bearerToken)).json()).toMatchObject({
    data: { orders: { totalCount: 12 }, viewer: { cosmosUser: "member:contoso:someone" } },
  });
  expect((await ask(`${bearerToken}x`)).status).toBe(401);
  // What only development has is not there.
  expect((await fetch(`${address}/dev-issuer/token`, { method: "POST" })).status).toBe(404);
  const sent = itemRequests(await emulatorControls(emulator.endpoint).requests());
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.every(({ authorization }) => authorization === "resource")).toBe(true);

  const closed = once(child, "close");
  child.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
});

test("provision creates what a caller will need, and finds it the next time", async () => {
  writeFileSync(
    join(folder, "claims.json"),
    JSON.stringify({ iss: ISSUER, sub: "newcomer", tid: "contoso", roles: ["manager"] }),
  );
  const provision = () =>
    runCommand(["provision", "--claims", "claims.json"], { env: account(), workingFolder: folder });
  const controls = emulatorControls(emulator.endpoint);
  await controls.forgetRequests();
  const first = await provision();
  expect(first).toMatchObject({ exitCode: 0, error: "" });
  expect(first.out).toContain("Access profile manager, Cosmos DB user manager:contoso:newcomer");
  expect(first.out.match(/ {2}(All |Read) gateway-/g)).toHaveLength(3);
  expect(first.out).not.toContain("type=resource");
  expect((await controls.requests()).filter(({ method }) => method === "POST")).toHaveLength(4);

  await controls.forgetRequests();
  expect(await provision()).toEqual(first);
  expect((await controls.requests()).map(({ kind }) => kind)).toEqual(["permission-feed"]);
});

test("provision says on standard error which account key was refused, and goes on", async () => {
  writeFileSync(
    join(folder, "claims.json"),
    JSON.stringify({ iss: ISSUER, sub: "another", tid: "contoso", roles: ["manager"] }),
  );
  const outcome = await runCommand(["provision", "--claims", "claims.json"], {
    env: { ...account(), COSMOS_KEY: "eA==", COSMOS_SECONDARY_KEY: account().COSMOS_KEY },
    workingFolder: folder,
  });
  expect(outcome.exitCode).toBe(0);
  expect(outcome.out).toContain("Cosmos DB user manager:contoso:another");
  expect(
    outcome.error
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ level: "warn", event: "account-key-refused", keyIndex: 0 }]);
  expect(outcome.error).not.toContain("eA==");
});

test.each([
  ["claims that fit no profile", { sub: "a" }, {}, "no profile fits"],
  ["claims without a subject", { tid: "contoso" }, {}, '"sub"'],
  [
    "a key that is refused",
    { sub: "a", tid: "t", roles: ["member"] },
    { COSMOS_KEY: "eA==" },
    "cosmos.keys",
  ],
])("provision says what is wrong with %s", async (_name, claims, env, text) => {
  writeFileSync(join(folder, "wrong.json"), JSON.stringify(claims));
  const outcome = await runCommand(["provision", "--claims", "wrong.json"], {
    env: { ...account(), ...env },
    workingFolder: folder,
  });
  expect(outcome).toMatchObject({ exitCode: 1, out: "" });
  expect(outcome.error).toContain(text);
});
