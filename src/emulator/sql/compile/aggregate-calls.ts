import type { SqlValue } from "../sql-value.ts";
import type { Evaluator } from "./compile-context.ts";

/** Takes the values of one group, one by one. */
export interface Accumulator {
  add(value: SqlValue): void;
  result(): SqlValue;
}

/** One call of an aggregate function in the select list. */
export interface AggregateCall {
  readonly argument: Evaluator;
  /** Where the select list finds the result. */
  readonly slot: number;
  createAccumulator(): Accumulator;
}

/** The calls of one query, collected while its select list is compiled. */
export type AggregateCalls = AggregateCall[];
