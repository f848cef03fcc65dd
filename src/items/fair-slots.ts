import { createFairQueue } from "../fair-queue.ts";

export interface FairSlotsOptions {
  /** How many slots are taken at a time, at most. */
  readonly slots: number;
  /** How many of them by one owner. */
  readonly slotsPerOwner: number;
  /** How many may wait for one. */
  readonly waiting: number;
  /** How many of them of one owner. */
  readonly waitingPerOwner: number;
  /** The error of one that can't wait, because too many do. */
  readonly onFull: () => Error;
}

export interface FairSlots {
  /**
   * A slot, as the function that gives it back: at once if there is room, else in turn. Owners have
   * their turns one after the other; of one owner, first come is first served. Rejects with
   * `onFull()` if too many wait, and with the signal's reason as soon as it is aborted, which takes
   * the waiter out of its line.
   *
   * If too many wait in all, the newest of the longest line goes: one owner's waiters can't keep
   * those of another out.
   */
  take(owner: string, signal: AbortSignal): Promise<() => void>;
}

interface Waiter {
  readonly owner: string;
  readonly start: () => void;
  readonly refuse: (error: unknown) => void;
}

export function createFairSlots(options: FairSlotsOptions): FairSlots {
  const { slots, slotsPerOwner, waiting, waitingPerOwner, onFull } = options;
  const queue = createFairQueue<Waiter>();
  const takenBy = new Map<string, number>();
  let taken = 0;

  const hasRoom = (owner: string) => (takenBy.get(owner) ?? 0) < slotsPerOwner;

  const occupy = (owner: string): (() => void) => {
    taken += 1;
    takenBy.set(owner, (takenBy.get(owner) ?? 0) + 1);
    let isGivenBack = false;
    return () => {
      if (!isGivenBack) {
        isGivenBack = true;
        taken -= 1;
        const left = (takenBy.get(owner) ?? 1) - 1;
        if (left === 0) {
          takenBy.delete(owner);
        } else {
          takenBy.set(owner, left);
        }
        startWaiters();
      }
    };
  };

  const startWaiters = (): void => {
    while (taken < slots) {
      const next = queue.take(hasRoom);
      if (next === undefined) {
        return;
      }
      next.start();
    }
  };

  const makeRoom = (owner: string): void => {
    if (queue.lengthOf(owner) >= waitingPerOwner) {
      throw onFull();
    }
    if (queue.size >= waiting) {
      const refused = queue.giveWay(owner);
      if (refused === undefined) {
        throw onFull();
      }
      refused.refuse(onFull());
    }
  };

  return {
    take: async (owner, signal) => {
      signal.throwIfAborted();
      // A request that waits while a slot is free has an owner with enough slots.
      if (taken < slots && hasRoom(owner)) {
        return occupy(owner);
      }
      makeRoom(owner);
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue.remove(owner, waiter);
          reject(signal.reason);
        };
        const waiter: Waiter = {
          owner,
          start: () => {
            signal.removeEventListener("abort", leave);
            resolve(occupy(owner));
          },
          refuse: (error) => {
            signal.removeEventListener("abort", leave);
            reject(error);
          },
        };
        signal.addEventListener("abort", leave, { once: true });
        queue.add(owner, waiter);
      });
    },
  };
}
