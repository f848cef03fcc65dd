import { type CryptoKey, createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../clock.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";
import { fetchKeySet } from "./fetch-key-set.ts";

/** How long the gateway waits for an issuer's key set, in milliseconds. */
const FETCH_TIMEOUT_MS = 5_000;
/** A token with an unknown key id makes the gateway look for new keys, at most this often. */
export const UNKNOWN_KEY_COOLDOWN_MS = 30_000;
/** From this age on, keys are renewed in the background while they go on being used. */
export const RENEW_AFTER_MS = 10 * 60_000;
/** Older keys are not used: a key that its issuer withdrew is trusted for an hour at most. */
export const MAX_AGE_MS = 60 * 60_000;
/**
 * After a fetch that failed, who needs one is refused for this long instead of waiting for another.
 */
export const FAILURE_COOLDOWN_MS = 1_000;

interface KeySet {
  readonly find: JWTVerifyGetKey<CryptoKey>;
  readonly fetchedAtMs: number;
}

/**
 * The keys behind a `jwksUri`, fetched when first needed and kept. While an issuer is away, its
 * known keys go on working until they are too old; only a token that needs a fetch sees
 * `UPSTREAM_UNAVAILABLE`. Concurrent needs share one fetch.
 */
export function createRemoteKeys(
  { issuer, jwksUri }: { readonly issuer: string; readonly jwksUri: string },
  { clock, observe }: { readonly clock: Clock; readonly observe: Observe },
): { readonly find: JWTVerifyGetKey<CryptoKey>; readonly probe: () => Promise<void> } {
  let known: KeySet | undefined;
  let failedAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<KeySet> | undefined;

  function fetchKeys(): Promise<KeySet> {
    if (fetching === undefined && clock.nowMs() - failedAtMs < FAILURE_COOLDOWN_MS) {
      return Promise.reject(unavailable(issuer, jwksUri));
    }
    fetching ??= fetchOnce().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  async function fetchOnce(): Promise<KeySet> {
    // Counted from before the request: the keys are at least this fresh.
    const fetchedAtMs = clock.nowMs();
    try {
      const keySet = await fetchKeySet(jwksUri, FETCH_TIMEOUT_MS);
      known = { find: createLocalJWKSet(keySet), fetchedAtMs };
      return known;
    } catch (error) {
      failedAtMs = clock.nowMs();
      observe({ kind: "issuer-keys-unreachable", issuer, error });
      throw unavailable(issuer, jwksUri, error);
    }
  }

  /**
   * Known keys, renewed in the background when due; fetched now where there are none young enough.
   */
  async function currentKeys(): Promise<KeySet> {
    const ageMs =
      known === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() - known.fetchedAtMs;
    if (known === undefined || ageMs >= MAX_AGE_MS) {
      return fetchKeys();
    }
    if (ageMs >= RENEW_AFTER_MS) {
      // Who failed was reported already, and the next token tries again.
      fetchKeys().catch(() => undefined);
    }
    return known;
  }

  return {
    find: async (header, jws) => {
      const keys = await currentKeys();
      try {
        return await keys.find(header, jws);
      } catch (error) {
        const mayBeNew = clock.nowMs() - keys.fetchedAtMs >= UNKNOWN_KEY_COOLDOWN_MS;
        if (error instanceof errors.JWKSNoMatchingKey && mayBeNew) {
          return (await fetchKeys()).find(header, jws);
        }
        throw error;
      }
    },
    probe: async () => {
      await currentKeys().catch((error: unknown) => {
        throw new GatewayError(
          "UPSTREAM_UNAVAILABLE",
          `The keys of issuer ${issuer} can't be read from ${jwksUri}: see auth.issuers.`,
          { cause: error },
        );
      });
    },
  };
}

function unavailable(issuer: string, jwksUri: string, cause?: unknown): GatewayError {
  return new GatewayError("UPSTREAM_UNAVAILABLE", "The bearer token's issuer can't be reached.", {
    logReason: `the keys of issuer ${issuer} can't be read from ${jwksUri}`,
    retryAfterMs: FAILURE_COOLDOWN_MS,
    cause,
  });
}
