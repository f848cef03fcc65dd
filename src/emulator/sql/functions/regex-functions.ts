import type { SqlValue } from "../values/sql-value.ts";
import type { Builtin, QueryEnvironment } from "./builtin.ts";
import { createRegexMatcher } from "./regex/create-regex-matcher.ts";

/** Patterns that one query keeps ready. */
const MAX_MATCHERS = 100;

/** RegexMatch, with patterns that can't make a query hang. */
export const REGEX_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  REGEXMATCH: { minArguments: 2, maxArguments: 3, create: createRegexMatch },
};

function createRegexMatch({ budget }: QueryEnvironment) {
  const matchers = new Map<string, (text: string) => boolean>();

  const matcherOf = (pattern: string, modifiers: string): ((text: string) => boolean) => {
    const key = `${modifiers}/${pattern}`;
    const known = matchers.get(key);
    if (known) {
      return known;
    }
    const matcher = createRegexMatcher(
      pattern,
      {
        multiline: modifiers.includes("m"),
        dotAll: modifiers.includes("s"),
        ignoreCase: modifiers.includes("i"),
        extended: modifiers.includes("x"),
      },
      budget,
    );
    if (matchers.size < MAX_MATCHERS) {
      matchers.set(key, matcher);
    }
    return matcher;
  };

  return (text: SqlValue, pattern: SqlValue, modifiers: SqlValue = "") =>
    typeof text === "string" &&
    typeof pattern === "string" &&
    typeof modifiers === "string" &&
    /^[msix]*$/.test(modifiers)
      ? matcherOf(pattern, modifiers)(text)
      : undefined;
}
