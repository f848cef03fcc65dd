import type { Clock } from "../../../src/clock.ts";

/** The machine's time and what was added to it: one time for gateway, emulator and issuer. */
export interface WorldClock extends Clock {
  /** What was added so far, in seconds. */
  readonly aheadSeconds: number;
  advance(seconds: number): void;
}

export function createWorldClock(): WorldClock {
  let aheadMs = 0;
  return {
    nowMs: () => Date.now() + aheadMs,
    get aheadSeconds() {
      return aheadMs / 1000;
    },
    advance: (seconds) => {
      aheadMs += seconds * 1000;
    },
  };
}
