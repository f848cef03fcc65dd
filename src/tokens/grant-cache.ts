import { LRUCache } from "lru-cache";
import type { Access } from "../access/access.ts";
import type { Clock } from "../clock.ts";
import type { TokensConfig } from "../config/config.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";
import type { AccountOperations } from "./account-operations.ts";
import { AbandonedError } from "./demand.ts";
import type { CosmosUserGrants } from "./grant.ts";
import { createGrantMinter, NO_GRANTS_MS } from "./mint-grants.ts";
import { type SharedWork, shareWork, type WaitOptions } from "./shared-work.ts";

export interface GrantCacheOptions {
  readonly accountClient: AccountOperations;
  readonly tokens: TokensConfig;
  readonly clock: Clock;
  readonly observe: Observe;
}

export interface GrantCache {
  /**
   * The grants of the Cosmos user that a caller is: cached, or minted once for all who ask at the
   * same time. Never grants whose end has come. `signal` ends this caller's wait, with `TIMEOUT`
   * or, if it was throttling that it waited for, `THROTTLED`; with `deadlineMs`, by
   * `performance.now()`, that is said as soon as it can be foreseen. A mint that nobody waits for
   * stops at its next step.
   */
  grantsFor(access: Access, signal?: AbortSignal, deadlineMs?: number): Promise<CosmosUserGrants>;
  /**
   * Other grants than `stale`, which Cosmos DB has refused: those in the cache if they are others
   * already, or else new ones, minted once for all who hold the same stale ones.
   */
  renew(access: Access, stale: CosmosUserGrants, signal?: AbortSignal): Promise<CosmosUserGrants>;
}

/**
 * How long a failure is answered from memory, in milliseconds. Long enough that a burst of
 * requests does not spend the account's 240 RU/s of metadata on the same failure, short enough
 * that nobody notices it after the fault is mended.
 */
const FAILURE_MS = 2_000;

interface Failure {
  readonly error: GatewayError;
  readonly failedAtMs: number;
}

/** How many Cosmos users' failures are remembered at a time. */
const MAX_FAILURES = 10_000;

/**
 * Keeps the grants of up to `tokens.maxCachedUsers` Cosmos users, the least recently used ones
 * dropped first. An entry ends with the first of its tokens. Grants that are used within
 * `tokens.refreshAheadSeconds` of their end are minted anew in the background, once, while callers
 * go on with those they have.
 */
export function createGrantCache(options: GrantCacheOptions): GrantCache {
  const { accountClient, tokens, clock, observe } = options;
  const mint = createGrantMinter(options);
  const refreshAheadMs = Math.min(
    tokens.refreshAheadSeconds * 1000,
    // Or else a short lifetime would have every use mint again.
    (tokens.lifetimeSeconds * 1000) / 2,
  );

  const failures = new LRUCache<string, Failure>({ max: MAX_FAILURES });
  const recentFailure = (key: string): GatewayError | undefined => {
    const failure = failures.get(key);
    const ageMs = clock.nowMs() - (failure?.failedAtMs ?? Number.NaN);
    // A clock that was put back would keep it until it has caught up.
    return ageMs >= 0 && ageMs <= FAILURE_MS ? failure?.error : undefined;
  };

  const cache = new LRUCache<string, CosmosUserGrants>({
    max: tokens.maxCachedUsers,
    // No `ttl`: an entry carries its own end, and is looked at before it is used. A refresh that
    // fails leaves what is there; its end comes soon enough.
  });
  const mints = new Map<string, SharedWork<CosmosUserGrants>>();

  const startMint = (key: string, access: Access): SharedWork<CosmosUserGrants> => {
    const started = shareWork(async (demand) => {
      try {
        const minted = await mint(access, demand);
        cache.set(key, minted);
        return minted;
      } catch (error) {
        if (error instanceof GatewayError) {
          failures.set(key, { error, failedAtMs: clock.nowMs() });
        }
        throw error;
      } finally {
        mints.delete(key);
      }
    });
    mints.set(key, started);
    return started;
  };

  const isCurrent = ({ grants, expiresAtMs }: CosmosUserGrants) => {
    const leftMs = expiresAtMs - clock.nowMs();
    // A clock that was put back would keep grants of nothing until it has caught up.
    return leftMs > 0 && (grants.length > 0 || leftMs <= NO_GRANTS_MS);
  };

  const mintOnce = async (
    key: string,
    access: Access,
    { signal, deadlineMs }: WaitOptions = {},
  ): Promise<CosmosUserGrants> => {
    const onAbort = (reason: unknown) => gaveUp(reason, accountClient.throttledForMs());
    for (;;) {
      const failure = recentFailure(key);
      if (failure !== undefined) {
        throw failure;
      }
      const shared = mints.get(key) ?? startMint(key, access);
      try {
        return await shared.wait({ signal, deadlineMs, onAbort });
      } catch (error) {
        // It had stopped for want of anyone who waits, just before this caller came.
        if (!(error instanceof AbandonedError)) {
          throw error;
        }
      }
    }
  };

  const refreshing = new Set<string>();
  const refreshAhead = (key: string, access: Access): void => {
    if (refreshing.has(key) || recentFailure(key) !== undefined) {
      return;
    }
    refreshing.add(key);
    mintOnce(key, access)
      .catch((error: unknown) => {
        observe({ kind: "grants-refresh-failed", cosmosUserId: access.cosmosUserId, error });
      })
      .finally(() => refreshing.delete(key));
  };

  // Grants of nothing are kept for seconds only, and not renewed for being used.
  const isDue = ({ grants, expiresAtMs }: CosmosUserGrants) =>
    grants.length > 0 && expiresAtMs - clock.nowMs() <= refreshAheadMs;

  return {
    grantsFor: async (access, signal, deadlineMs) => {
      const key = cacheKey(access);
      const cached = cache.get(key);
      if (cached === undefined || !isCurrent(cached)) {
        return mintOnce(key, access, { signal, deadlineMs });
      }
      if (isDue(cached)) {
        refreshAhead(key, access);
      }
      return cached;
    },

    renew: async (access, stale, signal) => {
      const key = cacheKey(access);
      const cached = cache.get(key);
      if (cached !== undefined && cached !== stale && isCurrent(cached)) {
        return cached;
      }
      // From here on, newcomers wait for the new ones instead of trying what was refused.
      cache.delete(key);
      return mintOnce(key, access, { signal });
    },
  };
}

/** What a caller is told whose wait ended before its grants were there. */
function gaveUp(reason: unknown, throttledForMs: number | undefined): GatewayError {
  if (reason instanceof GatewayError) {
    return reason;
  }
  const logReason = "the request's deadline passed while the permissions were read";
  return throttledForMs === undefined
    ? new GatewayError("TIMEOUT", "The data store did not answer in time.", { logReason })
    : new GatewayError("THROTTLED", "The data store is busy. Try again later.", {
        retryAfterMs: Math.ceil(Math.max(throttledForMs, 1_000)),
        logReason: `account metadata: ${logReason}`,
      });
}

/**
 * The identity of a set of grants: the Cosmos user and everything its profile asks for, in an
 * order of its own. With the user's id alone, a caller whose profile changed would be served the
 * grants of the profile before.
 */
function cacheKey({ cosmosUserId, wantedPermissions }: Access): string {
  const wanted = wantedPermissions
    .map(({ permissionId, container, partitionKey, item, mode }) =>
      JSON.stringify([permissionId, mode, container, partitionKey, item]),
    )
    .sort();
  return JSON.stringify([cosmosUserId, ...wanted]);
}
