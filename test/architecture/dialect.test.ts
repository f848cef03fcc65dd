import { readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

/** Longest line of a comment, in columns: the formatter's width, which it doesn't apply to comments. */
const MAX_COLUMNS = 100;

interface SourceLine {
  /** `emulator/json.ts:3`. */
  readonly place: string;
  readonly text: string;
}

/** Every line of the source. */
const LINES: readonly SourceLine[] = readdirSync(SRC, {
  recursive: true,
  encoding: "utf8",
})
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => {
    const file = resolve(SRC, name);
    return readFileSync(file, "utf8")
      .split("\n")
      .map((text, index) => ({ place: `${relative(SRC, file)}:${index + 1}`, text }));
  });

/** Where the line is a comment and nothing else. */
const COMMENT = /^\s*(?:\/\/|\/\*|\*)/;

function found(isFault: (text: string, before: string) => boolean): string[] {
  return LINES.filter(({ text }, index) => isFault(text, LINES[index - 1]?.text ?? "")).map(
    ({ place, text }) => `${place} ${text.trim()}`,
  );
}

test("there is source to look at", () => {
  expect(LINES.length).toBeGreaterThan(1000);
});

test("comments are at most 100 columns wide", () => {
  expect(found((text) => COMMENT.test(text) && text.length > MAX_COLUMNS)).toEqual([]);
});

test("comments begin with a capital, a figure, a sign or a name of code", () => {
  const lowerCase = /^(?:\s*|.*\S )\/\/ (?!biome-ignore)[a-z]|^\s*\/\*\* (?!https:)[a-z]/;
  const goesOn = /^\s*\/\/ /;
  const firstOfBlock = (text: string, before: string): boolean =>
    !(goesOn.test(text) && goesOn.test(before));
  const firstOfDocstring = (text: string, before: string): boolean =>
    before.trim() === "/**" && /^\s*\* (?!https:)[a-z]/.test(text);
  expect(
    found(
      (text, before) =>
        (lowerCase.test(text) && firstOfBlock(text, before)) || firstOfDocstring(text, before),
    ),
  ).toEqual([]);
});

test("docstrings tell errors by @throws", () => {
  expect(found((text) => COMMENT.test(text) && /(?:^|[ *.])Throws /.test(text))).toEqual([]);
});

test("a module's fixed values are in upper case", () => {
  // A number, a text, a regular expression, a set, a map, a list or an object of such.
  const fixed = /^(?:export )?const [a-z]\w*(?::.*?)? = (?:-?\d|["'`/[{]|new (?:Set|Map)\b)/;
  // In the gateway, a table of commands or an object of functions is no fixed value.
  const inEmulator = found((text) => fixed.test(text)).filter((each) =>
    each.startsWith("emulator/"),
  );
  expect(inEmulator).toEqual([]);
});
