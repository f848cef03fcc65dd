import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../http/cosmos-request.ts";
import { badRequest } from "../service-errors.ts";

/** The name of the header that asks for a lifetime. */
const EXPIRY_HEADER = "x-ms-documentdb-expiry-seconds";

/**
 * https://learn.microsoft.com/azure/cosmos-db/concepts-limits; the REST reference's 18000 is out of
 * date.
 */
const MIN_LIFETIME_SECONDS = 600;
const MAX_LIFETIME_SECONDS = 86_400;
const DEFAULT_LIFETIME_SECONDS = 3600;

/**
 * How long the tokens that a request mints shall live, in seconds: 600 to 86400, default 3600.
 * Holds for that request's tokens only.
 *
 * @throws CosmosError 400
 */
export function tokenLifetimeSeconds(request: CosmosRequest): number {
  const header = request.headers[EXPIRY_HEADER];
  if (header === undefined) {
    return DEFAULT_LIFETIME_SECONDS;
  }
  const seconds = /^\s*\d{1,9}\s*$/.test(header) ? Number(header) : Number.NaN;
  if (seconds < MIN_LIFETIME_SECONDS) {
    throw badRequest("One of the specified inputs is invalid");
  }
  if (!(seconds <= MAX_LIFETIME_SECONDS)) {
    throw new CosmosError(
      400,
      "BadRequest",
      `Value '${header.slice(0, 64)}' specified for the header '${EXPIRY_HEADER}' is invalid.`,
    );
  }
  return seconds;
}
