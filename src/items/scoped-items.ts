import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Access } from "../access/access.ts";
import type { Clock } from "../clock.ts";
import type { MetadataCache } from "../cosmos/metadata-cache.ts";
import { type CosmosUserGrants, scopesOf } from "../tokens/grant.ts";
import type { Admission } from "./admission.ts";
import type { ItemOperations } from "./item-operations.ts";
import { createScopedRunner } from "./run-scoped.ts";
import { createScopedReads } from "./scoped-reads.ts";
import { createScopedWrites } from "./scoped-writes.ts";
import { createSession, type Session } from "./session.ts";

export interface ScopedItemsOptions {
  readonly endpoint: string;
  readonly database: string;
  /** What carries the requests: shared by all callers. */
  readonly httpClient: HttpClient;
  /** What is known of the account and its containers: one for the process. */
  readonly metadata: MetadataCache;
  readonly clock: Clock;
  /** Other grants for the caller than `stale`, which Cosmos DB refused or whose end has come. */
  readonly renew: (
    access: Access,
    stale: CosmosUserGrants,
    signal: AbortSignal,
  ) => Promise<CosmosUserGrants>;
  /** Decides when requests for items may be sent: one for the process. Default: at once. */
  readonly admission?: Admission;
}

/**
 * Opens the items of one caller for one request. `signal` is aborted at the request's deadline and
 * when its client leaves, `session` is what the caller has seen so far; without it, the request's
 * operations see each other's writes. `onAnswered` and `onEnd` call back when the response was
 * made, and when it was sent: until then its answers count as memory in use.
 */
export type OpenItems = (
  access: Access,
  grants: CosmosUserGrants,
  options?: {
    readonly signal?: AbortSignal;
    readonly session?: Session;
    readonly onAnswered?: (callback: () => void) => void;
    readonly onEnd?: (callback: () => void) => void;
  },
) => ItemOperations;

/**
 * Builds what every request's items share: connections, and the account's and containers' metadata,
 * read once for the process. Whatever else an operation needs is its own, so that nothing can be
 * mixed up between callers.
 */
export function createScopedItems(shared: ScopedItemsOptions): OpenItems {
  return (access, grants, { signal, session = createSession(), onAnswered, onEnd } = {}) => {
    const { admission: processAdmission, ...rest } = shared;
    const admission = processAdmission?.open(access.cosmosUserId);
    if (admission !== undefined) {
      onAnswered?.(admission.finish);
      onEnd?.(admission.end);
    }
    const runner = createScopedRunner({
      ...rest,
      grants,
      renew: (stale, renewSignal) => shared.renew(access, stale, renewSignal),
      signal,
      session,
      ...(admission !== undefined && { admission }),
    });

    return {
      cosmosUserId: access.cosmosUserId,
      get cost() {
        return runner.cost;
      },
      get grants() {
        return scopesOf(runner.grants);
      },
      grantsOn: (container) =>
        scopesOf(runner.grants).filter((scope) => scope.container === container),

      ...createScopedReads(runner),
      ...createScopedWrites(runner),
    };
  };
}
