import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CommandFault } from "../../src/commands/command.ts";
import { loadExtension } from "../../src/commands/load-extension.ts";

let workingFolder: string;
beforeAll(() => {
  workingFolder = mkdtempSync(join(tmpdir(), "extension-"));
  const files = {
    "good.mjs": "export default () => [];",
    "list.mjs": "export default [];",
    "named.mjs": "export const extend = () => [];",
    "broken.mjs": "export default (",
    "throws.mjs": "throw new Error('no warehouse');",
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(workingFolder, name), text);
  }
});
afterAll(() => rmSync(workingFolder, { recursive: true }));

test("without --extend there is none", async () => {
  expect(await loadExtension({}, { workingFolder })).toBeUndefined();
});

test("the module's default export is the extension, found from the working folder", async () => {
  const extend = await loadExtension({ extend: "good.mjs" }, { workingFolder });
  expect(extend).toBeTypeOf("function");
});

test.each([
  ["missing.mjs", "--extend missing.mjs can't be loaded."],
  ["broken.mjs", "--extend broken.mjs can't be loaded."],
  ["throws.mjs", "--extend throws.mjs can't be loaded. no warehouse"],
  ["list.mjs", "--extend list.mjs: its default export must be a function."],
  ["named.mjs", "--extend named.mjs: its default export must be a function."],
])("%s is refused in words", async (file, message) => {
  const loaded = loadExtension({ extend: file }, { workingFolder });
  await expect(loaded).rejects.toThrow(CommandFault);
  await expect(loaded).rejects.toThrow(message);
});
