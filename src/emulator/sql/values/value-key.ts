import type { JsonObject } from "../../json.ts";
import type { SqlValue } from "./sql-value.ts";

/**
 * A text that two values share exactly if `equalValues` holds: the key of DISTINCT, GROUP BY and
 * the set functions.
 */
export function valueKey(value: SqlValue): string {
  switch (typeof value) {
    case "undefined":
      return "u";
    case "string":
      return JSON.stringify(value);
    case "object":
      return value === null ? "null" : compoundKey(value);
    default:
      return String(value); // 0 and -0 are one number
  }
}

function compoundKey(value: readonly SqlValue[] | JsonObject): string {
  if (Array.isArray(value)) {
    return `[${value.map(valueKey).join()}]`;
  }
  const object = value as JsonObject; // Not an array
  const parts = Object.keys(object)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${valueKey(object[name])}`);
  return `{${parts.join()}}`;
}
