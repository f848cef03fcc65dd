import { untilAborted } from "../until-aborted.ts";
import type { Demand } from "./demand.ts";

/** One piece of work, under way, for all who wait for it. */
export interface SharedWork<Result> {
  /**
   * The outcome, or a rejection with `onAbort(reason)` as soon as the signal is aborted, which ends
   * this wait alone. `deadlineMs` is when it will be at the latest, by `performance.now()`.
   */
  wait(options?: WaitOptions): Promise<Result>;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
  /** Makes the error from the signal's reason; without it, the reason is thrown. */
  readonly onAbort?: (reason: unknown) => Error;
}

/**
 * Begins work and keeps count of who waits for it. When the last one leaves, the work goes on to
 * its next step, where it sees that nobody wants it; who comes before that finds it as it was.
 */
export function shareWork<Result>(work: (demand: Demand) => Promise<Result>): SharedWork<Result> {
  const waiting = new Set<{ readonly deadlineMs: number }>();
  const callbacks = new Set<() => void>();
  const demand: Demand = {
    get isWanted() {
      return waiting.size > 0;
    },
    get deadlineMs() {
      return Math.max(...[...waiting].map(({ deadlineMs }) => deadlineMs));
    },
    whenUnwanted: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
  // In a turn of its own: who begins it waits for it by then.
  const outcome = Promise.resolve().then(() => work(demand));
  // Nobody may be there to hear of it.
  outcome.catch(() => {});

  return {
    wait: async ({ signal, deadlineMs = Number.POSITIVE_INFINITY, onAbort } = {}) => {
      const waiter = { deadlineMs };
      waiting.add(waiter);
      try {
        return await (signal === undefined
          ? outcome
          : untilAborted(outcome, signal, () => onAbort?.(signal.reason) ?? signal.reason));
      } finally {
        waiting.delete(waiter);
        if (waiting.size === 0) {
          for (const callback of [...callbacks]) {
            callback();
          }
        }
      }
    },
  };
}
