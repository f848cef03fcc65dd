import type { SqlValue } from "../compare-values.ts";
import { isObject, isPrimitive } from "../value-types.ts";
import { type Builtin, builtin } from "./builtin.ts";

/** Always true or false, for undefined too. */
function test(holds: (value: SqlValue) => boolean): Builtin {
  return builtin(1, 1, holds);
}

/** Type-checking functions. */
export const typeFunctions: Readonly<Record<string, Builtin>> = {
  IS_ARRAY: test(Array.isArray),
  IS_BOOL: test((value) => typeof value === "boolean"),
  IS_DEFINED: test((value) => value !== undefined),
  IS_FINITE_NUMBER: test((value) => typeof value === "number" && Number.isFinite(value)),
  IS_INTEGER: test((value) => Number.isInteger(value)),
  IS_NULL: test((value) => value === null),
  IS_NUMBER: test((value) => typeof value === "number"),
  IS_OBJECT: test(isObject),
  IS_PRIMITIVE: test(isPrimitive),
  IS_STRING: test((value) => typeof value === "string"),
};
