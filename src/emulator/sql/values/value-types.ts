import type { JsonObject } from "../../json.ts";
import type { SqlValue } from "./sql-value.ts";

/** Whether the value is an object, and neither null nor an array. */
export function isObject(value: SqlValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is null, a boolean, a number or a string. */
export function isPrimitive(value: SqlValue): value is null | boolean | number | string {
  return value !== undefined && (typeof value !== "object" || value === null);
}

/** The value, or undefined for the numbers that JSON has not: a result can't hold them. */
export function answerable(value: SqlValue): SqlValue {
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}

/** The number, or undefined where JSON has no number for it: infinities and NaN. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
