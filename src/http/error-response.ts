import type { FastifyReply, FastifyRequest } from "fastify";
import type { GatewayError } from "../gateway-error.ts";
import { acceptsResponseJson } from "../graphql/plugins/media-type.ts";

const RESPONSE_JSON = "application/graphql-response+json; charset=utf-8";
const PLAIN_JSON = "application/json; charset=utf-8";

/**
 * Answers a request that failed before GraphQL ran, in the shape of a GraphQL response. The header
 * `WWW-Authenticate` goes with every 401, `Retry-After` (whole seconds) where a retry makes sense.
 */
export function sendErrorResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  failure: { readonly error: GatewayError; readonly challenge?: string; readonly errorId?: string },
): FastifyReply {
  const { error, challenge, errorId } = failure;
  if (error.httpStatus === 401) {
    reply.header("www-authenticate", challenge ?? "Bearer");
  }
  if (error.retryAfterMs !== undefined) {
    reply.header("retry-after", String(Math.ceil(error.retryAfterMs / 1000)));
  }
  const extensions = {
    code: error.code,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(errorId === undefined ? {} : { errorId }),
  };
  return sendGraphQLErrors(request, reply, error.httpStatus, [
    { message: error.message, extensions },
  ]);
}

/**
 * Answers a request whose operation is refused as it stands. As Apollo Server's answers do, with
 * HTTP 200 where the client takes `application/json` only: see `statusPlugin`.
 */
export function sendOperationFault(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, message, httpStatus }: GatewayError,
): FastifyReply {
  const status = acceptsResponseJson(request.headers.accept) ? httpStatus : 200;
  return sendGraphQLErrors(request, reply, status, [{ message, extensions: { code } }]);
}

/**
 * Answers a request that is no GraphQL request at all: malformed, too large, at the wrong address.
 */
export function sendClientFault(
  request: FastifyRequest,
  reply: FastifyReply,
  httpStatus: number,
  message: string,
): FastifyReply {
  const extensions = { code: "BAD_USER_INPUT" };
  return sendGraphQLErrors(request, reply, httpStatus, [{ message, extensions }]);
}

function sendGraphQLErrors(
  request: FastifyRequest,
  reply: FastifyReply,
  httpStatus: number,
  errors: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[],
): FastifyReply {
  const wantsResponseJson = acceptsResponseJson(request.headers.accept);
  return reply
    .code(httpStatus)
    .header("content-type", wantsResponseJson ? RESPONSE_JSON : PLAIN_JSON)
    .header("cache-control", "no-store")
    .send(JSON.stringify({ errors }));
}
