import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../run-query.ts";

function match(text: string, pattern: string, modifiers?: string): unknown {
  const parameters = [
    { name: "@text", value: text },
    { name: "@pattern", value: pattern },
    { name: "@modifiers", value: modifiers ?? "" },
  ];
  const args = modifiers === undefined ? "@text, @pattern" : "@text, @pattern, @modifiers";
  return evaluate(`RegexMatch(${args})`, { id: "1" }, { parameters });
}

describe("RegexMatch", () => {
  test.each([
    ["abcd", "ABC", undefined, false],
    ["abcd", "ABC", "i", true],
    ["abcd", "ab.", "", true],
    ["abcd", "ab c", "x", true],
    ["abcd", "aB c", "ix", true],
    ["abcd", "ab # comment\nc", "x", true],
    ["03a", "[0-9]", undefined, true],
    ["salt3824908", "salt{1}", undefined, true],
    ["shame", "s....", "i", true],
    ["a\nb", "a.b", "", false],
    ["a\nb", "a.b", "s", true],
    ["a\nb", "^b$", "", false],
    ["a\nb", "^b$", "m", true],
    ["ab\n", "b$", "", true],
    ["", "^$", "", true],
    ["word", "\\bword\\b", "", true],
    ["swords", "\\bword", "", false],
    ["foo.bar", "foo\\.bar", "", true],
    ["é", "[à-ü]", "", true],
    ["😀", "^.$", "", true],
    ["😀", "\\x{1F600}", "", true],
    ["]", "[]]", "", true],
    ["a-b", "[a\\-z]-[^-]", "", true],
    ["aXb", "a(?:X|Y)b", "", true],
    ["aXb", "(?<name>X)", "", true],
    ["aab", "^a{2,3}b$", "", true],
    ["ab", "^a{2,}b$", "", false],
    ["a{b", "a{b", "", true],
    ["ac", "ab*?c", "", true],
    ["x", "", "", true],
    ["x", "a|", "", true],
  ])("%j with %j and %j is %j", (text, pattern, modifiers, expected) => {
    expect(match(text, pattern, modifiers)).toBe(expected);
  });

  test("is undefined for what is no string and for modifiers that are none", () => {
    expect(evaluate("RegexMatch(1, 'a')")).toBeUndefined();
    expect(evaluate("RegexMatch('a', null)")).toBeUndefined();
    expect(match("a", "a", "q")).toBeUndefined();
  });

  test.each([
    "(",
    ")",
    "[a",
    "*a",
    "a**",
    "a{3,1}",
    "a{9999}",
    "[z-a]",
    "\\",
    "(((a{99}){99}){99})",
  ])("the faulty pattern %j is a 400", (pattern) => {
    expect(() => match("a", pattern)).toThrow(expect.objectContaining({ status: 400 }));
  });

  test.each([
    "(?=a)",
    "(?!a)",
    "(?<=a)b",
    "(a)\\1",
    "(?>a)",
    "a++",
    "(?i)a",
    "\\p{L}",
    "[[:alpha:]]",
  ])("%j needs what is left out, and is a 501", (pattern) => {
    expect(() => match("a", pattern)).toThrow(expect.objectContaining({ status: 501 }));
  });

  test.each(["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a*)*b"])(
    "%j does not hang on a text that nearly matches",
    (pattern) => {
      expect(match(`${"a".repeat(5000)}!`, pattern)).toBe(false);
    },
  );

  test("agrees with JavaScript's own expressions on generated patterns", () => {
    const atom = fc.constantFrom(
      "a",
      "b",
      "c",
      ".",
      "[ab]",
      "[^a]",
      "\\d",
      "\\w",
      "\\s",
      "\\b",
      "^",
      "$",
      "1",
    );
    const pattern = fc.letrec<{ node: string; quantified: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        atom,
        fc.tuple(tie("node"), tie("node")).map(([left, right]) => left + right),
        fc.tuple(tie("node"), tie("node")).map(([left, right]) => `(${left}|${right})`),
        tie("quantified"),
      ),
      quantified: fc
        .tuple(
          fc.constantFrom("a", "b", ".", "[ab]"),
          fc.constantFrom("*", "+", "?", "{2}", "{1,2}", "{0,}"),
        )
        .map(([node, quantifier]) => node + quantifier),
    })).node;
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", " "), maxLength: 8 });
    fc.assert(
      fc.property(text, pattern, fc.boolean(), (subject, expression, ignoreCase) => {
        const flags = ignoreCase ? "i" : "";
        expect(match(subject, expression, flags)).toBe(new RegExp(expression, flags).test(subject));
      }),
      { numRuns: 2000 },
    );
  });
});
