import { getHeapStatistics } from "node:v8";
import fastifyUnderPressure, { TYPE_EVENT_LOOP_DELAY } from "@fastify/under-pressure";
import type { FastifyInstance } from "fastify";
import { GatewayError } from "../gateway-error.ts";
import { isHealthRoute } from "./health-routes.ts";

/**
 * How late the event loop may be, on average over a sample, in milliseconds. A loaded process on
 * two slow cores is late by some tens; at a second, work that waits for a few turns misses its
 * deadline.
 */
const MAX_EVENT_LOOP_DELAY_MS = 1_000;

/** How often that is measured, in milliseconds. */
const SAMPLE_INTERVAL_MS = 1_000;

/** How long it must go on, in milliseconds. A single long turn, such as a start, is no overload. */
export const LASTING_MS = 2_000;

/** Which part of the heap may be in use. Beyond it, collecting garbage takes most of the time. */
const MAX_HEAP_SHARE = 0.9;

/** Up to so many requests at a time are no overload: refusing them would end nobody's wait. */
const ALWAYS_TAKEN = 64;

const RETRY_AFTER_MS = 1_000;

/**
 * Refuses requests with `OVERLOADED` while the process can't keep up, before anything is read or
 * looked up for them. How the process is can be asked for all the same.
 */
export function refuseOverload(
  server: FastifyInstance,
  { requestsUnderWay }: { readonly requestsUnderWay: () => number },
): void {
  let lateSinceMs = 0;
  let lateAtMs = Number.NEGATIVE_INFINITY;
  /** Whether the event loop has been late for long. Asked with each request that finds it late. */
  const isLastingly = (delayMs: number): boolean => {
    const nowMs = performance.now();
    // With none for so long, it may have been in time meanwhile.
    if (nowMs - lateAtMs > SAMPLE_INTERVAL_MS + 2 * delayMs) {
      lateSinceMs = nowMs;
    }
    lateAtMs = nowMs;
    return nowMs - lateSinceMs >= LASTING_MS;
  };

  server.register(fastifyUnderPressure, {
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE,
    sampleInterval: SAMPLE_INTERVAL_MS,
    pressureHandler: async (request, _reply, type, value) => {
      const isOverloaded = type !== TYPE_EVENT_LOOP_DELAY || isLastingly(value ?? 0);
      if (isOverloaded && requestsUnderWay() > ALWAYS_TAKEN && !isHealthRoute(request)) {
        throw new GatewayError("OVERLOADED", "The gateway is busy. Try again later.", {
          retryAfterMs: RETRY_AFTER_MS,
        });
      }
    },
  });
}
