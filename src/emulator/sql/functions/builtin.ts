import type { SqlValue } from "../values/sql-value.ts";
import type { WorkBudget } from "../work-budget.ts";

/** What a call computes. Never throws on the types of its arguments. */
export type BuiltinCall = (...args: readonly SqlValue[]) => SqlValue;

/** What a function may need besides its arguments. */
export interface QueryEnvironment {
  /** When the query runs, in milliseconds since 1970. */
  readonly nowMs: number;
  readonly budget: WorkBudget;
}

/** A built-in function of the query language. */
export interface Builtin {
  readonly minArguments: number;
  readonly maxArguments: number;
  /** The call, for one query. */
  create(environment: QueryEnvironment): BuiltinCall;
}

/** A function of so many arguments; with one number, of exactly that many. */
export function builtin(minArguments: number, maxArguments: number, call: BuiltinCall): Builtin {
  return { minArguments, maxArguments, create: () => call };
}

/** A function of one string; undefined for anything else. */
export function ofString(compute: (text: string) => SqlValue): Builtin {
  return builtin(1, 1, (value) => (typeof value === "string" ? compute(value) : undefined));
}

/**
 * A function of one number; undefined for anything else, and for a result that is no finite number.
 */
export function ofNumber(compute: (value: number) => number): Builtin {
  return builtin(1, 1, (value) => {
    const result = typeof value === "number" ? compute(value) : Number.NaN;
    return Number.isFinite(result) ? result : undefined;
  });
}

/** A function of one array; undefined for anything else. */
export function ofArray(compute: (values: readonly SqlValue[]) => SqlValue): Builtin {
  return builtin(1, 1, (value) => (Array.isArray(value) ? compute(value) : undefined));
}
