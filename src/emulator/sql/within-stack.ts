import { queryError } from "./query-error.ts";

/**
 * Runs a part of a query. If the call stack or the longest string is too small for it, that is
 * the query's fault and a 400. Trees are checked before they are walked; this is for items and
 * values that nest deeper than any check foresaw.
 */
export function withinStack<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) {
      throw queryError("SC3002", "The query, or a value of it, is too deeply nested or too large.");
    }
    throw error;
  }
}
