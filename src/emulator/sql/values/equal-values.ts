import type { Json, JsonObject } from "../../json.ts";
import type { SqlValue } from "./sql-value.ts";

/**
 * Whether two values are the same: arrays element by element, objects by their properties in any
 * order.
 */
export function equalValues(left: SqlValue, right: SqlValue): boolean {
  if (left === right) {
    return true;
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return false;
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && equalArrays(left, right);
  }
  // Neither is an array, so both are objects
  return equalObjects(left as JsonObject, right as JsonObject);
}

function equalArrays(left: readonly Json[], right: readonly Json[]): boolean {
  return left.length === right.length && left.every((value, at) => equalValues(value, right[at]));
}

function equalObjects(left: JsonObject, right: JsonObject): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && equalValues(left[name], right[name]))
  );
}
