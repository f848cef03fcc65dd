import type { SqlValue } from "./values/sql-value.ts";

/**
 * The values of all aliases, aggregates and groups while one row is worked on, each at its slot.
 */
export type Row = SqlValue[];

/** A compiled expression. Never throws on the types of values: what has no answer is undefined. */
export type Evaluator = (row: Row) => SqlValue;

/** The slot of the row that holds the container's item. */
export const ITEM_SLOT = 0;
