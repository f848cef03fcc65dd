import { randomUUID } from "node:crypto";
import {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyPluginCallback,
  fastify,
} from "fastify";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";
import type { Drain } from "./drain.ts";
import { sendClientFault, sendErrorResponse } from "./error-response.ts";
import { refuseMalformedRequest } from "./refuse-malformed-request.ts";
import { refuseOverload } from "./refuse-overload.ts";
import { addRequestIdHooks } from "./request-id-hooks.ts";

export interface HttpServerOptions {
  /** Largest body that is read, in bytes. */
  readonly requestBytes: number;
  /** The value of `WWW-Authenticate` for a refused caller. */
  readonly challengeFor: (error: GatewayError) => string;
  readonly observe: Observe;
  /** How long a client may take to send a whole request, in milliseconds. Default 30,000. */
  readonly receiveTimeoutMs?: number;
  /** To be over before the server is closed: what is under way then is cut off. */
  readonly drain: Drain;
  readonly routes: readonly (FastifyPluginCallback | FastifyPluginAsync)[];
}

/** How long a client may take to send a whole request, headers and body, in milliseconds. */
const RECEIVE_TIMEOUT_MS = 30_000;

/** The server with its routes, not yet listening. Every error leaves it as a GraphQL response. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { receiveTimeoutMs = RECEIVE_TIMEOUT_MS } = options;
  const server = fastify({
    bodyLimit: options.requestBytes,
    // In a JSON value these are keys like any other. Nothing behind here assigns by a client's key.
    onProtoPoisoning: "ignore",
    onConstructorPoisoning: "ignore",
    requestTimeout: receiveTimeoutMs,
    http: {
      requestTimeout: receiveTimeoutMs,
      headersTimeout: receiveTimeoutMs,
      // Node.js looks for requests that take too long only that often, by itself each 30 s.
      connectionsCheckingInterval: Math.min(1_000, Math.ceil(receiveTimeoutMs / 4)),
    },
    clientErrorHandler: refuseMalformedRequest,
    // Requests have been drained by then. A connection that never sent one would hold it up.
    forceCloseConnections: true,
    // Observations are the log; Fastify's own would print headers and bodies.
    logger: false,
  });
  // GraphQL over HTTP knows JSON bodies only; anything else is 415.
  server.removeContentTypeParser("text/plain");

  addRequestIdHooks(server);
  options.drain.watch(server);
  refuseOverload(server, options.drain);
  server.addHook("onRequest", async (request, reply) => {
    if (!URL.canParse(request.url, `${request.protocol}://${request.host}/`)) {
      return sendClientFault(request, reply, 400, "The header Host or the URL is malformed.");
    }
  });

  server.setNotFoundHandler((request, reply) =>
    sendClientFault(
      request,
      reply,
      404,
      `Nothing answers ${request.method} here. GraphQL is at /graphql.`,
    ),
  );

  server.setErrorHandler((error, request, reply) => {
    if (error instanceof GatewayError) {
      // Why a bearer token was refused is observed where it is known.
      if (error.code !== "UNAUTHENTICATED") {
        options.observe({ kind: "request-refused", error });
      }
      return sendErrorResponse(request, reply, { error, challenge: options.challengeFor(error) });
    }
    const httpStatus = clientErrorStatus(error);
    if (httpStatus !== undefined && error instanceof Error) {
      return sendClientFault(request, reply, httpStatus, error.message);
    }
    const errorId = randomUUID();
    options.observe({ kind: "operation-failed", errorId, error });
    const hidden = new GatewayError("INTERNAL_SERVER_ERROR", "Something went wrong.");
    return sendErrorResponse(request, reply, { error: hidden, errorId });
  });

  for (const routes of options.routes) {
    server.register(routes);
  }
  return server;
}

/**
 * Fastify's own refusals of a request (malformed JSON, wrong media type, too large) carry a 4xx
 * status.
 */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) {
    return undefined;
  }
  const { statusCode } = error;
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 500
    ? statusCode
    : undefined;
}
