import type { SqlValue } from "../compare-values.ts";
import { type Builtin, builtin, ofString } from "./builtin.ts";

/** A test of one string against another, with a third argument that makes it ignore case. */
function stringTest(holds: (text: string, part: string) => boolean): Builtin {
  return builtin(2, 3, (text, part, ignoreCase) => {
    if (typeof text !== "string" || typeof part !== "string") {
      return undefined;
    }
    return ignoreCase === true ? holds(text.toLowerCase(), part.toLowerCase()) : holds(text, part);
  });
}

/** String functions that take a text apart or compare it. */
export const stringFunctions: Readonly<Record<string, Builtin>> = {
  CONCAT: builtin(2, Number.POSITIVE_INFINITY, (...args) =>
    args.every((one) => typeof one === "string") ? args.join("") : undefined,
  ),
  CONTAINS: stringTest((text, part) => text.includes(part)),
  ENDSWITH: stringTest((text, part) => text.endsWith(part)),
  STARTSWITH: stringTest((text, part) => text.startsWith(part)),
  STRINGEQUALS: stringTest((text, other) => text === other),
  LENGTH: ofString((text) => text.length),
  LOWER: ofString((text) => text.toLowerCase()),
  UPPER: ofString((text) => text.toUpperCase()),
  TRIM: ofString((text) => text.trim()),
  LTRIM: ofString((text) => text.trimStart()),
  RTRIM: ofString((text) => text.trimEnd()),
  REVERSE: ofString((text) => [...text].reverse().join("")),
  INDEX_OF: builtin(2, 3, indexOf),
  LEFT: builtin(2, 2, (text, count) =>
    typeof text === "string" && typeof count === "number"
      ? text.slice(0, Math.max(0, count))
      : undefined,
  ),
  RIGHT: builtin(2, 2, (text, count) =>
    typeof text === "string" && typeof count === "number"
      ? text.slice(Math.max(0, text.length - Math.max(0, count)))
      : undefined,
  ),
  SUBSTRING: builtin(3, 3, (text, start, length) =>
    typeof text === "string" && typeof start === "number" && typeof length === "number"
      ? text.slice(Math.max(0, start), Math.max(0, start) + Math.max(0, length))
      : undefined,
  ),
  REPLACE: builtin(3, 3, (text, part, replacement) =>
    typeof text === "string" && typeof part === "string" && typeof replacement === "string"
      ? text.split(part).join(replacement)
      : undefined,
  ),
};

function indexOf(text: SqlValue, part: SqlValue, start: SqlValue): SqlValue {
  return typeof text === "string" && typeof part === "string"
    ? text.indexOf(part, typeof start === "number" ? start : 0)
    : undefined;
}
