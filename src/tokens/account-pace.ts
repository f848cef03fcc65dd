/**
 * How fast account requests are sent. Cosmos DB gives an account a budget for metadata, 240 RU/s,
 * that all its replicas and other users share; what is left of it shows only in 429s.
 */
export interface AccountPace {
  /** Milliseconds until the next request may be sent; 0 if it may be now. */
  waitMs(nowMs: number): number;
  /**
   * Whether what was sent last was refused: then a few are to find out if there is budget again.
   */
  readonly isProbing: boolean;
  /** Whether something was refused lately. */
  readonly isPaced: boolean;
  /**
   * The budget, in request units a second, as far as it is known: infinite where nothing was
   * refused for some time, or where what was refused says nothing about it.
   */
  budgetPerSecond(nowMs: number): number;
  onSend(nowMs: number): void;
  onAnswer(nowMs: number, requestCharge: number): void;
  /**
   * A request that was sent at `sentAtMs` was refused, and may be repeated after `retryAfterMs`.
   */
  onThrottled(nowMs: number, sentAtMs: number, retryAfterMs: number): void;
}

/** What Cosmos DB gives an account for metadata, in request units a second. */
const ACCOUNT_BUDGET = 240;

/** A pace beyond this is no pace: request units a second. */
const UNPACED = 20_000;

/**
 * A 429 shows the budget if that many request units were answered within the second before it. Or
 * else others have used it up, and there is no telling how much will be left in a second from now.
 */
const LEAST_EVIDENCE = 10;

/** What counts as lately, in milliseconds: budgets are by the second. */
const WINDOW_MS = 1_000;

/** How far behind its pace the sending may fall and still catch up, in milliseconds. */
const CATCH_UP_MS = 50;

/**
 * Least pauses, in milliseconds: one that keeps being refused after a millisecond must not make
 * thousands of requests of one.
 */
const PAUSE_STEP_MS = 1;
const MAX_LEAST_PAUSE_MS = 10;

/** Expected of a request before any was answered, in request units. */
const FIRST_CHARGE = 5;

/**
 * Unpaced until the first 429. From then on the pace is what was answered in the last second, taken
 * back by 15 %, which grows: slowly about what was too much the last time, fast beyond it, so that
 * a larger budget is found within seconds (the curve of CUBIC, RFC 9438, over the rate).
 */
export function createAccountPace(): AccountPace {
  const answers: { readonly atMs: number; readonly charge: number }[] = [];
  let meanCharge = FIRST_CHARGE;
  let knownPace: number | undefined;
  let isBudgetKnown = false;
  let throttledAtMs = Number.NEGATIVE_INFINITY;
  let pausedUntilMs = 0;
  let nextSendMs = 0;
  let refusals = 0;

  const chargePerSecond = (nowMs: number): number => {
    if (knownPace === undefined) {
      return Number.POSITIVE_INFINITY;
    }
    const seconds = (nowMs - throttledAtMs) / 1_000;
    const pace = knownPace * (1 + 0.15 * (seconds - 1) ** 3);
    if (pace > UNPACED) {
      knownPace = undefined;
    }
    return pace;
  };

  const lately = (nowMs: number): number => {
    while (answers[0] !== undefined && answers[0].atMs < nowMs - WINDOW_MS) {
      answers.shift();
    }
    return answers.reduce((sum, { charge }) => sum + charge, 0);
  };

  return {
    waitMs: (nowMs) => Math.max(0, pausedUntilMs - nowMs, nextSendMs - nowMs),
    get isProbing() {
      return refusals > 0;
    },
    get isPaced() {
      return knownPace !== undefined;
    },
    budgetPerSecond: (nowMs) => {
      const pace = chargePerSecond(nowMs);
      return isBudgetKnown ? pace : Number.POSITIVE_INFINITY;
    },

    onSend: (nowMs) => {
      nextSendMs =
        Math.max(nextSendMs, nowMs - CATCH_UP_MS) + (meanCharge / chargePerSecond(nowMs)) * 1_000;
    },

    onAnswer: (nowMs, requestCharge) => {
      refusals = 0;
      lately(nowMs);
      answers.push({ atMs: nowMs, charge: requestCharge });
      nextSendMs += ((requestCharge - meanCharge) / chargePerSecond(nowMs)) * 1_000;
      meanCharge += (requestCharge - meanCharge) / 16;
    },

    onThrottled: (nowMs, sentAtMs, retryAfterMs) => {
      // Those that were on their way together are one refusal.
      if (sentAtMs > throttledAtMs) {
        refusals += 1;
        const answered = lately(nowMs);
        isBudgetKnown = answered >= LEAST_EVIDENCE;
        knownPace = isBudgetKnown ? answered : ACCOUNT_BUDGET;
        throttledAtMs = nowMs;
        nextSendMs = nowMs;
      }
      const leastMs = Math.min(refusals * PAUSE_STEP_MS, MAX_LEAST_PAUSE_MS);
      pausedUntilMs = Math.max(pausedUntilMs, nowMs + Math.max(retryAfterMs, leastMs));
    },
  };
}
