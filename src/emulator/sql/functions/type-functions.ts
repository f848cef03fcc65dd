import type { SqlValue } from "../values/sql-value.ts";
import { isObject, isPrimitive } from "../values/value-types.ts";
import { type Builtin, builtin } from "./builtin.ts";

/** Always true or false, for undefined too. */
function test(holds: (value: SqlValue) => boolean): Builtin {
  return builtin(1, 1, holds);
}

/**
 * The largest 64-bit signed integer as a number of this language, where 2⁶³ - 1 and 2⁶³ are the
 * same.
 */
const MAX_INTEGER64 = 2 ** 63;

function isInteger64(value: SqlValue): boolean {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= MAX_INTEGER64;
}

/** Type-checking functions. */
export const TYPE_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  IS_ARRAY: test(Array.isArray),
  IS_BOOL: test((value) => typeof value === "boolean"),
  IS_DEFINED: test((value) => value !== undefined),
  IS_FINITE_NUMBER: test((value) => typeof value === "number" && Number.isFinite(value)),
  IS_INTEGER: test(isInteger64),
  IS_NULL: test((value) => value === null),
  IS_NUMBER: test((value) => typeof value === "number"),
  IS_OBJECT: test(isObject),
  IS_PRIMITIVE: test(isPrimitive),
  IS_STRING: test((value) => typeof value === "string"),
};
