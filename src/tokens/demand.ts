/** Who waits for a piece of work that several may share. */
export interface Demand {
  /** Whether anybody waits for it at the moment. */
  readonly isWanted: boolean;
  /**
   * When the last of those who wait gives up, by `performance.now()`; infinite where one never
   * does.
   */
  readonly deadlineMs: number;
  /** Calls back when nobody waits any more. Returns the function that calls that off. */
  whenUnwanted(callback: () => void): () => void;
}

/** Of work that is done for its own sake, such as a check at start. */
export const ALWAYS_WANTED: Demand = {
  isWanted: true,
  deadlineMs: Number.POSITIVE_INFINITY,
  whenUnwanted: () => () => {},
};

/** Why work ended that nobody waited for any more. It is no failure, and can be begun again. */
export class AbandonedError extends Error {
  override readonly name = "AbandonedError";

  constructor() {
    super("Nobody waits for this any more.");
  }
}
