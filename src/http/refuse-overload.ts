import { getHeapStatistics } from "node:v8";
import fastifyUnderPressure from "@fastify/under-pressure";
import type { FastifyInstance } from "fastify";
import { GatewayError } from "../gateway-error.ts";
import { isHealthRoute } from "./health-routes.ts";

/**
 * How late the event loop may be, on average over a sample, in milliseconds. A loaded process on two
 * slow cores was seen at 50; at 500, a request that takes ten turns waits for five seconds.
 */
const MAX_EVENT_LOOP_DELAY_MS = 500;

/** How often that is measured, in milliseconds. */
const SAMPLE_INTERVAL_MS = 500;

/** Which part of the heap may be in use. Beyond it, collecting garbage takes most of the time. */
const MAX_HEAP_SHARE = 0.9;

/** Up to so many requests at a time are no overload: refusing them would end nobody's wait. */
const ALWAYS_TAKEN = 10;

const RETRY_AFTER_MS = 1_000;

/**
 * Refuses requests with `OVERLOADED` while the process can't keep up, before anything is read or
 * looked up for them. How the process is can be asked for all the same.
 */
export function refuseOverload(
  server: FastifyInstance,
  { requestsUnderWay }: { readonly requestsUnderWay: () => number },
): void {
  server.register(fastifyUnderPressure, {
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE,
    sampleInterval: SAMPLE_INTERVAL_MS,
    pressureHandler: async (request) => {
      if (!isHealthRoute(request) && requestsUnderWay() > ALWAYS_TAKEN) {
        throw new GatewayError("OVERLOADED", "The gateway is busy. Try again later.", {
          retryAfterMs: RETRY_AFTER_MS,
        });
      }
    },
  });
}
