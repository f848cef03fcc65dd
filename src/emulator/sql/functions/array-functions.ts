import type { SqlValue } from "../compare-values.ts";
import { equalValues } from "../equal-values.ts";
import { isObject } from "../value-types.ts";
import { type Builtin, builtin, ofArray } from "./builtin.ts";

/** Functions over arrays. */
export const arrayFunctions: Readonly<Record<string, Builtin>> = {
  ARRAY_CONTAINS: builtin(2, 3, (array, value, partial) => {
    if (!Array.isArray(array)) {
      return undefined;
    }
    const same = partial === true ? containsPartly : equalValues;
    return array.some((element: SqlValue) => same(element, value));
  }),
  ARRAY_LENGTH: ofArray((values) => values.length),
};

/** Whether every property of `part` is in `whole`, at any depth; values other than objects must be equal. */
function containsPartly(whole: SqlValue, part: SqlValue): boolean {
  if (!isObject(whole) || !isObject(part)) {
    return equalValues(whole, part);
  }
  return Object.keys(part).every(
    (name) => Object.hasOwn(whole, name) && containsPartly(whole[name], part[name]),
  );
}
