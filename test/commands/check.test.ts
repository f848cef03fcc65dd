// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a configuration's variables look like that
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe("without the variables that a configuration names, as in CI,", () => {
  const checkWithoutVariables = () => runCommand(["check"], { workingFolder: folder });

  test("everything else is checked, and a warning names each that is missing", async () => {
    write(sample("gateway.yaml"));
    const { exitCode, out, error } = await checkWithoutVariables();
    expect(exitCode).toBe(0);
    expect(error.trim().split("\n")).toEqual([
      expect.stringMatching(
        /^gateway\.yaml:9:\d+: warning: cosmos\.endpoint: unchecked without the environment variable COSMOS_ENDPOINT$/,
      ),
      expect.stringMatching(
        /^gateway\.yaml:10:\d+: warning: cosmos\.keys\[0\]: unchecked without the environment variable COSMOS_KEY$/,
      ),
    ]);
    expect(out).toContain("gateway.yaml is valid, as far as it can be checked");
    expect(out).toContain("manager, member, auditor");
  });

  test("faults of the rest are printed beside the warnings, those of the models included", async () => {
    write(
      sample("gateway.yaml").replace("port: 4000", "port: 70000"),
      sample("schema/shop.model.graphql").replace("enum OrderStatus {", "enum OrderStatus { __NEW"),
    );
    const { exitCode, error, out } = await checkWithoutVariables();
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(error).toContain("warning: cosmos.endpoint");
    expect(error).toMatch(/^gateway\.yaml:6:\d+: server\.port: expected /m);
    expect(error).toMatch(/^schema\/shop\.model\.graphql:\d+:\d+: "__NEW" can't start/m);
  });

  test("no value that has one in it is found at fault, alone or together with others", async () => {
    write(
      sample("gateway.yaml")
        .replace("port: 4000", "port: ${PORT}")
        .replace("database: shop", "database: ${DATABASE}")
        .replace("jwksUri: https://login.example.com/keys", "jwksUri: ${KEYS}")
        .replace("issuer: https://login", "issuer: ${ISSUER} # https://login")
        .replace('cosmosUser: "member:{tid}:{sub}"', 'cosmosUser: "${USER_PREFIX}:{tid}:{sub}"')
        .replace("container: products, mode: Read", 'container: "${CONTAINER}", mode: Read')
        .replace("lifetimeSeconds: 3600", "lifetimeSeconds: ${LIFETIME}")
        .replace("schema: ./schema/*.model.graphql", "schema: ${file:./where-the-models-are}"),
    );
    const { exitCode, error } = await checkWithoutVariables();
    expect(
      error
        .trim()
        .split("\n")
        .filter((line) => !line.includes(" warning: ")),
    ).toEqual([]);
    expect(exitCode).toBe(0);
    for (const name of ["PORT", "DATABASE", "KEYS", "USER_PREFIX", "CONTAINER", "LIFETIME"]) {
      expect(error).toContain(`the environment variable ${name}\n`);
    }
    expect(error).toContain("where-the-models-are");
  });

  test("what is no variable at all is a fault all the same", async () => {
    write(sample("gateway.yaml").replace("database: shop", "database: '${no name}'"));
    const { exitCode, error } = await checkWithoutVariables();
    expect(exitCode).toBe(1);
    expect(error).toMatch(/^gateway\.yaml:\d+:\d+: cosmos\.database: expected the name of an/m);
  });

  test.each(["serve", "schema", "provision"])("`%s` refuses to run", async (name) => {
    write(sample("gateway.yaml"));
    writeFileSync(join(folder, "claims.json"), '{ "sub": "someone" }');
    const claims = name === "provision" ? ["--claims", "claims.json"] : [];
    const outcome = await runCommand([name, ...claims], { workingFolder: folder });
    expect(outcome).toMatchObject({ exitCode: 1, out: "" });
    expect(outcome.error).toContain("expected the environment variable COSMOS_ENDPOINT");
  });
});

describe("a permission on a container that no model has", () => {
  const withContainer = (name: string) =>
    sample("gateway.yaml").replace("container: carts", `container: ${name}`);

  test("is a warning that names it, for no operation uses it", async () => {
    write(withContainer("invoices"));
    const { exitCode, error } = await check();
    expect(exitCode).toBe(0);
    expect(error).toMatch(
      /^gateway\.yaml:\d+:\d+: warning: profiles\[0\]\.permissions\[2\]\.container: no model has the container "invoices"/,
    );
    expect(error.trim().split("\n")).toHaveLength(1);
  });

  test("is a fault where its name is nearly a model's", async () => {
    write(withContainer("cart"));
    const { exitCode, error } = await check();
    expect(exitCode).toBe(1);
    expect(error).toMatch(
      /^gateway\.yaml:\d+:\d+: profiles\[0\]\.permissions\[2\]\.container: no model has the container "cart"\. Did you mean "carts"\?$/m,
    );
  });

  test("is nothing to speak of with the operations over plain JSON", async () => {
    write(`${withContainer("invoices")}\napi: { generic: true }\n`);
    expect(await check()).toMatchObject({ exitCode: 0, error: "" });
    write(`${withContainer("cart")}\napi: { generic: true }\n`);
    const near = await check();
    expect(near.exitCode).toBe(0);
    expect(near.error).toMatch(/warning: .*Did you mean "carts"\?/);
  });

  test("is nothing to speak of with own resolvers, which may read any container", async () => {
    writeFileSync(join(folder, "own.mjs"), "export default () => [];");
    write(withContainer("invoices"));
    const outcome = await runCommand(["check", "--extend", "own.mjs"], {
      env,
      workingFolder: folder,
    });
    expect(outcome).toMatchObject({ exitCode: 0, error: "" });
  });
});

test.each([
  ["check", []],
  ["schema", []],
  ["serve", []],
  ["dev", ["--port", "0", "--emulator-port", "0"]],
])(
  "`%s` prints a model's faults, with file and line and without a stack",
  async (name, options) => {
    write(
      sample("gateway.yaml"),
      `type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  status: OrderStatus!
  line: __Line
}
enum OrderStatus { OPEN __PAID OPEN }
type __Line { sku: String }
`,
    );
    const { exitCode, out, error } = await runCommand([name, ...options], {
      env,
      workingFolder: folder,
    });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    const faults = error.split("\n").filter((line) => line.startsWith("schema/"));
    expect(faults).toEqual([
      'schema/shop.model.graphql:7:25: "__PAID" can\'t start with two underscores: GraphQL keeps those names.',
      'schema/shop.model.graphql:7:32: Enum "OrderStatus" has the value "OPEN" already. Keep one.',
      'schema/shop.model.graphql:8:6: "__Line" can\'t start with two underscores: GraphQL keeps those names.',
    ]);
    expect(error).not.toMatch(/^ {4}at /m);
  },
);

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
