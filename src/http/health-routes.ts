import type { FastifyPluginCallback, FastifyRequest } from "fastify";
import type { Readiness } from "./readiness.ts";

const ALIVE_PATH = "/healthz";
const READY_PATH = "/readyz";

/** `GET /healthz`: the process is alive. `GET /readyz`: what it needs can be reached, else 503. */
export function healthRoutes(checkReadiness: () => Promise<Readiness>): FastifyPluginCallback {
  return (server, _options, done) => {
    server.get(ALIVE_PATH, async () => ({ status: "alive" }));
    server.get(READY_PATH, async (_request, reply) => {
      const readiness = await checkReadiness();
      return reply.code(readiness.ready ? 200 : 503).send(readiness);
    });
    done();
  };
}

/** Whether a request asks how the process is: that is answered however busy it is. */
export function isHealthRoute({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === ALIVE_PATH || routeOptions.url === READY_PATH;
}
