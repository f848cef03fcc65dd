/** Runs account requests, some at a time. */
export interface AccountQueue {
  /**
   * Runs an action when there is room for it. `continuing` is for one that work under way waits
   * for: it goes before every `beginning`; within each kind, first come is first served.
   */
  run<Result>(kind: "beginning" | "continuing", action: () => Promise<Result>): Promise<Result>;
}

/**
 * How many account requests are under way at a time.
 *
 * Cosmos DB gives an account 240 RU/s for metadata: 120 reads of a permission feed a second. Sixteen
 * at 100 ms each just use that up. When it is used up, those sixteen wait as Cosmos DB asks them to
 * and the rest stays here; all at once, most would be refused until their patience ends.
 */
export const MAX_ACCOUNT_REQUESTS = 16;

/**
 * A queue that finishes what it has begun: of many Cosmos users whose permissions are to be made,
 * which takes several requests each, the first come are done first, instead of all of them last.
 */
export function createAccountQueue(): AccountQueue {
  const waiting = { continuing: createWaitingLine(), beginning: createWaitingLine() };
  let underWay = 0;

  const startNext = (): void => {
    const next = waiting.continuing.take() ?? waiting.beginning.take();
    if (next === undefined) {
      underWay -= 1;
    } else {
      next();
    }
  };

  return {
    run: async (kind, action) => {
      if (underWay < MAX_ACCOUNT_REQUESTS) {
        underWay += 1;
      } else {
        // Whoever ends hands over its place, so that nobody can slip in between.
        await new Promise<void>((resolve) => waiting[kind].add(resolve));
      }
      try {
        return await action();
      } finally {
        startNext();
      }
    },
  };
}

interface Waiter {
  readonly start: () => void;
  next: Waiter | undefined;
}

/** First in, first out; a linked list, because a restart can put 100,000 into it. */
function createWaitingLine() {
  let first: Waiter | undefined;
  let last: Waiter | undefined;
  return {
    add: (start: () => void): void => {
      const waiter: Waiter = { start, next: undefined };
      if (last === undefined) {
        first = waiter;
      } else {
        last.next = waiter;
      }
      last = waiter;
    },
    take: (): (() => void) | undefined => {
      const taken = first;
      first = taken?.next;
      if (first === undefined) {
        last = undefined;
      }
      return taken?.start;
    },
  };
}
