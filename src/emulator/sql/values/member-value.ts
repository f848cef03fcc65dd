import type { Json, JsonObject } from "../../json.ts";
import type { SqlValue } from "./sql-value.ts";

/**
 * `target[member]`: an own property of an object by string, an element of an array by number, else
 * undefined. Nothing that an object inherits (`constructor`, `toString`) is ever found.
 */
export function memberValue(target: SqlValue, member: SqlValue): SqlValue {
  if (typeof target !== "object" || target === null) {
    return undefined;
  }
  if (typeof member === "string") {
    if (Array.isArray(target) || !Object.hasOwn(target, member)) {
      return undefined;
    }
    return (target as JsonObject)[member]; // Not an array
  }
  if (typeof member === "number" && Array.isArray(target)) {
    return (target as readonly Json[])[member]; // A fraction or a negative number finds nothing
  }
  return undefined;
}

/** The value at a path of names and indexes. */
export function pathValue(target: SqlValue, path: readonly (string | number)[]): SqlValue {
  let value = target;
  for (const member of path) {
    value = memberValue(value, member);
  }
  return value;
}
