import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Container } from "@azure/cosmos";
import type { Clock } from "../clock.ts";
import type { MetadataCache } from "../cosmos/metadata-cache.ts";
import { GatewayError } from "../gateway-error.ts";
import type { CosmosUserGrants, Grant } from "../tokens/grant.ts";
import { untilAborted } from "../until-aborted.ts";
import type { RequestAdmission } from "./admission.ts";
import { chooseGrant } from "./choose-grant.ts";
import { explainRefusedQuery } from "./explain-refused-query.ts";
import type { OperationCost } from "./item-operations.ts";
import type { ItemRequest } from "./item-request.ts";
import { PrefixQueryError } from "./prefix-query-error.ts";
import { openScopedContainer } from "./scoped-client.ts";
import { createScopedHttpClient } from "./scoped-http-client.ts";
import type { Session } from "./session.ts";
import { isSpentToken, isWrite, timedOut, translateCosmosError } from "./translate-cosmos-error.ts";

export interface ScopedRunnerOptions {
  readonly endpoint: string;
  readonly database: string;
  readonly httpClient: HttpClient;
  readonly metadata: MetadataCache;
  readonly clock: Clock;
  readonly grants: CosmosUserGrants;
  /** Other grants than the given ones, which are spent. */
  readonly renew: (stale: CosmosUserGrants, signal: AbortSignal) => Promise<CosmosUserGrants>;
  readonly signal: AbortSignal | undefined;
  /** Decides when a request for items may be sent. Default: at once. */
  readonly admission?: RequestAdmission;
  /** How far the caller has seen the containers; goes on with each answer. */
  readonly session: Session;
}

/**
 * Runs operations in the name of one Cosmos user.
 *
 * When `signal` is aborted, requests that wait are given up and reads on the wire are cut. A write
 * that was sent is not: cut, nobody could know whether it was done.
 */
export interface ScopedRunner {
  /** Those that the next operation will use. */
  readonly grants: CosmosUserGrants;
  readonly cost: OperationCost;
  /** @throws GatewayError for every failure. */
  run<Result>(
    request: ItemRequest,
    action: (container: Container, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result>;
}

/** How long an operation may take where the caller sets no deadline, in milliseconds. */
const OPERATION_TIMEOUT_MS = 60_000;

/**
 * How much of Cosmos DB's answers one caller's request may bring into memory, in characters, before
 * it may send no more. A page of 1000 items of 2 MB would be 2 GB, and a document holds many pages.
 */
const MAX_ANSWERED_CHARACTERS = 32 * 1024 * 1024;

/**
 * How many requests to Cosmos DB one caller's request may come to. Connections are shared by all
 * callers, and an item with 100,000 references would keep them all busy.
 */
export const MAX_REQUESTS = 5000;

const NEVER_ABORTED = new AbortController().signal;

export function createScopedRunner(options: ScopedRunnerOptions): ScopedRunner {
  let grants = options.grants;
  let requestCharge = 0;
  let requests = 0;
  let sentRequests = 0;
  let answeredCharacters = 0;

  const onAnswer = (charge: number, characters: number) => {
    requestCharge += charge;
    requests += 1;
    answeredCharacters += characters;
  };

  /** Before a request and not after it, so that no write is done and then said to have failed. */
  const beforeRequest = () => {
    sentRequests += 1;
    if (sentRequests > MAX_REQUESTS || answeredCharacters > MAX_ANSWERED_CHARACTERS) {
      throw new GatewayError(
        "QUERY_TOO_EXPENSIVE",
        "This reads or writes too much at once. Ask for fewer items, or for fewer of their fields.",
      );
    }
  };

  const renew = async (stale: CosmosUserGrants, signal: AbortSignal): Promise<CosmosUserGrants> => {
    grants = await options.renew(stale, signal);
    return grants;
  };

  const attempt = <Result>(
    { grants: candidates, ...rest }: CosmosUserGrants,
    request: ItemRequest,
    action: (container: Container, signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> => {
    const grant = chooseGrant(candidates, request);
    const httpClient = createScopedHttpClient({
      ...options,
      container: request.container,
      isUnmerged: request.isUnmerged,
      beforeRequest,
      onAnswer,
      signal,
    });
    const container = openScopedContainer({ ...options, httpClient, grant, request });
    return action(container, isWrite(request) ? NEVER_ABORTED : signal).catch(
      async (error: unknown) => {
        const scope = grant.scope;
        const refusal = await explainRefusedQuery(error, request, { scope, container });
        const wider = candidates.filter((candidate) => isOnWhole(candidate, request));
        if (refusal instanceof PrefixQueryError && wider.length > 0) {
          return attempt({ ...rest, grants: wider }, request, action, signal);
        }
        throw refusal;
      },
    );
  };

  return {
    get grants() {
      return grants;
    },
    get cost() {
      return { requestCharge, requests };
    },
    run: (request, action) => {
      const signal = options.signal ?? AbortSignal.timeout(OPERATION_TIMEOUT_MS);
      const operation = async () => {
        signal.throwIfAborted();
        const isSpent = grants.expiresAtMs <= options.clock.nowMs();
        const first = isSpent ? await renew(grants, signal) : grants;
        try {
          return await attempt(first, request, action, signal);
        } catch (error) {
          if (!isSpentToken(error)) {
            throw error;
          }
        }
        // Cosmos DB did nothing, so that even a write can be repeated. Once: fresh grants that are
        // refused for their time have another fault.
        return attempt(await renew(first, signal), request, action, signal);
      };
      const outcome = operation().catch((error: unknown) => {
        throw translateCosmosError(error, request);
      });
      return untilAborted(outcome, signal, () => {
        if (signal.reason instanceof GatewayError) {
          return signal.reason;
        }
        const overload = isWrite(request) ? undefined : options.admission?.overload();
        const logReason = `deadline passed: ${request.kind} in container ${request.container}`;
        return overload ?? timedOut(logReason, isWrite(request));
      });
    },
  };
}

/**
 * True for a grant on the whole of a request's container. Cosmos DB runs any query under it, also
 * one that it refuses under a grant on outer levels of the partition key.
 */
function isOnWhole({ scope }: Grant, request: ItemRequest): boolean {
  const { container, partitionKey, item } = scope;
  return container === request.container && partitionKey === undefined && item === undefined;
}
