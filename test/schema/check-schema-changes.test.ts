import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCRIPT = resolve(import.meta.dirname, "../../scripts/check-schema-changes.ts");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schema-changes-"));
  mkdirSync(join(folder, "schema"));
  write("schema/api.graphql", "type Query { order: String note: String }\n");
  write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- A first version.\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

function runScript(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("goes with the schema from release to release", () => {
  // Nothing is released, so nothing can break, and there is nothing to keep.
  expect(runScript()).toMatchObject({ status: 0, stdout: expect.stringContaining("no release") });
  expect(runScript("--release")).toMatchObject({ status: 1 });

  // A release without its schema is refused until it is kept.
  write("CHANGELOG.md", "# Changelog\n\n## 0.1.0\n\n- A first version.\n");
  expect(runScript()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("check-schema-changes.ts --release"),
  });
  expect(runScript("--release")).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(join(folder, "schema/released.graphql"), "utf8")).toMatch(
    /^# Release 0\.1\.0\n.*\n\ntype Query \{ order: String note: String \}\n$/,
  );
  expect(runScript()).toMatchObject({ status: 0, stderr: "" });

  // A change that breaks clients is refused until the very line that it asks for is there.
  write("schema/api.graphql", "type Query { order: String }\n");
  const refused = runScript();
  expect(refused.status).toBe(1);
  const line = /^- .*$/m.exec(refused.stderr)?.[0];
  expect(line).toBe("- Breaking: Query.note was removed.");
  write(
    "CHANGELOG.md",
    `# Changelog\n\n## Unreleased\n\n${line}\n\n## 0.1.0\n\n- A first version.\n`,
  );
  expect(runScript()).toMatchObject({ status: 0, stderr: "" });

  // The next release takes the line along, and does not go without it.
  write("CHANGELOG.md", "# Changelog\n\n## 0.2.0\n\n- Better.\n\n## 0.1.0\n");
  expect(runScript("--release")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('"## 0.2.0"'),
  });
  write("CHANGELOG.md", `# Changelog\n\n## 0.2.0\n\n${line}\n\n## 0.1.0\n`);
  expect(runScript("--release")).toMatchObject({ status: 0, stderr: "" });
  expect(runScript()).toMatchObject({ status: 0, stderr: "" });
});
