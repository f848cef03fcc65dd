import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.ts";
import { CLOCK_TOLERANCE_SECONDS, type VerifiedToken } from "./verify-bearer-token.ts";

/** How many verified tokens are remembered. */
const MAX_CACHED_TOKENS = 10_000;
/**
 * How long a verification is believed, in milliseconds. A token is then held against the issuer's
 * keys again: one that was signed with a key which the issuer has withdrawn ends with the key.
 */
export const BELIEVE_MS = 10 * 60_000;
/**
 * How many characters of bearer tokens these may have been made from: it bounds the claims in
 * memory.
 */
const MAX_CACHED_CHARACTERS = 32 * 1024 * 1024;

/**
 * Remembers what verified tokens proved, so that a busy caller's signature is not checked for each
 * request, and joins concurrent verifications of one token into one.
 *
 * An entry is used from the token's `nbf` (with the clock tolerance that verification has) to its
 * `exp` (without), and for ten minutes at most. Tokens that were refused are not remembered.
 */
export function createVerifiedTokenCache(
  verify: (bearerToken: string) => Promise<VerifiedToken>,
  clock: Clock,
): (bearerToken: string) => Promise<VerifiedToken> {
  const verified = new LRUCache<string, VerifiedToken>({
    max: MAX_CACHED_TOKENS,
    maxSize: MAX_CACHED_CHARACTERS,
    ttl: BELIEVE_MS,
    ttlResolution: 0,
    perf: { now: () => clock.nowMs() },
  });
  const underWay = new Map<string, Promise<VerifiedToken>>();

  async function verifyAndRemember(key: string, bearerToken: string): Promise<VerifiedToken> {
    try {
      const token = await verify(bearerToken);
      if (isCurrent(token, clock.nowMs())) {
        verified.set(key, token, { size: bearerToken.length });
      }
      return token;
    } finally {
      underWay.delete(key);
    }
  }

  return (bearerToken) => {
    const key = cacheKey(bearerToken);
    const known = verified.get(key);
    if (known !== undefined) {
      if (isCurrent(known, clock.nowMs())) {
        return Promise.resolve(known);
      }
      verified.delete(key);
    }
    const joined = underWay.get(key) ?? verifyAndRemember(key, bearerToken);
    underWay.set(key, joined);
    return joined;
  };
}

/** The whole token's hash: neither a part of it nor its claims say what another token proved. */
function cacheKey(bearerToken: string): string {
  return createHash("sha256").update(bearerToken).digest("base64");
}

function isCurrent({ notBeforeMs, expiresAtMs }: VerifiedToken, nowMs: number): boolean {
  return nowMs < expiresAtMs && notBeforeMs <= nowMs + CLOCK_TOLERANCE_SECONDS * 1000;
}
