import { arrayFunctions } from "./array-functions.ts";
import type { Builtin } from "./builtin.ts";
import { stringFunctions } from "./string-functions.ts";
import { typeFunctions } from "./type-functions.ts";

export type { Builtin } from "./builtin.ts";

/** Every built-in function but the aggregates, by its name in upper case. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ...Object.entries(arrayFunctions),
  ...Object.entries(stringFunctions),
  ...Object.entries(typeFunctions),
]);
