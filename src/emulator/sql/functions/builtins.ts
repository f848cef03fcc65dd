import { arrayFunctions } from "./array-functions.ts";
import type { Builtin } from "./builtin.ts";
import { conditionalFunctions } from "./conditional-functions.ts";
import { conversionFunctions } from "./conversion-functions.ts";
import { dateTimeFunctions } from "./date-time-functions.ts";
import { integerFunctions } from "./integer-functions.ts";
import { mathFunctions } from "./math-functions.ts";
import { regexFunctions } from "./regex-functions.ts";
import { searchFunctions } from "./search-functions.ts";
import { stringFunctions } from "./string-functions.ts";
import { typeFunctions } from "./type-functions.ts";

/** Every built-in function but the aggregates, by its name in upper case. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [
    arrayFunctions,
    conditionalFunctions,
    conversionFunctions,
    dateTimeFunctions,
    integerFunctions,
    mathFunctions,
    regexFunctions,
    searchFunctions,
    stringFunctions,
    typeFunctions,
  ].flatMap(Object.entries),
);
