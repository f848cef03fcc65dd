import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { GatewayError } from "../gateway-error.ts";
import { isHealthRoute } from "./health-routes.ts";

/** The way from taking requests to having none: what happens between a signal and the end. */
export interface Drain {
  /** Whether the process is about to end. It is not ready then. */
  readonly isDraining: () => boolean;
  /** How many requests are being answered, without those that ask how the process is. */
  readonly requestsUnderWay: () => number;
  /** Counts the server's requests, and tells its clients when it is time to go elsewhere. */
  readonly watch: (server: FastifyInstance) => void;
  /**
   * Not ready from now on; idle connections are closed. Requests are taken for `delayMs` more, then
   * refused. Resolves when those under way are answered, whose connections end with their answers.
   */
  readonly start: (delayMs: number) => Promise<void>;
}

/** A process that took this one's place is there by then, or the load balancer knows of another. */
const RETRY_AFTER_MS = 1_000;

export function createDrain(): Drain {
  const idle = Promise.withResolvers<void>();
  let phase: "open" | "withdrawn" | "refusing" = "open";
  let underWay = 0;
  let watched: FastifyInstance | undefined;

  const endIfIdle = (): void => {
    if (phase === "refusing" && underWay === 0) {
      idle.resolve();
    }
  };

  return {
    isDraining: () => phase !== "open",
    requestsUnderWay: () => underWay,

    watch: (server) => {
      watched = server;
      server.addHook("onRequest", async (request, reply) => {
        if (isHealthRoute(request)) {
          return;
        }
        if (phase === "refusing") {
          throw new GatewayError("OVERLOADED", "This process is about to end. Try again.", {
            retryAfterMs: RETRY_AFTER_MS,
          });
        }
        underWay += 1;
        // Emitted once, be it that the answer was sent or that the client has gone.
        reply.raw.once("close", () => {
          underWay -= 1;
          endIfIdle();
        });
      });
      server.addHook("onSend", async (_request, reply) => {
        if (phase !== "open") {
          reply.header("connection", "close");
        }
      });
    },

    start: async (delayMs) => {
      if (phase === "open") {
        phase = "withdrawn";
        watched?.server.closeIdleConnections();
        await sleep(watched?.server.listening === true ? delayMs : 0);
        phase = "refusing";
        endIfIdle();
      }
      await idle.promise;
    },
  };
}
