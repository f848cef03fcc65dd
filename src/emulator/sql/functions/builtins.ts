import { ARRAY_FUNCTIONS } from "./array-functions.ts";
import type { Builtin } from "./builtin.ts";
import { CONDITIONAL_FUNCTIONS } from "./conditional-functions.ts";
import { CONVERSION_FUNCTIONS } from "./conversion-functions.ts";
import { DATE_TIME_FUNCTIONS } from "./date-time-functions.ts";
import { INTEGER_FUNCTIONS } from "./integer-functions.ts";
import { MATH_FUNCTIONS } from "./math-functions.ts";
import { REGEX_FUNCTIONS } from "./regex-functions.ts";
import { SEARCH_FUNCTIONS } from "./search-functions.ts";
import { STRING_FUNCTIONS } from "./string-functions.ts";
import { TYPE_FUNCTIONS } from "./type-functions.ts";

/** Every built-in function but the aggregates, by its name in upper case. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  [
    ARRAY_FUNCTIONS,
    CONDITIONAL_FUNCTIONS,
    CONVERSION_FUNCTIONS,
    DATE_TIME_FUNCTIONS,
    INTEGER_FUNCTIONS,
    MATH_FUNCTIONS,
    REGEX_FUNCTIONS,
    SEARCH_FUNCTIONS,
    STRING_FUNCTIONS,
    TYPE_FUNCTIONS,
  ].flatMap(Object.entries),
);
