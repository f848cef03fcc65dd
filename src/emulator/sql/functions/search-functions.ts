import type { SqlValue } from "../values/sql-value.ts";
import { type Builtin, builtin } from "./builtin.ts";

type Test = (text: string, part: string) => boolean;

/** A test of one string against another, with a third argument that makes it ignore case. */
function stringTest(holds: Test): Builtin {
  return builtin(2, 3, (text, part, ignoreCase) => {
    if (typeof text !== "string" || typeof part !== "string") {
      return undefined;
    }
    return ignoreCase === true ? holds(text.toLowerCase(), part.toLowerCase()) : holds(text, part);
  });
}

/** CONTAINS of several strings, joined by OR (`decisive` is true) or AND, with their undefined. */
function containsSeveral(decisive: boolean, ignoreCase: boolean): Builtin {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  return builtin(2, Number.POSITIVE_INFINITY, (text, ...parts) => {
    if (typeof text !== "string") {
      return undefined;
    }
    const whole = fold(text);
    const known = parts.filter((part) => typeof part === "string");
    if (known.some((part) => whole.includes(fold(part)) === decisive)) {
      return decisive;
    }
    return known.length < parts.length ? undefined : !decisive;
  });
}

/** Functions that look for one string in another. */
export const SEARCH_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  CONTAINS: stringTest((text, part) => text.includes(part)),
  CONTAINS_ALL_CI: containsSeveral(false, true),
  CONTAINS_ALL_CS: containsSeveral(false, false),
  CONTAINS_ANY_CI: containsSeveral(true, true),
  CONTAINS_ANY_CS: containsSeveral(true, false),
  ENDSWITH: stringTest((text, part) => text.endsWith(part)),
  INDEX_OF: builtin(2, 3, (text, part, start) => search(text, part, start, "indexOf")),
  LASTINDEXOF: builtin(2, 3, (text, part, start) => search(text, part, start, "lastIndexOf")),
  STARTSWITH: stringTest((text, part) => text.startsWith(part)),
  STRINGEQUALS: stringTest((text, other) => text === other),
};

function search(
  text: SqlValue,
  part: SqlValue,
  start: SqlValue,
  method: "indexOf" | "lastIndexOf",
): SqlValue {
  if (typeof text !== "string" || typeof part !== "string") {
    return undefined;
  }
  if (start === undefined) {
    return text[method](part);
  }
  return typeof start === "number" ? text[method](part, start) : undefined;
}
