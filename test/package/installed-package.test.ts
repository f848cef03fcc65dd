import { execFile, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isOldNode } from "../../src/bundled-node.ts";
import { ROOT } from "../commands/run-command.ts";

const run = promisify(execFile);

/** What a release is made from. */
const SOURCES = ["package.json", "README.md", "LICENSE", "gateway.yaml", "tsconfig.json"];

/** The compiler runs once more, which takes its time on a machine that is busy with other tests. */
const PACK_TIMEOUT_MS = 240_000;

let folder: string;
/** A project with the packed package in it, and nothing but what that depends on. */
let project: string;
let bin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "installed-package-"));
  const checkout = join(folder, "checkout");
  for (const name of [...SOURCES, "tsconfig.build.json", "src", "schema"]) {
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  // As `npm publish` does, and with no build there yet.
  const packed = await run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], {
    cwd: checkout,
  });
  const [{ filename }] = JSON.parse(packed.stdout);

  project = join(folder, "project");
  const installed = join(project, "node_modules", "cosmos-graphql-gateway");
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"]);
  linkDependencies(join(project, "node_modules"));
  bin = join(installed, "dist", "main.js");
}, PACK_TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true }));

/** As `npm install --omit=dev` lays them out, but without asking a registry. */
function linkDependencies(modules: string): void {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  for (const [path, { dev = false }] of Object.entries<{ readonly dev?: boolean }>(lock.packages)) {
    const name = /^node_modules\/((@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name !== undefined && !dev && existsSync(join(ROOT, path))) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(ROOT, path), join(modules, name));
    }
  }
}

function start(node: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(node, [bin, ...args], {
    cwd: project,
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  return { exitCode: status, out: stdout, error: stderr };
}

const { version, engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

test("the package holds the program, its types and the sample, and no development dependency", () => {
  const installed = join(project, "node_modules", "cosmos-graphql-gateway");
  for (const file of ["dist/main.js", "dist/gateway.d.ts", "gateway.yaml", "README.md"]) {
    expect(existsSync(join(installed, file)), file).toBe(true);
  }
  expect(existsSync(join(installed, "src"))).toBe(false);
  expect(existsSync(join(project, "node_modules", "node"))).toBe(false);
});

describe("on a Node.js that `engines` promises, the package", () => {
  test.each(["--version", "version"])("prints its version for %s", (word) => {
    expect(start(process.execPath, word)).toEqual({ exitCode: 0, out: `${version}\n`, error: "" });
  });

  test("checks the sample that it brings, and prints that sample's API", () => {
    const sample = "node_modules/cosmos-graphql-gateway/gateway.yaml";
    expect(start(process.execPath, "check", "--config", sample)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining("Models: Order, Product, Cart"),
    });
  });

  test("can be imported as a library", () => {
    const script =
      'import("cosmos-graphql-gateway").then((it) => console.log(typeof it.startGateway))';
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
      cwd: project,
      encoding: "utf8",
    });
    expect({ stdout, stderr }).toEqual({ stdout: "function\n", stderr: "" });
  });
});

/** The Node.js of the machine, which is not the one that the checkout brings. */
function nodeOfTheMachine(): { readonly path: string; readonly version: string } | undefined {
  for (const entry of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(entry, "node");
    if (entry.includes("node_modules") || !existsSync(path)) {
      continue;
    }
    const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
    return { path, version: stdout.trim().replace(/^v/, "") };
  }
  return undefined;
}

const machine = nodeOfTheMachine();
const isOldMachine = machine !== undefined && isOldNode(machine.version);

describe.skipIf(!isOldMachine)("on an older Node.js, such as this machine's, the package", () => {
  test.each([
    [[]],
    [["--help"]],
    [["--version"]],
    [["check"]],
    [["serve", "--help"]],
    [["nothing"]],
  ])("says in one sentence which it needs, whatever it is asked: %j", (args) => {
    expect(start(machine?.path ?? "", ...args)).toEqual({
      exitCode: 2,
      out: "",
      error: `cosmos-gateway needs Node.js 22.19 or newer, and this is Node.js ${machine?.version}.\n`,
    });
  });

  test("runs from a checkout with the Node.js that this brings", () => {
    const dist = join(folder, "checkout", "dist", "main.js");
    const { status, stdout } = spawnSync(machine?.path ?? "", [dist, "--version"], {
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
  });
});

test.each([
  ["14.21.3", true],
  ["20.20.2", true],
  ["22.18.9", true],
  ["22.19.0", false],
  ["23.0.0", false],
  ["24.21.0", false],
])("Node.js %s is too old: %j", (node, isOld) => {
  expect(isOldNode(node)).toBe(isOld);
});

test("`engines` and the program's own sentence name one version", () => {
  expect(engines.node).toBe(">=22.19");
});
