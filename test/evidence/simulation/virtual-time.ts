import { AsyncResource } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import { install } from "@sinonjs/fake-timers";
import type { Random } from "../random.ts";

/** Time that passes only when everything that could happen by now has happened. */
export interface VirtualTime {
  nowMs(): number;
  /**
   * Goes from timer to timer until `isDone`. "stuck": it is not, and nothing is left that could
   * bring it about.
   */
  run(isDone: () => boolean): Promise<"done" | "stuck">;
  /** Gives the real clock, timers and `Math.random` back. */
  end(): void;
}

/** The process' own, taken before anything is replaced: it runs when all promises are settled. */
const realImmediate = setImmediate;

/** 1 January 2026: any fixed time will do. */
const START_MS = Date.UTC(2026, 0, 1);

/**
 * Replaces `Date`, timers (those of `node:timers/promises` too), `performance` and `Math.random`
 * for the whole process. One at a time.
 */
export function startVirtualTime(random: Random): VirtualTime {
  const clock = install({
    now: START_MS,
    toFake: [
      "Date",
      "performance",
      "hrtime",
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "setImmediate",
      "clearImmediate",
    ],
  });
  // As Node.js does: what is set off in the course of an operation goes on in it.
  const fakeImmediate = globalThis.setImmediate;
  globalThis.setImmediate = Object.assign(
    (action: (...args: unknown[]) => void, ...args: readonly unknown[]) =>
      fakeImmediate(AsyncResource.bind(action), ...args),
    fakeImmediate,
  );
  // Or else a module that took a timer by its name keeps the real one.
  syncBuiltinESMExports();
  const realRandom = Math.random;
  Math.random = () => random.int(0, 0x7fffffff) / 0x80000000;

  return {
    nowMs: () => clock.now,
    run: async (isDone) => {
      for (;;) {
        await settlePromises();
        if (isDone()) {
          return "done";
        }
        if (clock.countTimers() === 0) {
          return "stuck";
        }
        // One timer at a time: those of one instant may depend on each other.
        clock.next();
      }
    },
    end: () => {
      Math.random = realRandom;
      clock.uninstall();
      syncBuiltinESMExports();
    },
  };
}

/**
 * Nothing in the simulation waits for the outside world (no sockets, no threads), so that all
 * promises and ticks that can go on have gone on when the event loop comes round.
 */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    realImmediate(resolve);
  });
}
