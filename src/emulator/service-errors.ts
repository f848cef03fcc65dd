import { CosmosError } from "./cosmos-error.ts";

/**
 * Refusals in the service's words. Those that its storage nodes give come as a JSON list inside the
 * text, with slashes escaped; those of its gateway come as plain text.
 */
function storageMessage(...errors: readonly string[]): string {
  return `Message: ${JSON.stringify({ Errors: errors }).replaceAll("/", "\\/")}`;
}

/** 400, one or more reasons. */
export function badRequest(...errors: readonly string[]): CosmosError {
  return new CosmosError(400, "BadRequest", storageMessage(...errors));
}

/** 404 */
export function notFound(): CosmosError {
  return new CosmosError(
    404,
    "NotFound",
    storageMessage("Resource Not Found. Learn more: https://aka.ms/cosmosdb-tsg-not-found"),
  );
}

/** 405 */
export function methodNotAllowed(): CosmosError {
  return new CosmosError(
    405,
    "MethodNotAllowed",
    "The requested verb is not supported on this resource.",
  );
}

/** 409: https://github.com/Azure/azure-cosmos-dotnet-v3/issues/1604 */
export function conflict(): CosmosError {
  return new CosmosError(
    409,
    "Conflict",
    storageMessage("Resource with specified id, name or unique index already exists"),
  );
}

/** 412 */
export function preconditionFailed(): CosmosError {
  return new CosmosError(
    412,
    "PreconditionFailed",
    storageMessage("One of the specified pre-condition is not met"),
  );
}

/** 401 */
export function unauthorized(message: string): CosmosError {
  return new CosmosError(401, "Unauthorized", message);
}

/** 403 of a resource token that does not cover the request. */
export function insufficientPermissions(): CosmosError {
  return new CosmosError(
    403,
    "Forbidden",
    "Insufficient permissions provided in the authorization header for the corresponding request. Please retry with another authorization header.",
  );
}

/** 403 of an authorization header that is used before its start or after its end. */
export function notValidNow(startMs: number, expiryMs: number, nowMs: number): CosmosError {
  const [start, expiry, now] = [startMs, expiryMs, nowMs].map((ms) => new Date(ms).toUTCString());
  return new CosmosError(
    403,
    "Forbidden",
    `The authorization token is not valid at the current time. Please create another token and retry (token start time: ${start}, token expiry time: ${expiry}, current server time: ${now}).`,
  );
}
