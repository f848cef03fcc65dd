import type { GatewayError } from "../gateway-error.ts";
import { createAccountPace } from "./account-pace.ts";
import { type AccountTurn, createAccountTurns } from "./account-turns.ts";
import { ALWAYS_WANTED } from "./demand.ts";
import { createMeanCost } from "./mean-cost.ts";

/** Runs account requests, some at a time. */
export interface AccountQueue {
  /**
   * Runs an action when there is room for it. `continuing` is for one that work under way waits
   * for: it goes before every `beginning`; within each kind, profiles have their turns one after
   * the other, and of one profile, first come is first served. An action that throws
   * `ThrottledRequest` is run again, before all others, when Cosmos DB has asked for it.
   *
   * Rejects with `THROTTLED` as soon as it can be foreseen that the action's turn comes too late,
   * or where too many wait; with `AbandonedError` when nobody waits for it any more.
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
 * Cosmos DB gives an account 240 RU/s for metadata: 120 reads of a permission feed a second.
 * Sixteen at 100 ms each just use that up.
 */
export const MAX_ACCOUNT_REQUESTS = 16;

/**
 * How long an action waits for its repetitions in all, in milliseconds. One that Cosmos DB asks to
 * wait longer fails, and the next one tries a second later.
 */
const MAX_PAUSE_MS = 5_000;
const PAUSE_INSTEAD_MS = 1_000;

const FOR_ITSELF: AccountTurn = { profile: "", demand: ALWAYS_WANTED };

/**
 * A queue that finishes what it has begun: of many Cosmos users whose permissions are to be made,
 * which takes several requests each, the first come are done first, instead of all of them last.
 *
 * A 429 pauses all of it, and from then on requests are sent at the pace at which they are
 * answered.
 */
export function createAccountQueue(nowMs = () => performance.now()): AccountQueue {
  const pace = createAccountPace();
  const cost = createMeanCost();
  const turns = createAccountTurns({ pace, cost, maxUnderWay: MAX_ACCOUNT_REQUESTS, nowMs });

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
      await turns.waitIn(kind, turn);
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
          turns.release();
        }
        await turns.waitIn("repeated", turn);
      }
    },

    onAnswer: (requestCharge) => {
      pace.onAnswer(nowMs(), requestCharge);
      cost.onAnswer(requestCharge);
    },

    throttledForMs: () => (pace.isPaced ? turns.waitMs() : undefined),
  };
}
