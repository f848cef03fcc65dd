import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, runCommand } from "./run-command.ts";

const env = { COSMOS_ENDPOINT: "https://contoso.documents.azure.com", COSMOS_KEY: "c2VjcmV0" };

test("without a command, the commands are listed and the exit code is that of misuse", async () => {
  const { exitCode, out } = await runCommand([]);
  expect(exitCode).toBe(2);
  for (const name of ["dev", "serve", "emulator", "token", "check", "schema", "provision"]) {
    expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
  }
});

test("an unknown command or option is named", async () => {
  expect(await runCommand(["serv"])).toMatchObject({
    exitCode: 2,
    error: expect.stringContaining('There is no command "serv"'),
  });
  expect(await runCommand(["check", "--confg", "x"])).toMatchObject({
    exitCode: 2,
    error: expect.stringContaining("--confg"),
  });
});

test.each([
  ["an option without its value", ["check", "--config"], "--config"],
  ["an option whose value is empty", ["check", "--config="], "--config"],
  ["an option that must be given", ["provision"], "--claims"],
  ["a value of another form", ["emulator", "--partitions", "many"], "--partitions"],
  ["a word too much", ["check", "gateway.yaml"], "gateway.yaml"],
])("%s is misuse of the command", async (_what, argv, named) => {
  const { exitCode, out, error } = await runCommand(argv);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
  expect(error).toContain(named);
});

test.each(["--version", "-v", "version"])(
  "%s prints the version and nothing else",
  async (word) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(await runCommand([word])).toEqual({ exitCode: 0, out: `${version}\n`, error: "" });
  },
);

test("--help lists a command's options with their defaults", async () => {
  const { exitCode, out } = await runCommand(["emulator", "--help"]);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/--port PORT .*default: 8081/);
});

test("schema prints the committed API", async () => {
  const { exitCode, out } = await runCommand(["schema"], { env });
  expect(exitCode).toBe(0);
  expect(out).toBe(readFileSync(join(ROOT, "schema/api.graphql"), "utf8"));
});

test("token says how to start the issuer that it can't find", async () => {
  const { exitCode, error } = await runCommand(["token", "--as", "contoso-member", "--port", "9"]);
  expect(exitCode).toBe(1);
  expect(error).toContain("cosmos-gateway dev");
});

test.each(["-1", "65536", "4k", ""])("a port %j is refused", async (port) => {
  const { exitCode, error } = await runCommand(["token", "--as", "x", `--port=${port}`]);
  expect(exitCode).toBe(2);
  expect(error).toContain("port");
});

test("a port that is in use is said in words", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const gateway = await runCommand(["dev", "--port", `${port}`, "--emulator-port", "0"]);
    expect(gateway).toMatchObject({ exitCode: 1 });
    expect(gateway.error).toContain(`Port ${port} is in use`);
    const emulator = await runCommand(["emulator", "--port", `${port}`]);
    expect(emulator).toMatchObject({ exitCode: 1 });
    expect(emulator.error).toContain(`Port ${port} is in use`);
  } finally {
    other.close();
  }
});
