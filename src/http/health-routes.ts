import type { FastifyPluginCallback } from "fastify";
import type { Readiness } from "./readiness.ts";

/** `GET /healthz`: the process is alive. `GET /readyz`: what it needs can be reached, else 503. */
export function healthRoutes(checkReadiness: () => Promise<Readiness>): FastifyPluginCallback {
  return (server, _options, done) => {
    server.get("/healthz", async () => ({ status: "alive" }));
    server.get("/readyz", async (_request, reply) => {
      const readiness = await checkReadiness();
      return reply.code(readiness.ready ? 200 : 503).send(readiness);
    });
    done();
  };
}
