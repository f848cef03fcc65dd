import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import fastifyCors, { type FastifyCorsOptions } from "@fastify/cors";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { UnauthenticatedError } from "../auth/unauthenticated-error.ts";
import { SESSION_HEADER } from "../cosmos/header-names.ts";
import type { RequestContext } from "../graphql/request-context.ts";
import { openSession, type Session } from "../items/session.ts";
import { deepDocumentError } from "./deep-document-error.ts";
import { createDocumentTurns } from "./document-turns.ts";
import { sendClientFault, sendOperationFault } from "./error-response.ts";
import type { OpenRequest } from "./open-request.ts";
import { refuseForeignPage } from "./refuse-foreign-page.ts";
import { type RequestLifetime, startRequestLifetime } from "./request-lifetime.ts";

export interface GraphQLRouteOptions {
  readonly apollo: ApolloServer<RequestContext>;
  readonly openRequest: OpenRequest;
  /** After that long, in milliseconds, what still waits for Cosmos DB fails with `TIMEOUT`. */
  readonly requestTimeoutMs: number;
  /** Whether requests without a bearer token are answered. */
  readonly anonymous: boolean;
  /** Origins whose pages may read the answers, such as `https://app.example.com`; `*` for any. */
  readonly corsOrigins: readonly string[];
}

/** How long a browser may keep the answer to its preflight request, in seconds. */
const PREFLIGHT_SECONDS = 600;

/**
 * `GET` and `POST /graphql`. The caller is known before the body is read: who proves nothing can't
 * make the gateway parse anything.
 */
export function graphqlRoute(options: GraphQLRouteOptions): FastifyPluginAsync {
  const { apollo, openRequest, requestTimeoutMs, corsOrigins } = options;
  // Beside the request and not on it: a request that was never opened has no context to forget.
  const opened = new WeakMap<FastifyRequest, OpenedRequest>();
  const takeTurn = createDocumentTurns();

  return async (server) => {
    if (corsOrigins.length > 0) {
      // Before the route, so that a browser can read a 401 as well.
      await server.register(fastifyCors, {
        // The plugin answers preflight requests of every address, and only this one is for pages.
        delegator: ({ url }, done) =>
          done(
            null,
            /^\/graphql(\?|$)/.test(url ?? "") ? corsOptions(corsOrigins) : { origin: false },
          ),
      });
    }
    server.route({
      method: ["GET", "POST"],
      url: "/graphql",
      onRequest: async (request, reply) => {
        reply.header("cache-control", "no-store");
        if (options.anonymous) {
          refuseForeignPage(request, corsOrigins);
        }
        const session = openSession(sessionHeader(request));
        if (session === undefined) {
          const message = `The header ${SESSION_HEADER} is not one that this API issued. Leave the header out to begin a new session.`;
          return sendClientFault(request, reply, 400, message);
        }
        const lifetime = startRequestLifetime(reply.raw, requestTimeoutMs);
        const limits = { ...lifetime, session };
        const context = await openRequest(authorizationHeader(request), limits);
        opened.set(request, { context, session, lifetime });
      },
      preHandler: async (request, reply) => {
        const { body } = request;
        // Inside a variable it is a key like any other. Of the request itself, it is no part.
        if (typeof body === "object" && body !== null && Object.hasOwn(body, "__proto__")) {
          return sendClientFault(
            request,
            reply,
            400,
            "A request can't have a part named `__proto__`.",
          );
        }
        // Before anything is done with the document: the turn is for that and for GraphQL's work.
        await takeTurn(request);
        const fault = deepDocumentError(request);
        if (fault !== undefined) {
          return sendOperationFault(request, reply, fault);
        }
      },
      onSend: async (request, reply) => {
        const of = opened.get(request);
        of?.lifetime.markAnswered();
        const sessionText = of?.session.toHeader();
        if (sessionText !== undefined) {
          reply.header(SESSION_HEADER, sessionText);
        }
      },
      handler: fastifyApolloHandler(apollo, {
        context: async (request) => {
          const of = opened.get(request);
          if (of === undefined) {
            throw new Error("The request reached GraphQL without having been opened.");
          }
          return of.context;
        },
      }),
    });
  };
}

function corsOptions(corsOrigins: readonly string[]): FastifyCorsOptions {
  return {
    origin: corsOrigins.includes("*") ? "*" : [...corsOrigins],
    methods: ["GET", "POST"],
    allowedHeaders: ["authorization", "content-type", SESSION_HEADER],
    exposedHeaders: ["www-authenticate", "retry-after", SESSION_HEADER],
    maxAge: PREFLIGHT_SECONDS,
  };
}

/**
 * Carries Cosmos DB's session consistency: sent back with the next request, to any replica of the
 * gateway, it lets the caller read at least what it has seen or written.
 */
interface OpenedRequest {
  readonly context: RequestContext;
  readonly session: Session;
  readonly lifetime: RequestLifetime;
}

/** Node.js joins several headers of this name with commas, which is how the list goes on. */
function sessionHeader({ headers }: FastifyRequest): string | undefined {
  return headers[SESSION_HEADER]?.toString();
}

/**
 * Two of these headers are refused: Node.js would take the first, and a proxy before the gateway
 * may have judged the second.
 */
function authorizationHeader({ headers, raw }: FastifyRequest): string | undefined {
  const names = raw.rawHeaders.filter((_text, index) => index % 2 === 0);
  if (names.filter((name) => name.toLowerCase() === "authorization").length > 1) {
    throw new UnauthenticatedError("refused", "several headers Authorization");
  }
  return headers.authorization;
}
