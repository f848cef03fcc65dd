import type { TokensShape } from "./config-schema.ts";
import type { ValueFault } from "./describe-shape-faults.ts";

/** A resource token is used for at least this long before it is renewed, in seconds. */
const MIN_USE_SECONDS = 60;

/** Renewal starts this long before the end, in seconds, unless that is most of a short lifetime. */
const DEFAULT_REFRESH_AHEAD_SECONDS = 600;

/**
 * `tokens.refreshAheadSeconds`, or its default: 600, or a sixth of the lifetime if that is less.
 */
export function refreshAheadOf({ lifetimeSeconds, refreshAheadSeconds }: TokensShape): number {
  return (
    refreshAheadSeconds ?? Math.min(DEFAULT_REFRESH_AHEAD_SECONDS, Math.floor(lifetimeSeconds / 6))
  );
}

/** A token that is due as soon as it is minted would be minted again for each request. */
export function checkTokenTimes(tokens: TokensShape): readonly ValueFault[] {
  const most = tokens.lifetimeSeconds - MIN_USE_SECONDS;
  return refreshAheadOf(tokens) <= most
    ? []
    : [
        {
          path: ["tokens", "refreshAheadSeconds"],
          expected: `at most ${most}: ${MIN_USE_SECONDS} less than tokens.lifetimeSeconds`,
        },
      ];
}
