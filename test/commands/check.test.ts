import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROOT, runCommand } from "./run-command.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway-check-"));
  mkdirSync(join(folder, "schema"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = { COSMOS_ENDPOINT: "https://contoso.documents.azure.com", COSMOS_KEY: "c2VjcmV0" };

function sample(name: string): string {
  return readFileSync(join(ROOT, name), "utf8");
}

function write(yaml: string, model = sample("schema/shop.model.graphql")): void {
  writeFileSync(join(folder, "gateway.yaml"), yaml);
  writeFileSync(join(folder, "schema/shop.model.graphql"), model);
}

const check = () => runCommand(["check"], { env, workingFolder: folder });

test("the sample is valid, with the two variables that it needs", async () => {
  write(sample("gateway.yaml"));
  const { exitCode, out, error } = await check();
  expect({ exitCode, error }).toEqual({ exitCode: 0, error: "" });
  expect(out).toContain("Order, Product, Cart");
  expect(out).toContain("manager, member, auditor");
});

test("every fault of a configuration is printed, with file and line", async () => {
  write(
    sample("gateway.yaml")
      .replace("port: 4000", "port: 70000")
      .replace("lifetimeSeconds: 3600", "lifetimeSeconds: 5")
      .replace("mode: All", "mode: Write")
      .replace("database: shop", "datebase: shop")
      .replace("algorithms: [RS256, ES256]", "algorithms: [HS256]"),
  );
  const { exitCode, error } = await check();
  expect(exitCode).toBe(1);
  const lines = error.trim().split("\n");
  for (const path of [
    "server.port",
    "tokens.lifetimeSeconds",
    "profiles[0].permissions[0].mode",
    "cosmos.datebase",
    "auth.issuers[0].algorithms[0]",
  ]) {
    const line = lines.find((text) => text.includes(path));
    expect(line, path).toMatch(/^gateway\.yaml:\d+:\d+: .*expected .*found /);
  }
  expect(error).not.toContain(env.COSMOS_KEY);
});

test("a variable that is not set is named", async () => {
  write(sample("gateway.yaml"));
  const { exitCode, error } = await runCommand(["check"], { workingFolder: folder });
  expect(exitCode).toBe(1);
  expect(error).toContain("COSMOS_ENDPOINT");
  expect(error).toContain("COSMOS_KEY");
});

test("a configuration in which one Cosmos user could want two sets of permissions is refused", async () => {
  write(
    sample("gateway.yaml").replace(
      'cosmosUser: "member:{tid}:{sub}"',
      'cosmosUser: "member:{tid}"',
    ),
  );
  const { exitCode, error } = await check();
  expect(exitCode).toBe(1);
  // The cart's permission differs by a claim that the user id does not hold.
  expect(error).toMatch(/sub/);
  expect(error).toMatch(/profiles\[1\]/);
});

test("every fault of the models is printed, with file, line and what to write", async () => {
  write(
    sample("gateway.yaml"),
    `
type Order @container(name: "orders") {
  id: ID!
  total: Money!
}
type Cart {
  id: ID!
  ownerId: String! @partitionkey
}
`,
  );
  const { exitCode, error } = await check();
  expect(exitCode).toBe(1);
  expect(error.trim().split("\n").length).toBeGreaterThanOrEqual(3);
  for (const line of error.trim().split("\n")) {
    expect(line).toMatch(/^schema\/shop\.model\.graphql:\d+:\d+: /);
  }
  expect(error).toContain("Money");
  expect(error).toContain("@partitionKey");
});

test.each([
  ["serve", ["serve"]],
  ["dev", ["dev", "--port", "0", "--emulator-port", "0"]],
])("%s with a faulty configuration exits 1 before anything listens", async (_name, argv) => {
  write(sample("gateway.yaml").replace("port: 4000", "prot: 4000"));
  const { exitCode, error, out } = await runCommand(argv, { env, workingFolder: folder });
  expect(exitCode).toBe(1);
  expect(error).toContain("server.prot");
  expect(out).toBe("");
});

test("a file that names the development issuer is refused", async () => {
  write(
    sample("gateway.yaml").replace(
      "issuer: https://login.example.com/",
      "issuer: urn:cosmos-graphql-gateway:development",
    ),
  );
  const { exitCode, error } = await check();
  expect(exitCode).toBe(1);
  expect(error).toContain("auth.issuers[0].issuer");
});

test("a missing file and a missing model are said in words", async () => {
  const missing = await check();
  expect(missing).toMatchObject({ exitCode: 1 });
  expect(missing.error).toContain("gateway.yaml");
  writeFileSync(join(folder, "gateway.yaml"), sample("gateway.yaml"));
  const noModel = await check();
  expect(noModel).toMatchObject({ exitCode: 1 });
  expect(noModel.error).toContain("no model file matches");
});
