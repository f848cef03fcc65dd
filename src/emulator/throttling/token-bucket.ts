import type { EmulatorClock } from "../emulator-clock.ts";

/** A budget of request units that fills up evenly, and holds no more than one second's worth. */
export interface TokenBucket {
  /** Milliseconds until something is left again; 0: something is. */
  waitMs(): number;
  /**
   * Takes units out. A request's cost is known once it is answered, so the last one may leave a
   * debt.
   */
  take(requestUnits: number): void;
}

/**
 * A full bucket. It fills by the emulator's clock, so that a test which advances the clock fills
 * it.
 */
export function createTokenBucket(
  requestUnitsPerSecond: number,
  clock: Pick<EmulatorClock, "nowMs">,
): TokenBucket {
  let level = requestUnitsPerSecond;
  let filledAtMs = clock.nowMs();
  return {
    waitMs: () => {
      const nowMs = clock.nowMs();
      // A clock that was put back gives nothing, and takes nothing away
      const elapsedMs = Math.max(0, nowMs - filledAtMs);
      level = Math.min(requestUnitsPerSecond, level + (elapsedMs * requestUnitsPerSecond) / 1000);
      filledAtMs = nowMs;
      return level > 0 ? 0 : Math.floor((-level * 1000) / requestUnitsPerSecond) + 1;
    },
    take: (requestUnits) => {
      level -= requestUnits;
    },
  };
}
