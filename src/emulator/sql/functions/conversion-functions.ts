import type { Json } from "../../json.ts";
import type { SqlValue } from "../values/sql-value.ts";
import { isObject } from "../values/value-types.ts";
import { type Builtin, builtin, ofString } from "./builtin.ts";

/** A text that is JSON of one type, white space around it allowed. */
function fromJson(isWanted: (value: Json) => boolean): Builtin {
  return ofString((text) => {
    const value = parseJson(text);
    return value !== undefined && isWanted(value) ? value : undefined;
  });
}

/** Functions between texts and other values. A text that does not fit is undefined. */
export const CONVERSION_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  STRINGTOARRAY: fromJson(Array.isArray),
  STRINGTOBOOLEAN: fromJson((value) => typeof value === "boolean"),
  STRINGTONULL: fromJson((value) => value === null),
  STRINGTONUMBER: ofString(toNumber),
  STRINGTOOBJECT: fromJson(isObject),
  TOSTRING: builtin(1, 1, toText),
};

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toNumber(text: string): SqlValue {
  const value = text.trim();
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value) && Number.isFinite(Number(value))
    ? Number(value)
    : undefined;
}

function toText(value: SqlValue): SqlValue {
  switch (typeof value) {
    case "undefined":
    case "string":
      return value;
    case "number":
      return String(value); // NaN and Infinity as words, which JSON has not
    default:
      return JSON.stringify(value);
  }
}
