import type { ServerResponse } from "node:http";
import { GatewayError } from "../gateway-error.ts";

/** How long the work for one request makes sense. */
export interface RequestLifetime {
  /** Aborted when the request's deadline passes, or when its client leaves before the answer. */
  readonly signal: AbortSignal;
  /** When the deadline passes, by `performance.now()`, in milliseconds. */
  readonly deadlineMs: number;
  /** Calls back when the response is made. */
  onAnswered(callback: () => void): void;
  /** Calls back when the response was sent, or the client is gone. */
  onEnd(callback: () => void): void;
  /** Says that the response is made: nothing more will be asked of Cosmos DB. */
  markAnswered(): void;
}

/**
 * The lifetime of the request that a response belongs to. One timer and one listener, both gone
 * with the response: signals of `AbortSignal.timeout` would stay until their time, thousands at a
 * time.
 */
export function startRequestLifetime(response: ServerResponse, timeoutMs: number): RequestLifetime {
  const controller = new AbortController();
  const answered = createOccasion();
  const ended = createOccasion();
  const deadlineMs = performance.now() + timeoutMs;
  const timer = setTimeout(() => {
    controller.abort(new DOMException("The request's deadline passed.", "TimeoutError"));
  }, timeoutMs);

  response.once("close", () => {
    clearTimeout(timer);
    if (!response.writableFinished) {
      controller.abort(clientLeft());
    }
    answered.happen();
    ended.happen();
  });

  return {
    signal: controller.signal,
    deadlineMs,
    onAnswered: answered.whenItHappens,
    onEnd: ended.whenItHappens,
    markAnswered: answered.happen,
  };
}

/** Something that happens once; who asks after that is called back at once. */
function createOccasion() {
  const callbacks: (() => void)[] = [];
  let hasHappened = false;
  return {
    whenItHappens: (callback: () => void): void => {
      if (hasHappened) {
        callback();
      } else {
        callbacks.push(callback);
      }
    },
    happen: (): void => {
      hasHappened = true;
      for (const callback of callbacks.splice(0)) {
        callback();
      }
    },
  };
}

/** Nobody reads it; in the log it tells what was given up from what took too long. */
function clientLeft(): GatewayError {
  return new GatewayError("TIMEOUT", "The client left before the answer.", {
    logReason: "the client closed its connection before the answer",
  });
}
