import { untilAborted } from "../until-aborted.ts";
import type { Demand } from "./demand.ts";

/** One piece of work, under way, for all who wait for it. */
export interface SharedWork<Result> {
  /**
   * The outcome, or a rejection with `onAbort()` as soon as the signal is aborted, which ends this
   * wait alone. `deadlineMs` is when it will be at the latest, by `performance.now()`.
   */
  wait(options?: WaitOptions): Promise<Result>;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
  readonly onAbort?: () => Error;
}

/**
 * Begins work and keeps count of who waits for it. When the last one leaves, the work goes on to
 * its next step, where it sees that nobody wants it; who comes before that finds it as it was.
 */
export function shareWork<Result>(work: (demand: Demand) => Promise<Result>): SharedWork<Result> {
  const waiting = new Set<{ readonly deadlineMs: number }>();
  const callbacks = new Set<() => void>();
  // The first wait begins in the same turn as the work.
  let isBeginning = true;
  const demand: Demand = {
    get isWanted() {
      return isBeginning || waiting.size > 0;
    },
    get deadlineMs() {
      return isBeginning
        ? Number.POSITIVE_INFINITY
        : Math.max(...[...waiting].map(({ deadlineMs }) => deadlineMs));
    },
    whenUnwanted: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
  const outcome = Promise.resolve().then(() => {
    isBeginning = false;
    return work(demand);
  });
  // Nobody may be there to hear of it.
  outcome.catch(() => {});

  return {
    wait: async ({ signal, deadlineMs = Number.POSITIVE_INFINITY, onAbort } = {}) => {
      const waiter = { deadlineMs };
      waiting.add(waiter);
      try {
        return await (signal === undefined
          ? outcome
          : untilAborted(outcome, signal, onAbort ?? (() => signal.reason)));
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
