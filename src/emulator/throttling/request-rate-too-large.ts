import { CosmosError } from "../cosmos-error.ts";

/** What a throttled request is told, in the service's words. */
export const REQUEST_RATE_TOO_LARGE_TEXT =
  "Request rate is large. More Request Units may be needed, so no changes were made. Please retry this request later.";

/**
 * 429 of a request whose budget is spent. Source of the substatus: "429 TooManyRequests",
 * troubleshooting guide.
 */
export function requestRateTooLarge(retryAfterMs: number): CosmosError {
  return new CosmosError(
    429,
    "TooManyRequests",
    `${REQUEST_RATE_TOO_LARGE_TEXT} Learn more: http://aka.ms/cosmosdb-error-429`,
    { substatus: 3200, headers: { "x-ms-retry-after-ms": String(retryAfterMs) } },
  );
}
