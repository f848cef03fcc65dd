import { GatewayError } from "../gateway-error.ts";
import { type AnswerKind, createAnswerMemory } from "./answer-memory.ts";
import { createFairSlots } from "./fair-slots.ts";

/** What the process lets its callers take of itself; the keys of `limits` in the configuration. */
export interface AdmissionLimits {
  /** Requests to Cosmos DB under way at a time for one Cosmos user. */
  readonly inFlightPerUser: number;
  /** For all of them. */
  readonly inFlight: number;
  /** Memory for Cosmos DB's answers, in bytes. */
  readonly answerBytes: number;
}

/** Decides when an item request may be sent. One for the process. */
export interface Admission {
  /** For one caller's request, in the name of a Cosmos user. */
  open(cosmosUserId: string): RequestAdmission;
}

export interface RequestAdmission {
  /**
   * Waits until an item request may be sent. Rejects with `OVERLOADED` if too many wait or there is
   * no memory for its answer in time, and with the signal's reason as soon as it is aborted.
   */
  admit(kind: AnswerKind, signal: AbortSignal): Promise<AdmittedRequest>;
  /**
   * The error of a wait that ended with the caller's deadline, where it is the process that made it
   * wait.
   */
  overload(): GatewayError | undefined;
  /** The response is made: nothing more will be asked for. */
  finish(): void;
  /** The response was sent or given up: its memory is free. */
  end(): void;
}

export interface AdmittedRequest {
  /** To be called once, when the answer is there or will not come; its length in bytes, else 0. */
  release(answerBytes: number): void;
}

/**
 * How many item requests of one Cosmos user wait at a time: as many as one caller's request may
 * come to, so that no request is refused for what it sends by itself.
 */
const MAX_WAITING_PER_USER = 5_000;

/** How many wait in all. A waiting request takes a few kB. */
const MAX_WAITING = 20_000;

/** How long a request waits for memory at most, in milliseconds. */
const MAX_MEMORY_WAIT_MS = 5_000;

/** When a request that was refused for overload makes sense again, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * A waiting request holds nothing: neither a connection while it waits for memory, nor the other
 * way round. So every request under way ends by itself, and none waits for one that waits.
 */
export function createAdmission(limits: AdmissionLimits): Admission {
  const memory = createAnswerMemory({ bytes: limits.answerBytes });
  const slots = createFairSlots({
    slots: limits.inFlight,
    slotsPerOwner: limits.inFlightPerUser,
    waiting: MAX_WAITING,
    waitingPerOwner: MAX_WAITING_PER_USER,
    onFull: () => overloaded("too many requests to Cosmos DB wait: see limits.inFlight"),
  });

  return {
    open: (cosmosUserId) => {
      const holder = memory.open(cosmosUserId);
      let memoryWaits = 0;

      const waitForMemory = async (kind: AnswerKind, signal: AbortSignal): Promise<void> => {
        const patience = new AbortController();
        const giveUp = () => patience.abort(signal.reason);
        signal.addEventListener("abort", giveUp, { once: true });
        const timer = setTimeout(() => patience.abort(outOfMemory()), MAX_MEMORY_WAIT_MS);
        memoryWaits += 1;
        try {
          await holder.whenRoom(kind, patience.signal);
        } finally {
          memoryWaits -= 1;
          clearTimeout(timer);
          signal.removeEventListener("abort", giveUp);
        }
      };

      return {
        admit: async (kind, signal) => {
          for (;;) {
            const giveBack = await slots.take(cosmosUserId, signal);
            const reservation = holder.tryReserve(kind);
            if (reservation !== undefined) {
              return {
                release: (answerBytes) => {
                  reservation.settle(answerBytes);
                  giveBack();
                },
              };
            }
            giveBack();
            await waitForMemory(kind, signal);
          }
        },
        overload: () => (memoryWaits > 0 ? outOfMemory() : undefined),
        finish: holder.finish,
        end: holder.end,
      };
    },
  };
}

function outOfMemory(): GatewayError {
  return overloaded(
    "Cosmos DB's answers take all the memory that they may: see limits.answerBytes",
  );
}

function overloaded(logReason: string): GatewayError {
  return new GatewayError("OVERLOADED", "The gateway is busy. Try again later.", {
    retryAfterMs: RETRY_AFTER_MS,
    logReason,
  });
}
