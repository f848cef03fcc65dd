import type { Json, JsonObject } from "../../json.ts";

/** A value of the query language: JSON, or undefined for what is not there. */
export type SqlValue = Json | undefined;

/**
 * Rank of a value's type in ORDER BY: undefined < null < boolean < number < string < array <
 * object.
 */
export function typeRank(value: SqlValue): number {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 2;
    case "number":
      return 3;
    case "string":
      return 4;
    default:
      return value === null ? 1 : Array.isArray(value) ? 5 : 6;
  }
}

/**
 * The order of ORDER BY over any two values: by type first, then within the type. Strings go by
 * code point (which is the order of their UTF-8 bytes), false before true, arrays element by
 * element, objects by their sorted properties.
 */
export function compareValues(left: SqlValue, right: SqlValue): number {
  if (left === right) {
    return 0;
  }
  if (typeof left === "number" && typeof right === "number") {
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (typeof left === "string" && typeof right === "string") {
    return compareStrings(left, right);
  }
  const rank = typeRank(left);
  const difference = rank - typeRank(right);
  if (difference !== 0) {
    return difference;
  }
  if (rank === 2) {
    return left === false ? -1 : 1;
  }
  return rank === 5
    ? compareArrays(left as readonly Json[], right as readonly Json[])
    : compareObjects(left as JsonObject, right as JsonObject);
}

/** By code point. JavaScript's `<` goes by UTF-16 unit, which puts U+10000 before U+E000. */
function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) {
      return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1;
    }
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function compareArrays(left: readonly Json[], right: readonly Json[]): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = compareValues(left[index], right[index]);
    if (difference !== 0) {
      return difference;
    }
  }
  return left.length - right.length;
}

function compareObjects(left: JsonObject, right: JsonObject): number {
  const leftNames = Object.keys(left).sort(compareStrings);
  const rightNames = Object.keys(right).sort(compareStrings);
  const length = Math.min(leftNames.length, rightNames.length);
  for (let index = 0; index < length; index += 1) {
    const a = leftNames[index] as string; // Within both lengths
    const b = rightNames[index] as string;
    const difference = compareStrings(a, b) || compareValues(left[a], right[b]);
    if (difference !== 0) {
      return difference;
    }
  }
  return leftNames.length - rightNames.length;
}
