import { CosmosError } from "../cosmos-error.ts";

/**
 * Rows that one request may go through in its FROM clauses, JOINs and sub-queries: a few seconds of
 * work. The service ends a page after 5 seconds; a request that can't reach its next row by then
 * has no sensible answer here.
 */
const MAX_ROWS = 20_000_000;

/** Counts the work of one request. */
export interface WorkBudget {
  /**
   * Takes out one unit a row.
   *
   * @throws CosmosError 408 once the request has done too much.
   */
  spend(units: number): void;
  /** Starts the count of a new request. */
  reset(): void;
}

export function createWorkBudget(): WorkBudget {
  let left = MAX_ROWS;
  return {
    spend: (units) => {
      left -= units;
      if (left < 0) {
        throw new CosmosError(
          408,
          "RequestTimeout",
          "The query takes more work than this emulator gives to one request.",
        );
      }
    },
    reset: () => {
      left = MAX_ROWS;
    },
  };
}
