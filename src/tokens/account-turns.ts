import { createFairQueue } from "../fair-queue.ts";
import { GatewayError } from "../gateway-error.ts";
import type { AccountPace } from "./account-pace.ts";
import { AbandonedError, type Demand } from "./demand.ts";
import type { MeanCost } from "./mean-cost.ts";

/** On whose behalf an account request is made. */
export interface AccountTurn {
  /** The access profile: those of several have their turns one after the other. */
  readonly profile: string;
  readonly demand: Demand;
}

/**
 * The lines that account requests wait in, the first before the others: what is to be repeated,
 * what work under way waits for, what begins something.
 */
type Line = "repeated" | "continuing" | "beginning";

/** Hands out turns to send an account request, some at a time. */
export interface AccountTurns {
  /**
   * Resolves when it is one's turn, which `release` ends.
   *
   * Rejects with `THROTTLED` as soon as it can be foreseen that a turn to begin comes too late, or
   * where too many wait; with `AbandonedError` when nobody waits for it any more.
   */
  waitIn(line: Line, turn: AccountTurn): Promise<void>;
  release(): void;
  /** When a newcomer would begin, in milliseconds from now. */
  waitMs(): number;
}

interface AccountTurnsOptions {
  readonly pace: AccountPace;
  readonly cost: MeanCost;
  /** How many requests are under way at a time. */
  readonly maxUnderWay: number;
  readonly nowMs: () => number;
}

/** How many are under way after a refusal, until one is answered. */
const MAX_PROBES = 8;

/** How many wait to begin, at most. What 10,000 wait for takes more than a minute. */
const MAX_WAITING = 10_000;

/** How often the queue looks for those whose turn will come too late, in milliseconds. */
const FORESIGHT_MS = 250;

/** Time that what is begun takes to be done, at least, in milliseconds. */
const LEAST_WORK_MS = 250;

/** Longest time that a refused caller is told to wait, in milliseconds. */
const MAX_RETRY_AFTER_MS = 60_000;

interface Entry {
  readonly turn: AccountTurn;
  readonly start: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Within each line, profiles have their turns one after the other; of one profile, first come is
 * first served.
 */
export function createAccountTurns({
  pace,
  cost,
  maxUnderWay,
  nowMs,
}: AccountTurnsOptions): AccountTurns {
  const waiting = {
    repeated: createFairQueue<Entry>(),
    continuing: createFairQueue<Entry>(),
    beginning: createFairQueue<Entry>(),
  };
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  let foresight: NodeJS.Timeout | undefined;

  /** When an entry with so many before it would begin, in milliseconds from now. */
  const expectedWaitMs = (before: number): number => {
    const now = nowMs();
    return pace.waitMs(now) + (before * cost.mean() * 1_000) / pace.budgetPerSecond(now);
  };

  const isTooLate = ({ turn: { demand } }: Entry, waitMs: number): boolean =>
    waitMs > 0 && nowMs() + waitMs + LEAST_WORK_MS > demand.deadlineMs;

  const startWaiting = (): void => {
    clearTimeout(timer);
    while (underWay < (pace.isProbing ? MAX_PROBES : maxUnderWay)) {
      const isEmpty = Object.values(waiting).every(({ size }) => size === 0);
      const waitMs = pace.waitMs(nowMs());
      if (isEmpty || waitMs > 0) {
        timer = isEmpty ? undefined : setTimeout(startWaiting, Math.ceil(waitMs));
        break;
      }
      const next = waiting.repeated.take() ?? waiting.continuing.take() ?? waiting.beginning.take();
      next?.start();
    }
    lookAhead();
  };

  /** Refuses those whose turn will come too late, while they can still do something else. */
  const lookAhead = (): void => {
    if (foresight !== undefined || waiting.beginning.size === 0) {
      return;
    }
    foresight = setTimeout(() => {
      foresight = undefined;
      let before = 0;
      for (const [place, entry] of [...waiting.beginning.inOrder()].entries()) {
        if (isTooLate(entry, expectedWaitMs(before))) {
          entry.refuse(throttled(expectedWaitMs(place)));
        } else {
          before += 1;
        }
      }
      lookAhead();
    }, FORESIGHT_MS);
    foresight.unref();
  };

  /** Waits in a line until it is the entry's turn, and counts it as under way. */
  const waitIn = (lineName: Line, turn: AccountTurn): Promise<void> =>
    new Promise((resolve, reject) => {
      const line = waiting[lineName];
      const leave = () => entry.refuse(new AbandonedError());
      const entry: Entry = {
        turn,
        start: () => {
          callOff();
          underWay += 1;
          pace.onSend(nowMs());
          if (lineName === "beginning") {
            cost.onBegin();
          }
          resolve();
        },
        refuse: (error) => {
          callOff();
          line.remove(turn.profile, entry);
          reject(error);
        },
      };
      const callOff = turn.demand.whenUnwanted(leave);
      if (!turn.demand.isWanted) {
        leave();
        return;
      }
      if (lineName === "beginning") {
        const { size, lines } = line;
        const before = Math.min(size, (line.lengthOf(turn.profile) + 1) * Math.max(lines, 1));
        const waitMs = expectedWaitMs(before);
        const last = size < MAX_WAITING ? entry : (line.giveWay(turn.profile) ?? entry);
        if (last !== entry) {
          last.refuse(throttled(waitMs));
        } else if (size >= MAX_WAITING || isTooLate(entry, waitMs)) {
          entry.refuse(throttled(waitMs));
          return;
        }
      }
      line.add(turn.profile, entry);
      startWaiting();
    });

  return {
    waitIn,
    release: () => {
      underWay -= 1;
      startWaiting();
    },
    waitMs: () => expectedWaitMs(waiting.beginning.size),
  };
}

function throttled(waitMs: number): GatewayError {
  return new GatewayError("THROTTLED", "The data store is busy. Try again later.", {
    retryAfterMs: Math.ceil(Math.min(Math.max(waitMs, 1_000), MAX_RETRY_AFTER_MS)),
    logReason: "account metadata: what callers wait for takes longer than they may wait",
  });
}
