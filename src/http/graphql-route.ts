import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyPluginCallback, FastifyRequest } from "fastify";
import { UnauthenticatedError } from "../auth/unauthenticated-error.ts";
import type { RequestContext } from "../graphql/request-context.ts";
import type { OpenRequest } from "./open-request.ts";

export interface GraphQLRouteOptions {
  readonly apollo: ApolloServer<RequestContext>;
  readonly openRequest: OpenRequest;
  /** After that long, in milliseconds, what still waits for Cosmos DB fails with `TIMEOUT`. */
  readonly requestTimeoutMs: number;
}

/**
 * `GET` and `POST /graphql`. The caller is known before the body is read: who proves nothing can't
 * make the gateway parse anything.
 */
export function graphqlRoute(options: GraphQLRouteOptions): FastifyPluginCallback {
  const { apollo, openRequest, requestTimeoutMs } = options;
  // Beside the request and not on it: a request that was never opened has no context to forget.
  const contexts = new WeakMap<FastifyRequest, RequestContext>();

  return (server, _options, done) => {
    server.route({
      method: ["GET", "POST"],
      url: "/graphql",
      onRequest: async (request, reply) => {
        reply.header("cache-control", "no-store");
        const signal = AbortSignal.timeout(requestTimeoutMs);
        contexts.set(request, await openRequest(authorizationHeader(request), signal));
      },
      handler: fastifyApolloHandler(apollo, {
        context: async (request) => {
          const context = contexts.get(request);
          if (context === undefined) {
            throw new Error("The request reached GraphQL without having been opened.");
          }
          return context;
        },
      }),
    });
    done();
  };
}

/**
 * Two of these headers are refused: Node.js would take the first, and a proxy before the gateway may
 * have judged the second.
 */
function authorizationHeader({ headers, raw }: FastifyRequest): string | undefined {
  const names = raw.rawHeaders.filter((_text, index) => index % 2 === 0);
  if (names.filter((name) => name.toLowerCase() === "authorization").length > 1) {
    throw new UnauthenticatedError("refused", "several headers Authorization");
  }
  return headers.authorization;
}
