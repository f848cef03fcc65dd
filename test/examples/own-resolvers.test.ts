import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SAMPLE_CALLERS } from "../../src/dev/sample-callers.ts";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.ts";
import { createSigningKey, type SigningKey } from "../auth/signing-key.ts";
import { ROOT } from "../commands/run-command.ts";
import { emulatorControls, itemRequests } from "../emulator-controls.ts";

const EXAMPLE = `${ROOT}/examples/own-resolvers`;
const run = promisify(execFile);

/** Runs TypeScript's compiler. What it finds wrong is on its standard output. */
async function compile(...args: readonly string[]): Promise<void> {
  await run(`${ROOT}/node_modules/.bin/tsc`, args).catch(({ stdout }) => {
    throw new Error(stdout);
  });
}

/** A project that has the gateway as a dependency, and the example's files as its own. */
let project: string;
let emulator: Emulator;
let signingKey: SigningKey;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, testControls: true, seed: [SAMPLE_DATABASE] });
  project = mkdtempSync(join(tmpdir(), "own-resolvers-"));
  const modules = join(project, "node_modules");
  const gateway = join(modules, "cosmos-graphql-gateway");
  mkdirSync(gateway, { recursive: true });
  for (const name of readdirSync(`${ROOT}/node_modules`)) {
    symlinkSync(`${ROOT}/node_modules/${name}`, join(modules, name));
  }
  cpSync(`${ROOT}/package.json`, join(gateway, "package.json"));
  await compile("-p", `${ROOT}/tsconfig.build.json`, "--outDir", join(gateway, "dist"));

  for (const file of ["own-resolvers.ts", "main.ts", "tsconfig.json"]) {
    cpSync(`${EXAMPLE}/${file}`, join(project, file));
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  await compile("-p", project);

  cpSync(`${ROOT}/schema`, join(project, "schema"), { recursive: true });
  signingKey = await createSigningKey({ kid: "one" });
  const jwks = { keys: [{ ...signingKey.publicJwk, alg: "ES256" }] };
  writeFileSync(join(project, "keys.json"), JSON.stringify(jwks));
  const yaml = readFileSync(`${ROOT}/gateway.yaml`, "utf8")
    .replace(/jwksUri: .*/, "jwksFile: ./keys.json")
    .replace("port: 4000", "port: 0");
  writeFileSync(join(project, "gateway.yaml"), yaml);
});

afterAll(async () => {
  for (const each of processes.filter(({ exitCode }) => exitCode === null)) {
    each.kill("SIGKILL");
  }
  await emulator.stop();
  rmSync(project, { recursive: true });
});

/** Runs a program in the project until it says where it listens. */
async function startProgram(...args: readonly string[]) {
  const [primary, secondary] = emulator.keys;
  const env = {
    ...process.env,
    COSMOS_ENDPOINT: emulator.endpoint,
    COSMOS_KEY: primary,
    COSMOS_SECONDARY_KEY: secondary,
  };
  const program = spawn(process.execPath, args, { cwd: project, env });
  processes.push(program);
  let printed = "";
  program.stderr.on("data", (chunk) => {
    printed += chunk;
  });
  for await (const line of createInterface({ input: program.stdout })) {
    printed += `${line}\n`;
    const address = /(http:\/\/[\w.]+:\d+)\/graphql/.exec(line)?.[1];
    if (address !== undefined) {
      return { program, address };
    }
  }
  throw new Error(`The program ended: ${printed}`);
}

async function post(address: string, bearerToken: string, query: string) {
  const response = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${bearerToken}` },
    body: JSON.stringify({ query }),
  });
  // What an operation answers is up to the test that wrote it.
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  return (await response.json()) as any;
}

function bearerTokenOf(caller: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return signingKey.sign({
    ...SAMPLE_CALLERS[caller],
    sub: caller,
    iss: "https://login.example.com/",
    aud: "api://shop",
    iat: now,
    exp: now + 600,
  });
}

describe("a program of its own that starts the gateway with own resolvers", () => {
  let address: string;
  let program: ChildProcess;
  beforeAll(async () => {
    ({ address, program } = await startProgram("dist/main.js"));
  });

  test("computes a field, and reads another container for one", async () => {
    const answer = await post(
      address,
      await bearerTokenOf("contoso-member"),
      `{ order(id: "order-1") { pieces } carts { nodes { total } } orders(first: 2) { nodes { pieces } } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({
      order: { pieces: 3 },
      carts: { nodes: [{ total: 620 }] },
      orders: { nodes: [{ pieces: 3 }, { pieces: 3 }] },
    });
  });

  test("lets Cosmos DB refuse what the caller may not do, with the caller's resource token", async () => {
    const { forgetRequests, requests } = emulatorControls(emulator.endpoint);
    await forgetRequests();
    const mutation = "mutation { checkOut { id } }";
    const refused = await post(address, await bearerTokenOf("contoso-member"), mutation);
    expect(refused.errors[0].extensions.code).toBe("FORBIDDEN");
    const sent = itemRequests(await requests());
    expect(sent.filter(({ kind }) => kind === "create")).toMatchObject([{ status: 403 }]);
    expect(new Set(sent.map((each) => `${each.authorization} ${each.cosmosUser}`))).toEqual(
      new Set(["resource member:contoso:contoso-member"]),
    );
  });

  test("writes in the caller's name, and answers a value of a generated type", async () => {
    const bearerToken = await bearerTokenOf("fabrikam-manager");
    const mutation = "mutation { checkOut { id tenantId status total pieces } }";
    const { data } = await post(address, bearerToken, mutation);
    expect(data.checkOut).toMatchObject({ tenantId: "fabrikam", total: 568.5, pieces: 3 });
    const { id } = data.checkOut;
    const read = await post(
      address,
      bearerToken,
      `{ order(id: "${id}") { customerId } carts { nodes { lines { sku } total } } }`,
    );
    expect(read.data).toEqual({
      order: { customerId: "fabrikam-manager" },
      carts: { nodes: [{ lines: [], total: 0 }] },
    });
    const again = await post(address, bearerToken, mutation);
    expect(again.errors[0]).toMatchObject({
      message: "Your cart is empty.",
      extensions: { code: "BAD_USER_INPUT" },
    });
  });

  test("refuses whoever proves nothing, before any resolver", async () => {
    const answer = await post(address, "forged", "mutation { checkOut { id } }");
    expect(answer.errors[0].extensions.code).toBe("UNAUTHENTICATED");
  });

  test("ends by itself once it is asked to stop", async () => {
    program.kill("SIGTERM");
    expect(await once(program, "exit")).toEqual([0, null]);
  });
});

test("`dev --extend` gives the README's requests the README's answers", async () => {
  const readme = readFileSync(`${EXAMPLE}/README.md`, "utf8");
  const bin = "node_modules/cosmos-graphql-gateway/dist/main.js";
  const ports = ["--port", "0", "--emulator-port", "0"];
  const { address } = await startProgram(
    ...[bin, "dev", ...ports, "--extend", "dist/own-resolvers.js"],
  );
  const issued = await fetch(`${address}/dev-issuer/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ as: "contoso-manager" }),
  });
  const { bearerToken } = (await issued.json()) as { readonly bearerToken: string };
  const examples = [...readme.matchAll(/-d '(.*)'\n```\n\n```json\n(.*)\n/g)];
  expect(examples).toHaveLength(2);
  for (const [, body = "", answer = ""] of examples) {
    // What it cost may change with the emulator.
    const { data } = await post(address, bearerToken, JSON.parse(body).query);
    expect(data).toEqual(JSON.parse(answer).data);
  }
});

test("`schema --extend` prints own fields among the generated ones", async () => {
  const bin = "node_modules/cosmos-graphql-gateway/dist/main.js";
  const env = { ...process.env, COSMOS_ENDPOINT: emulator.endpoint, COSMOS_KEY: emulator.keys[0] };
  const { stdout } = await run(
    process.execPath,
    [bin, "schema", "--extend", "dist/own-resolvers.js"],
    { cwd: project, env: { ...env, COSMOS_SECONDARY_KEY: emulator.keys[1] } },
  );
  expect(stdout).toMatch(/type Order {[^}]*\n {2}pieces: Int!/);
  expect(stdout).toContain("  checkOut: Order!");
});

test("docs/own-resolvers.md's module compiles as it stands there", async () => {
  const page = readFileSync(`${ROOT}/docs/own-resolvers.md`, "utf8");
  const [, module = ""] = /```ts\n(import[\s\S]*?)```/.exec(page) ?? [];
  expect(module).toContain("export default ownResolvers");
  writeFileSync(join(project, "page.ts"), module);
  await compile("-p", project);
  const { default: extend } = await import(join(project, "dist/page.js"));
  expect(extend).toBeTypeOf("function");
});

test("docs/own-resolvers.md installs the copies that the gateway uses", () => {
  const page = readFileSync(`${ROOT}/docs/own-resolvers.md`, "utf8");
  const { dependencies } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8"));
  for (const name of ["type-graphql", "graphql"]) {
    expect(page).toContain(` ${name}@${dependencies[name]}`);
  }
});

test.each(["docs/own-resolvers.md", "examples/own-resolvers/README.md"])(
  "every file that %s links to is there",
  (path) => {
    const page = `${ROOT}/${path}`;
    const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)#:]+)\)/g)].map(([, to]) => to);
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) {
      expect(existsSync(join(dirname(page), String(link))), link).toBe(true);
    }
  },
);
