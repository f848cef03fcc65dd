export interface AnswerMemoryOptions {
  /** How much of Cosmos DB's answers the process may hold at a time, in bytes. */
  readonly bytes: number;
}

/** What an item request asks for: an item, or a page of a query. */
export type AnswerKind = "item" | "page";

/** The memory that Cosmos DB's answers take until the responses made of them have been sent. */
export interface AnswerMemory {
  /** The share of one caller's request. `owner` is its Cosmos user. */
  open(owner: string): AnswerHolder;
}

/** One caller's request, as far as it holds answers. */
export interface AnswerHolder {
  /**
   * Sets memory aside for an answer that is about to be asked for; undefined if there is no memory.
   */
  tryReserve(kind: AnswerKind): AnswerReservation | undefined;
  /** Waits until a reservation may succeed. Rejects with the signal's reason when it is aborted. */
  whenRoom(kind: AnswerKind, signal: AbortSignal): Promise<void>;
  /** The request asks for nothing more: its response is being sent. */
  finish(): void;
  /** The response was sent, or its client is gone: nothing of it is held any more. */
  end(): void;
}

export interface AnswerReservation {
  /**
   * Puts the answer's real length, in bytes, in the place of what was set aside; 0 without an
   * answer.
   */
  settle(bytes: number): void;
}

/**
 * A page of Cosmos DB is 4 MB at most, an item 2 MB. Expected until answers show how long they are.
 */
const LONGEST_BYTES = { page: 4 * 1024 * 1024, item: 2 * 1024 * 1024 } as const;

/** How fast a long answer is forgotten, by the number of those that follow. */
const FORGET = 7 / 8;

/** Of the whole, what the requests of one Cosmos user may hold: another one always finds room. */
const OWNER_SHARE = 1 / 2;

interface Holder {
  readonly owner: string;
  bytes: number;
  isEnded: boolean;
}

interface Waiter {
  readonly holder: Holder;
  readonly kind: AnswerKind;
  readonly proceed: () => void;
}

/**
 * Bounds what all requests hold together, before it is asked for: how long an answer will be is not
 * known then, so each sets aside what the longest of the latest answers took.
 *
 * What was begun is finished: the request that holds answers for the longest time may always ask
 * for more, and so may the first one of a Cosmos user as far as that user's share goes. So the
 * bound can be exceeded by what one request may read, and nobody waits for ever.
 */
export function createAnswerMemory({ bytes: bound }: AnswerMemoryOptions): AnswerMemory {
  let held = 0;
  const heldBy = new Map<string, number>();
  /** Those that may ask for more, in the order in which they began. */
  const atWork = new Set<Holder>();
  const waiters = new Set<Waiter>();
  const expected: Record<AnswerKind, number> = { ...LONGEST_BYTES };

  const change = (holder: Holder, bytes: number) => {
    holder.bytes += bytes;
    held += bytes;
    const ofOwner = (heldBy.get(holder.owner) ?? 0) + bytes;
    if (ofOwner === 0) {
      heldBy.delete(holder.owner);
    } else {
      heldBy.set(holder.owner, ofOwner);
    }
  };

  const isFirst = (holder: Holder): boolean => {
    const [first] = atWork;
    return holder === first;
  };

  const isFirstOfOwner = (holder: Holder): boolean => {
    for (const other of atWork) {
      if (other.owner === holder.owner) {
        return other === holder;
      }
    }
    return false;
  };

  const fits = (holder: Holder, kind: AnswerKind): boolean => {
    const { owner } = holder;
    const ofOwner = heldBy.get(owner) ?? 0;
    const bytes = expected[kind];
    return (
      held === 0 ||
      isFirst(holder) ||
      (held + bytes <= bound &&
        (ofOwner === 0 || ofOwner + bytes <= bound * OWNER_SHARE || isFirstOfOwner(holder)))
    );
  };

  /** As many as there is room for. They ask again, because others may have come before them. */
  const wake = (): void => {
    let left = Math.max(bound - held, 1);
    for (const waiter of waiters) {
      if ((left > 0 || isFirst(waiter.holder)) && fits(waiter.holder, waiter.kind)) {
        left -= expected[waiter.kind];
        waiters.delete(waiter);
        waiter.proceed();
      }
    }
  };

  const reserve = (holder: Holder, kind: AnswerKind): AnswerReservation => {
    if (holder.isEnded) {
      return { settle: () => {} };
    }
    const reserved = expected[kind];
    atWork.add(holder);
    change(holder, reserved);
    let isSettled = false;
    return {
      settle: (bytes) => {
        if (isSettled) {
          return;
        }
        isSettled = true;
        if (bytes > 0) {
          expected[kind] = Math.max(bytes, Math.ceil(expected[kind] * FORGET));
        }
        // Of an ended request, nothing is counted any more.
        if (!holder.isEnded) {
          change(holder, bytes - reserved);
          wake();
        }
      },
    };
  };

  return {
    open: (owner) => {
      const holder: Holder = { owner, bytes: 0, isEnded: false };
      return {
        tryReserve: (kind) => (fits(holder, kind) ? reserve(holder, kind) : undefined),
        whenRoom: async (kind, signal) => {
          signal.throwIfAborted();
          if (fits(holder, kind)) {
            return;
          }
          await new Promise<void>((resolve, reject) => {
            const leave = () => {
              waiters.delete(waiter);
              reject(signal.reason);
            };
            const proceed = () => {
              signal.removeEventListener("abort", leave);
              resolve();
            };
            const waiter: Waiter = { holder, kind, proceed };
            waiters.add(waiter);
            signal.addEventListener("abort", leave, { once: true });
          });
        },
        finish: () => {
          if (atWork.delete(holder)) {
            wake();
          }
        },
        end: () => {
          holder.isEnded = true;
          atWork.delete(holder);
          change(holder, -holder.bytes);
          wake();
        },
      };
    },
  };
}
