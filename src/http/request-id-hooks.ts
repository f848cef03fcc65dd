import type { FastifyInstance, FastifyRequest } from "fastify";
import { requestIdOf, runWithRequestId } from "../observability/request-id.ts";

/**
 * From here on, everything that a request runs can tell the request's id: see `currentRequestId`.
 */
export function addRequestIdHooks(server: FastifyInstance): void {
  const ids = new WeakMap<FastifyRequest, string>();
  server.addHook("onRequest", (request, _reply, done) => {
    const requestId = requestIdOf(request.headers["x-request-id"]);
    ids.set(request, requestId);
    runWithRequestId(requestId, done);
  });
  // A body arrives in events of the connection, which belong to no request.
  server.addHook("preValidation", (request, _reply, done) => {
    const requestId = ids.get(request);
    if (requestId === undefined) {
      done();
    } else {
      runWithRequestId(requestId, done);
    }
  });
}
