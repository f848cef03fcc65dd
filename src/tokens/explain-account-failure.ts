import { type CosmosFailure, describeCosmosFailure } from "../cosmos/read-cosmos-failure.ts";
import { GatewayError } from "../gateway-error.ts";

/** The settings that an account request depends on, for naming the right one in the log. */
interface AccountSettings {
  readonly endpoint: string;
  readonly database: string;
  readonly keys: readonly unknown[];
}

/** When a request that failed for want of an answer makes sense again, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * Turns what an account request met into a `GatewayError`, with the setting to look at in
 * `logReason`: `cosmos.endpoint`, `cosmos.keys` or `cosmos.database`. The client's message says
 * nothing of it, and no text holds a key.
 */
export function explainAccountFailure(
  failure: CosmosFailure,
  settings: AccountSettings,
): GatewayError {
  const what = describeCosmosFailure(failure);
  if (failure.kind !== "answer") {
    return unavailable(`cosmos.endpoint ${settings.endpoint}: ${what}`);
  }
  switch (failure.status) {
    case 401:
      return unavailable(`cosmos.keys: none of ${settings.keys.length} is accepted. ${what}`);
    case 403:
      // A firewall rule, local authorization switched off, a read-only key, or a clock that is
      // wrong.
      return unavailable(`cosmos.keys, or the account's access rules: ${what}`);
    case 404:
      return unavailable(`cosmos.database: there is no database "${settings.database}". ${what}`);
    case 429:
      return new GatewayError("THROTTLED", "The data store is busy. Try again later.", {
        retryAfterMs: failure.retryAfterMs ?? RETRY_AFTER_MS,
        logReason: `account metadata: ${what}`,
      });
    default:
      return unavailable(`cosmos.endpoint ${settings.endpoint}: ${what}`);
  }
}

function unavailable(logReason: string): GatewayError {
  // No cause: an error of the SDK may hold the headers of its request.
  return new GatewayError("UPSTREAM_UNAVAILABLE", "The data store can't be used at the moment.", {
    logReason,
    retryAfterMs: RETRY_AFTER_MS,
  });
}
