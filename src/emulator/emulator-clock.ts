/** The emulator's time: the machine's, plus what `POST /_emulator/clock` has added. */
export interface EmulatorClock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Whole seconds since the Unix epoch, as `_ts` counts them. */
  nowSeconds(): number;
  /** Moves the clock forward, or back with a negative number. */
  advance(seconds: number): void;
}

export function createEmulatorClock(): EmulatorClock {
  let offsetMs = 0;
  const nowMs = (): number => Date.now() + offsetMs;
  return {
    nowMs,
    nowSeconds: () => Math.floor(nowMs() / 1000),
    advance: (seconds) => {
      offsetMs += seconds * 1000;
    },
  };
}
