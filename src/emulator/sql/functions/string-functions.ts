import { assertArrayLength, assertTextLength } from "../limits.ts";
import type { SqlValue } from "../values/sql-value.ts";
import { type Builtin, builtin, ofString } from "./builtin.ts";

/** Longest result of REPLICATE, as its documentation says. */
const MAX_REPLICATED = 10_000;

/** Functions that make a text from others. */
export const STRING_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  CONCAT: builtin(2, Number.POSITIVE_INFINITY, (...parts) => joinTexts(parts, "")),
  LEFT: builtin(2, 2, (text, count) =>
    typeof text === "string" && typeof count === "number"
      ? text.slice(0, Math.max(0, count))
      : undefined,
  ),
  LENGTH: ofString((text) => text.length),
  LOWER: ofString((text) => text.toLowerCase()),
  LTRIM: builtin(1, 2, (text, characters) => trim(text, characters, true, false)),
  REPLACE: builtin(3, 3, replaceAll),
  REPLICATE: builtin(2, 2, replicate),
  REVERSE: ofString((text) => [...text].reverse().join("")),
  RIGHT: builtin(2, 2, (text, count) =>
    typeof text === "string" && typeof count === "number"
      ? text.slice(Math.max(0, text.length - Math.max(0, count)))
      : undefined,
  ),
  RTRIM: builtin(1, 2, (text, characters) => trim(text, characters, false, true)),
  STRINGJOIN: builtin(2, 2, (parts, separator) =>
    Array.isArray(parts) && typeof separator === "string" ? joinTexts(parts, separator) : undefined,
  ),
  STRINGSPLIT: builtin(2, 2, splitText),
  SUBSTRING: builtin(3, 3, (text, start, length) => {
    if (typeof text !== "string" || typeof start !== "number" || typeof length !== "number") {
      return undefined;
    }
    const from = Math.max(0, start);
    return text.slice(from, from + Math.max(0, length));
  }),
  TRIM: builtin(1, 2, (text, characters) => trim(text, characters, true, true)),
  UPPER: ofString((text) => text.toUpperCase()),
};

function joinTexts(parts: readonly SqlValue[], separator: string): SqlValue {
  if (!parts.every((part) => typeof part === "string")) {
    return undefined;
  }
  const separators = separator.length * Math.max(0, parts.length - 1);
  assertTextLength(parts.reduce((length, part) => length + part.length, separators));
  return parts.join(separator);
}

/** Takes white space, or the given characters, off the ends. */
function trim(text: SqlValue, characters: SqlValue, start: boolean, end: boolean): SqlValue {
  if (typeof text !== "string") {
    return undefined;
  }
  if (characters === undefined) {
    const trimmed = start ? text.trimStart() : text;
    return end ? trimmed.trimEnd() : trimmed;
  }
  if (typeof characters !== "string") {
    return undefined;
  }
  let from = 0;
  let to = text.length;
  while (start && from < to && characters.includes(text.charAt(from))) {
    from += 1;
  }
  while (end && from < to && characters.includes(text.charAt(to - 1))) {
    to -= 1;
  }
  return text.slice(from, to);
}

function replaceAll(text: SqlValue, part: SqlValue, replacement: SqlValue): SqlValue {
  if (typeof text !== "string" || typeof part !== "string" || typeof replacement !== "string") {
    return undefined;
  }
  if (part === "") {
    return text;
  }
  const pieces = text.split(part);
  assertTextLength(text.length + (pieces.length - 1) * (replacement.length - part.length));
  return pieces.join(replacement);
}

function replicate(text: SqlValue, count: SqlValue): SqlValue {
  if (typeof text !== "string" || typeof count !== "number" || !(count >= 0)) {
    return undefined;
  }
  const times = Math.trunc(count);
  return text.length * times > MAX_REPLICATED ? undefined : text.repeat(text === "" ? 0 : times);
}

function splitText(text: SqlValue, separator: SqlValue): SqlValue {
  if (typeof text !== "string" || typeof separator !== "string") {
    return undefined;
  }
  const parts = separator === "" ? [text] : text.split(separator);
  assertArrayLength(parts.length);
  return parts;
}
