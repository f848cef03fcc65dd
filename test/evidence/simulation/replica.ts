import { EventEmitter } from "node:events";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { GraphQLSchema } from "graphql";
import { createAccessResolver } from "../../../src/access/resolve-access.ts";
import type { Caller } from "../../../src/auth/caller.ts";
import type { Clock } from "../../../src/clock.ts";
import type { Config } from "../../../src/config/config.ts";
import { createMetadataCache } from "../../../src/cosmos/metadata-cache.ts";
import { createMetadataHttpClient } from "../../../src/cosmos/metadata-http-client.ts";
import { GatewayError } from "../../../src/gateway-error.ts";
import { cosmosCostPlugin } from "../../../src/graphql/plugins/cosmos-cost-plugin.ts";
import { createErrorFormatter } from "../../../src/graphql/plugins/format-error.ts";
import { operationLimitsPlugin } from "../../../src/graphql/plugins/operation-limits-plugin.ts";
import { writtenPlugin } from "../../../src/graphql/plugins/written-plugin.ts";
import { createApollo } from "../../../src/http/apollo.ts";
import { createRequestOpener } from "../../../src/http/open-request.ts";
import { startRequestLifetime } from "../../../src/http/request-lifetime.ts";
import { createAdmission } from "../../../src/items/admission.ts";
import { createTokenIssuing } from "../../../src/items/issue-tokens.ts";
import { createScopedItems } from "../../../src/items/scoped-items.ts";
import { openSession } from "../../../src/items/session.ts";
import type { Observe } from "../../../src/observability/observation.ts";
import type { Secret } from "../../../src/secret.ts";
import { createAccountClient } from "../../../src/tokens/account-client.ts";
import { createGrantCache, type GrantCache } from "../../../src/tokens/grant-cache.ts";
import { withIssuing } from "./set-up.ts";

/** What a simulated caller gets back. */
export interface Answer {
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly errors: readonly AnswerError[];
  /** Everything that would be sent, as text. */
  readonly text: string;
  /** How far the caller has seen, for its next request. */
  readonly session: string | undefined;
}

export interface AnswerError {
  readonly code: string;
  readonly message: string;
  readonly isWritten: boolean;
}

export interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly session: string | undefined;
}

/** One gateway process, from the caller's claims to the answer, with caches of its own. */
export interface Replica {
  ask(caller: Caller, question: Question): Promise<Answer>;
}

export interface ReplicaOptions {
  readonly config: Config;
  readonly schema: GraphQLSchema;
  readonly httpClient: HttpClient;
  readonly clock: Clock;
  /** Keys of the moment. */
  readonly keys: () => readonly Secret[];
  readonly observe: Observe;
  /** Puts something else in the cache's place: how a test sees that a fault is found. */
  readonly bend?: ((cache: GrantCache) => GrantCache) | undefined;
}

/** Put together as `app.ts` does it, from the bearer token's claims on and without a server. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { config, schema, httpClient, clock, keys, observe, bend = (cache) => cache } = options;
  const { endpoint, database } = config.cosmos;
  const metadata = createMetadataCache(clock);
  const accountClient = createAccountClient({
    endpoint,
    keys,
    database,
    httpClient: createMetadataHttpClient(httpClient, metadata),
    observe,
  });
  const { renew, grantsFor } = bend(
    createGrantCache({ accountClient, tokens: config.tokens, clock, observe }),
  );
  const openItems = createScopedItems({
    endpoint,
    database,
    httpClient,
    metadata,
    clock,
    renew,
    admission: createAdmission(config.limits),
  });
  const issuing = createTokenIssuing({ endpoint, database, openItems, grantsFor, observe });
  const apollo = createApollo({
    observe,
    schema,
    introspection: true,
    formatError: createErrorFormatter({ observe }),
    plugins: [cosmosCostPlugin(), operationLimitsPlugin(config.limits), writtenPlugin()],
  });
  await apollo.start();
  const resolveAccess = createAccessResolver(config.profiles, { database });

  return {
    ask: async (caller, { query, variables, session: header }) => {
      const response = new ResponseInMemory();
      const lifetime = startRequestLifetime(response, config.limits.requestTimeoutMs);
      const openRequest = createRequestOpener({
        // Who calls is given: signatures of bearer tokens have tests of their own.
        authenticate: async () => caller,
        resolveAccess,
        grantsFor: (access, { signal, deadlineMs }) => grantsFor(access, signal, deadlineMs),
        openItems: withIssuing(issuing),
      });
      const session = openSession(header);
      if (session === undefined) {
        throw new Error("The gateway does not take back its own session header.");
      }
      try {
        const limits = { ...lifetime, session };
        const contextValue = await openRequest(undefined, limits);
        const { body } = await apollo.executeOperation({ query, variables }, { contextValue });
        if (body.kind !== "single") {
          throw new Error("The answer came in parts.");
        }
        lifetime.markAnswered();
        const { data, errors = [] } = body.singleResult;
        return {
          data: data ?? undefined,
          errors: errors.map(({ message, extensions }) => ({
            code: String(extensions?.code),
            message,
            isWritten: extensions?.written === true,
          })),
          text: JSON.stringify(body.singleResult),
          session: session.toHeader(),
        };
      } catch (error) {
        if (!(error instanceof GatewayError)) {
          throw error;
        }
        const { code, message } = error;
        return {
          data: undefined,
          errors: [{ code, message, isWritten: false }],
          text: message,
          session: header,
        };
      } finally {
        response.finish();
      }
    },
  };
}

/** Of a request that came over no connection. It tells its end, and that it was sent. */
class ResponseInMemory extends ServerResponse {
  constructor() {
    super(new IncomingMessage(new Socket()));
  }

  override readonly writableFinished = true;

  finish(): void {
    EventEmitter.prototype.emit.call(this, "close");
  }
}
