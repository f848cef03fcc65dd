import { createFairQueue, type FairQueue } from "../fair-queue.ts";
import { GatewayError } from "../gateway-error.ts";
import { createAccountPace } from "./account-pace.ts";
import { AbandonedError, ALWAYS_WANTED, type Demand } from "./demand.ts";

/** On whose behalf an account request is made. */
export interface AccountTurn {
  /** The access profile: those of several have their turns one after the other. */
  readonly profile: string;
  readonly demand: Demand;
}

/** Runs account requests, some at a time. */
export interface AccountQueue {
  /**
   * Runs an action when there is room for it. `continuing` is for one that work under way waits
   * for: it goes before every `beginning`; within each kind, profiles have their turns one after the
   * other, and of one profile, first come is first served. An action that throws `ThrottledRequest`
   * is run again, before all others, when Cosmos DB has asked for it.
   *
   * Rejects with `THROTTLED` as soon as it can be foreseen that the action's turn comes too late, or
   * where too many wait; with `AbandonedError` when nobody waits for it any more.
   */
  run<Result>(
    kind: "beginning" | "continuing",
    action: () => Promise<Result>,
    turn?: AccountTurn,
  ): Promise<Result>;
  /** Told of each answer that was no 429. */
  onAnswer(requestCharge: number): void;
  /** Milliseconds until a newcomer would have a turn; undefined while nothing is throttled. */
  throttledForMs(): number | undefined;
}

/** Cosmos DB refused an action for now. */
export class ThrottledRequest extends Error {
  override readonly name = "ThrottledRequest";
  /** What a caller is told where it is not repeated, with the time that Cosmos DB asks for. */
  readonly refusal: GatewayError;

  constructor(refusal: GatewayError) {
    super("Cosmos DB refused an account request for now.");
    this.refusal = refusal;
  }
}

/**
 * How many account requests are under way at a time.
 *
 * Cosmos DB gives an account 240 RU/s for metadata: 120 reads of a permission feed a second. Sixteen
 * at 100 ms each just use that up.
 */
export const MAX_ACCOUNT_REQUESTS = 16;

/** How many of them after a refusal, until one is answered. */
const MAX_PROBES = 8;

/** How many wait to begin, at most. What 10,000 wait for takes more than a minute. */
const MAX_WAITING = 10_000;

/**
 * How long an action waits for its repetitions in all, in milliseconds. One that Cosmos DB asks to
 * wait longer fails, and the next one tries a second later.
 */
const MAX_PAUSE_MS = 5_000;
const PAUSE_INSTEAD_MS = 1_000;

/** How often the queue looks for those whose turn will come too late, in milliseconds. */
const FORESIGHT_MS = 250;

/** Time that what is begun takes to be done, at least, in milliseconds. */
const LEAST_WORK_MS = 250;

/** Longest time that a refused caller is told to wait, in milliseconds. */
const MAX_RETRY_AFTER_MS = 60_000;

interface Entry {
  readonly kind: "beginning" | "continuing";
  readonly turn: AccountTurn;
  readonly start: () => void;
  readonly refuse: (error: Error) => void;
}

const FOR_ITSELF: AccountTurn = { profile: "", demand: ALWAYS_WANTED };

/**
 * A queue that finishes what it has begun: of many Cosmos users whose permissions are to be made,
 * which takes several requests each, the first come are done first, instead of all of them last.
 *
 * A 429 pauses all of it, and from then on requests are sent at the pace at which they are answered.
 */
export function createAccountQueue(nowMs = () => performance.now()): AccountQueue {
  const pace = createAccountPace();
  const waiting = {
    repeated: createFairQueue<Entry>(),
    continuing: createFairQueue<Entry>(),
    beginning: createFairQueue<Entry>(),
  };
  const cost = createMeanCost();
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
    while (underWay < (pace.isProbing ? MAX_PROBES : MAX_ACCOUNT_REQUESTS)) {
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
  const waitIn = (line: FairQueue<Entry>, kind: Entry["kind"], turn: AccountTurn): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = () => entry.refuse(new AbandonedError());
      const entry: Entry = {
        kind,
        turn,
        start: () => {
          callOff();
          underWay += 1;
          pace.onSend(nowMs());
          if (kind === "beginning") {
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
      if (line === waiting.beginning) {
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

  /** Pauses everything after a refusal. Returns the time until the action may be run again. */
  const pauseFor = ({ refusal }: ThrottledRequest, sentAtMs: number): number => {
    const { retryAfterMs = PAUSE_INSTEAD_MS } = refusal;
    const now = nowMs();
    const pauseMs = retryAfterMs > MAX_PAUSE_MS ? PAUSE_INSTEAD_MS : retryAfterMs;
    pace.onThrottled(now, sentAtMs, pauseMs);
    return Math.max(retryAfterMs, pace.waitMs(now));
  };

  return {
    run: async (kind, action, turn = FOR_ITSELF) => {
      await waitIn(waiting[kind], kind, turn);
      let pausedMs = 0;
      for (;;) {
        const sentAtMs = nowMs();
        try {
          return await action();
        } catch (error) {
          if (!(error instanceof ThrottledRequest)) {
            throw error;
          }
          const pauseMs = pauseFor(error, sentAtMs);
          pausedMs += pauseMs;
          if (pausedMs > MAX_PAUSE_MS || nowMs() + pauseMs > turn.demand.deadlineMs) {
            throw error.refusal;
          }
        } finally {
          underWay -= 1;
          startWaiting();
        }
        await waitIn(waiting.repeated, "continuing", turn);
      }
    },

    onAnswer: (requestCharge) => {
      pace.onAnswer(nowMs(), requestCharge);
      cost.onAnswer(requestCharge);
    },

    throttledForMs: () => (pace.isPaced ? expectedWaitMs(waiting.beginning.size) : undefined),
  };
}

/** What it costs to do what is begun, over the last fifty or so, in request units. */
function createMeanCost() {
  let begun = 1;
  let charge = 2;
  return {
    mean: () => charge / begun,
    onBegin: () => {
      begun = begun * 0.98 + 1;
      charge *= 0.98;
    },
    onAnswer: (requestCharge: number) => {
      charge += requestCharge;
    },
  };
}

function throttled(waitMs: number): GatewayError {
  return new GatewayError("THROTTLED", "The data store is busy. Try again later.", {
    retryAfterMs: Math.ceil(Math.min(Math.max(waitMs, 1_000), MAX_RETRY_AFTER_MS)),
    logReason: "account metadata: what callers wait for takes longer than they may wait",
  });
}
