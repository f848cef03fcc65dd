import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROOT, runCommand } from "./run-command.ts";

const env = { COSMOS_ENDPOINT: "https://contoso.documents.azure.com", COSMOS_KEY: "c2VjcmV0" };
const sample = readFileSync(join(ROOT, "gateway.yaml"), "utf8").replace(
  "./schema/",
  `${ROOT}/schema/`,
);

let workingFolder: string;
beforeEach(() => {
  workingFolder = mkdtempSync(join(tmpdir(), "schema-command-"));
});
afterEach(() => rmSync(workingFolder, { recursive: true }));

async function schemaOf(yaml: string): Promise<string> {
  writeFileSync(join(workingFolder, "gateway.yaml"), yaml);
  const { exitCode, out, error } = await runCommand(["schema"], { env, workingFolder });
  expect(error).toBe("");
  expect(exitCode).toBe(0);
  return out;
}

const GENERIC = /^ {2}(item|items|createItem|upsertItem|replaceItem|patchItem|deleteItem)\(/gm;

test("what the configuration leaves off is not in the schema", async () => {
  const sdl = await schemaOf(sample);
  expect(sdl.match(GENERIC)).toBeNull();
  expect(sdl).not.toContain("issueResourceTokens");
  expect(sdl).not.toContain("ResourceToken");
  expect(sdl).toBe(readFileSync(join(ROOT, "schema/api.graphql"), "utf8"));
});

test("api.generic adds the operations over JSON, and nothing else", async () => {
  const sdl = await schemaOf(`${sample}\napi:\n  generic: true\n`);
  expect(sdl.match(GENERIC)).toHaveLength(7);
  expect(sdl).not.toContain("issueResourceTokens");
});

test("tokens.issue adds the mutation that issues them, and nothing else", async () => {
  const sdl = await schemaOf(sample.replace("tokens:\n", "tokens:\n  issue: true\n"));
  expect(sdl).toContain("  issueResourceTokens: [ResourceToken!]");
  expect(sdl.match(GENERIC)).toBeNull();
});
