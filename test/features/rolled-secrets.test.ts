import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.ts";
import { type Gateway, startGateway } from "../../src/gateway.ts";
import { ROOT } from "../commands/run-command.ts";

const keyOf = (text: string) => Buffer.from(text.padEnd(64, ".")).toString("base64");
const OLD_KEY = keyOf("the old account key");
const NEW_KEY = keyOf("the new account key");
const SPARE_KEY = keyOf("the key that is regenerated next");

let folder: string;
let emulator: Emulator;
let gateway: Gateway;
let log: string[];
let issuer: Awaited<ReturnType<typeof generateKeyPair>>;

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const publish = async ({ publicKey }: typeof issuer) =>
  write("keys.json", JSON.stringify({ keys: [await exportJWK(publicKey)] }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gateway-secrets-"));
  emulator = await startWithKeys(OLD_KEY, 0);
  issuer = await generateKeyPair("ES256");
  await publish(issuer);
  write("primary.key", `${OLD_KEY}\n`);
  write("cursor.secret", "the first secret of cursors\n");
  const yaml = readFileSync(join(ROOT, "gateway.yaml"), "utf8")
    .replace("./schema/", `${ROOT}/schema/`)
    .replace(/keys: \[.*\]/, `keys: ["$\{file:primary.key}"]`)
    .replace("jwksUri: https://login.example.com/keys", "jwksFile: ./keys.json")
    .replace("port: 4000", `port: 0\n  cursorSecret: "$\{file:cursor.secret}"`);
  write("gateway.yaml", yaml);
  log = [];
  gateway = await startGateway({
    workingFolder: folder,
    env: { COSMOS_ENDPOINT: emulator.endpoint },
    log: (line) => log.push(line),
  });
});
afterEach(async () => {
  await gateway.stop();
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

function startWithKeys(primary: string, port: number): Promise<Emulator> {
  return startEmulator({
    port,
    keys: { primary, secondary: SPARE_KEY },
    seed: [SAMPLE_DATABASE],
  });
}

/** The account's key is regenerated; items and databases are as they were at first. */
async function rollAccountKey(): Promise<void> {
  const { port } = new URL(emulator.endpoint);
  await emulator.stop();
  emulator = await startWithKeys(NEW_KEY, Number(port));
}

interface Answer {
  readonly data: {
    readonly orders: {
      readonly totalCount: number;
      readonly nodes: readonly unknown[];
      readonly pageInfo: { readonly endCursor: string };
    };
  };
}

async function ask(subject: string, query: string, { privateKey } = issuer) {
  const bearerToken = await new SignJWT({ tid: "contoso", roles: ["member"] })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer("https://login.example.com/")
    .setAudience("api://shop")
    .setSubject(subject)
    .setExpirationTime("10m")
    .sign(privateKey);
  const response = await fetch(`${gateway.address}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { authorization: `Bearer ${bearerToken}` },
  });
  return (await response.json()) as Answer;
}

const linesOf = (event: string) =>
  log.map((line) => JSON.parse(line)).filter((line) => line.event === event);

const TOTAL = "{ orders { totalCount } }";
const TWELVE = { data: { orders: { totalCount: 12 } } };

test("when the account refuses every key, the keys' files are read again, and waiting callers go on", async () => {
  expect(await ask("ann", TOTAL)).toMatchObject(TWELVE);
  write("primary.key", `${NEW_KEY}\n`);
  await rollAccountKey();
  const callers = Array.from({ length: 20 }, (_, index) => ask(`newcomer-${index}`, TOTAL));
  for (const answer of await Promise.all(callers)) {
    expect(answer).toMatchObject(TWELVE);
  }
  expect(linesOf("secrets-read-again")).toMatchObject([{ changed: ["cosmos.keys[0]"] }]);
  expect(log.join("")).not.toContain(NEW_KEY);
});

test("a key that comes later than its refusal is taken without being told", async () => {
  await rollAccountKey();
  expect(await ask("ann", TOTAL)).toMatchObject({
    errors: [{ extensions: { code: "UPSTREAM_UNAVAILABLE" } }],
  });
  write("primary.key", NEW_KEY);
  await expect.poll(() => ask("ann", TOTAL), { timeout: 30_000 }).toMatchObject(TWELVE);
});

test.each([
  ["is missing", () => rmSync(join(folder, "primary.key")), "ENOENT"],
  ["is empty", () => write("primary.key", "\n"), "empty text"],
  ["is no key", () => write("primary.key", "two words"), "another value (not shown)"],
  ["is far too long", () => write("primary.key", "x".repeat(2_000_000)), "more than one megabyte"],
])(
  "a key whose file %s stays, and one line of the log names the setting",
  async (_what, spoil, found) => {
    spoil();
    gateway.readSecretsAgain();
    expect(await ask("someone-new", TOTAL)).toMatchObject(TWELVE);
    const [line, ...more] = linesOf("secret-unreadable");
    expect(line).toMatchObject({ level: "warn", setting: "cosmos.keys[0]", found });
    expect(more).toEqual([]);
    expect(log.join("")).not.toContain(OLD_KEY);
    expect(log.join("")).not.toContain("two words");
  },
);

test("a setting that can't be read keeps none of the others from being read", async () => {
  rmSync(join(folder, "cursor.secret"));
  write("primary.key", NEW_KEY);
  await rollAccountKey();
  gateway.readSecretsAgain();
  expect(await ask("ann", TOTAL)).toMatchObject(TWELVE);
  expect(linesOf("secret-unreadable")).toMatchObject([{ setting: "server.cursorSecret" }]);
  expect(linesOf("account-key-refused")).toEqual([]);
});

test("a list goes on over one change of the cursor secret, and not over two", async () => {
  const page = (after: string) =>
    ask("ann", `{ orders(first: 2${after}) { nodes { id } pageInfo { endCursor } } }`);
  const { endCursor } = (await page("")).data.orders.pageInfo;
  write("cursor.secret", "the second secret of cursors");
  gateway.readSecretsAgain();
  expect((await page(`, after: "${endCursor}"`)).data.orders.nodes).toHaveLength(2);
  expect((await page("")).data.orders.pageInfo.endCursor).not.toBe(endCursor);
  write("cursor.secret", "the third secret of cursors");
  gateway.readSecretsAgain();
  expect(await page(`, after: "${endCursor}"`)).toMatchObject({
    errors: [{ extensions: { code: "BAD_USER_INPUT" } }],
  });
});

test("what a withdrawn key of an issuer proved ends when the key set is read again", async () => {
  const next = await generateKeyPair("ES256");
  expect(await ask("ann", TOTAL)).toMatchObject(TWELVE);
  await publish(next);
  gateway.readSecretsAgain();
  expect(await ask("ann", TOTAL)).toMatchObject({
    errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
  });
  expect(await ask("ann", TOTAL, next)).toMatchObject(TWELVE);
  expect(linesOf("secrets-read-again")).toMatchObject([{ changed: ["auth.issuers[0].jwksFile"] }]);
});
