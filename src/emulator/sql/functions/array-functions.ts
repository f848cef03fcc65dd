import type { Json } from "../../json.ts";
import { assertArrayLength } from "../limits.ts";
import { equalValues } from "../values/equal-values.ts";
import type { SqlValue } from "../values/sql-value.ts";
import { valueKey } from "../values/value-key.ts";
import { isObject } from "../values/value-types.ts";
import { type Builtin, builtin, ofArray } from "./builtin.ts";

/** Functions over arrays and what makes them. */
export const ARRAY_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  ARRAY_CONCAT: builtin(2, Number.POSITIVE_INFINITY, concatArrays),
  ARRAY_CONTAINS: builtin(2, 3, arrayContains),
  ARRAY_CONTAINS_ALL: containsSeveral(false),
  ARRAY_CONTAINS_ANY: containsSeveral(true),
  ARRAY_LENGTH: ofArray((values) => values.length),
  ARRAY_SLICE: builtin(2, 3, sliceArray),
  CHOOSE: builtin(2, Number.POSITIVE_INFINITY, (index, ...values) =>
    typeof index === "number" ? values[index - 1] : undefined,
  ),
  OBJECTTOARRAY: builtin(1, 3, objectToArray),
  SETINTERSECT: builtin(2, 2, (left, right) => {
    if (!Array.isArray(left) || !Array.isArray(right)) {
      return undefined;
    }
    // In the order of the second array, as in Microsoft's samples
    const keys = new Set(left.map(valueKey));
    return distinct(right.filter((value: Json) => keys.has(valueKey(value))));
  }),
  SETUNION: builtin(2, 2, (left, right) =>
    Array.isArray(left) && Array.isArray(right) ? distinct([...left, ...right]) : undefined,
  ),
};

function concatArrays(...arrays: readonly SqlValue[]): SqlValue {
  const all: Json[] = [];
  for (const array of arrays) {
    if (!Array.isArray(array)) {
      return undefined;
    }
    assertArrayLength(all.length + array.length);
    for (const value of array) {
      all.push(value);
    }
  }
  return all;
}

function arrayContains(array: SqlValue, value: SqlValue, partial: SqlValue): SqlValue {
  if (!Array.isArray(array)) {
    return undefined;
  }
  const same = partial === true ? containsPartly : equalValues;
  return array.some((element: Json) => same(element, value));
}

/**
 * Whether every property of `part` is in `whole`, at any depth; values other than objects must be
 * equal.
 */
function containsPartly(whole: SqlValue, part: SqlValue): boolean {
  if (!isObject(whole) || !isObject(part)) {
    return equalValues(whole, part);
  }
  return Object.keys(part).every(
    (name) => Object.hasOwn(whole, name) && containsPartly(whole[name], part[name]),
  );
}

/**
 * Any or all of several values; one that is undefined makes the result undefined, unless the others
 * decide it.
 */
function containsSeveral(decisive: boolean): Builtin {
  return builtin(2, Number.POSITIVE_INFINITY, (array, ...values) => {
    if (!Array.isArray(array)) {
      return undefined;
    }
    const keys = new Set(array.map(valueKey));
    const known = values.filter((value) => value !== undefined);
    if (known.some((value) => keys.has(valueKey(value)) === decisive)) {
      return decisive;
    }
    return known.length < values.length ? undefined : !decisive;
  });
}

/** A negative start counts from the end. */
function sliceArray(array: SqlValue, start: SqlValue, length: SqlValue): SqlValue {
  if (!Array.isArray(array) || typeof start !== "number") {
    return undefined;
  }
  if (length !== undefined && typeof length !== "number") {
    return undefined;
  }
  const from = start < 0 ? Math.max(0, array.length + start) : start;
  return array.slice(from, length === undefined ? undefined : from + Math.max(0, length));
}

/** `{ a: 1 }` as `[{ k: "a", v: 1 }]`; the property names can be given. */
function objectToArray(
  object: SqlValue,
  nameOfName: SqlValue = "k",
  nameOfValue: SqlValue = "v",
): SqlValue {
  if (!isObject(object) || typeof nameOfName !== "string" || typeof nameOfValue !== "string") {
    return undefined;
  }
  return Object.entries(object).map(([name, value]) =>
    Object.fromEntries([
      [nameOfName, name],
      [nameOfValue, value],
    ]),
  );
}

function distinct(values: readonly Json[]): SqlValue {
  assertArrayLength(values.length);
  return [...new Map(values.map((value) => [valueKey(value), value])).values()];
}
