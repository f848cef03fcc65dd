import type { Accumulator } from "../functions/aggregate-functions.ts";
import type { Evaluator, Row } from "../row.ts";
import type { PathRange } from "./path-range.ts";

/**
 * Puts the next combination of aliases into the row and calls `onRow`, until that returns false.
 * False: stopped.
 */
export type Binder = (row: Row, onRow: () => boolean) => boolean;

export interface SortKey {
  readonly evaluate: Evaluator;
  readonly descending: boolean;
  /** Below the item, where the expression is such a path. */
  readonly path?: readonly (string | number)[];
}

/** One call of an aggregate function in the select list. */
export interface AggregateCall {
  readonly argument: Evaluator;
  /** Where the select list finds the result. */
  readonly slot: number;
  createAccumulator(): Accumulator;
}

/** The groups of a query with GROUP BY or aggregates. */
export interface GroupingStage {
  /** Empty: one group of all rows, which is there even without any. */
  readonly keys: readonly { readonly evaluate: Evaluator; readonly slot: number }[];
  readonly calls: readonly AggregateCall[];
}

/**
 * Where the rows of a body begin. "item": with each item of the container, in its slot. "row": with
 * the row as it is, once: a correlated sub-query, or a query without FROM. Else with the results of
 * another query, in that slot.
 */
export type BodyRoot = "item" | "row" | { readonly body: QueryBody; readonly slot: number };

/** The stages of one query or sub-query, ready to run. Rows pass through them in this order. */
export interface QueryBody {
  readonly root: BodyRoot;
  readonly bind: Binder;
  /** Whether `bind` makes exactly one row of each item. */
  readonly oneRowPerItem: boolean;
  readonly where?: Evaluator;
  /** What `where` says about paths of the item. */
  readonly ranges: readonly PathRange[];
  readonly grouping?: GroupingStage;
  readonly sortKeys: readonly SortKey[];
  /** A row of the result; undefined ones are left out. */
  readonly project: Evaluator;
  readonly distinct: boolean;
  readonly offset: number;
  /** TOP or LIMIT; Infinity without them. */
  readonly limit: number;
}
