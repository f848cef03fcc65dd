import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** What the reference model judges: the code that decides who may see and do what. */
const ENFORCEMENT = [
  "src/access",
  "src/templates",
  "src/tokens",
  "src/items",
  "src/emulator/security",
  "src/graphql/partitions",
];

function textsIn(folder: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ name, text: readFileSync(resolve(ROOT, folder, name), "utf8") }));
}

/** Lines that are neither blank nor a comment. */
function codeLines(text: string): number {
  return text.split("\n").filter((line) => !/^\s*(?:\/\/|\/\*|\*|$)/.test(line)).length;
}

function codeLinesIn(texts: ReturnType<typeof textsIn>): number {
  return texts.reduce((sum, { text }) => sum + codeLines(text), 0);
}

const MODEL = textsIn("test/model");
const OWN = MODEL.filter(({ name }) => !name.endsWith(".test.ts"));

test("the reference model imports nothing but itself", () => {
  const imports = MODEL.flatMap(({ name, text }) =>
    [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'`]([^"'`]+)/g)].map(
      ([, specifier = ""]) => ({ name, specifier }),
    ),
  );
  expect(imports.length).toBeGreaterThan(10);
  const foreign = imports.filter(({ name, specifier }) => {
    const isOfTest = name.endsWith(".test.ts") && ["vitest", "fast-check"].includes(specifier);
    return !/^\.\/[a-z-]+\.ts$/.test(specifier) && !isOfTest;
  });
  expect(foreign).toEqual([]);
});

test("the reference model is at most a sixth of what it judges", () => {
  const model = codeLinesIn(OWN);
  const enforcement = codeLinesIn(ENFORCEMENT.flatMap(textsIn));
  expect(model).toBeGreaterThan(300);
  const figures = `${model} lines of code of the model, ${enforcement} of what it judges`;
  expect(model, figures).toBeLessThanOrEqual(enforcement / 6);
});
