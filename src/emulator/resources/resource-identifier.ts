import { CosmosError } from "../cosmos-error.ts";

/**
 * Checks the `id` of a database, container or script, and returns it.
 *
 * @throws CosmosError 400 for one that is missing, empty, longer than 255 characters, ends with a
 *   space or holds `/ \ ? #`.
 */
export function requireResourceName(id: unknown): string {
  if (id === undefined) {
    throw missingId();
  }
  const isName = typeof id === "string" && /^[^/\\?#]{1,255}$/u.test(id) && !id.endsWith(" ");
  // Half a surrogate pair can't be written into a URL or a header
  if (!isName || !id.isWellFormed()) {
    throw invalidId();
  }
  return id;
}

/**
 * Checks an item's `id`. Items may hold `?`, which the SDKs send unescaped in the path, and a space
 * at the end; the limit is 1023 bytes.
 */
export function requireItemId(id: unknown): string {
  if (id === undefined) {
    throw missingId();
  }
  if (typeof id !== "string" || id === "" || /[/\\#]/.test(id) || Buffer.byteLength(id) > 1023) {
    throw invalidId();
  }
  return id;
}

function missingId(): CosmosError {
  return new CosmosError(
    400,
    "BadRequest",
    "The input content is invalid because the required properties - 'id; ' - are missing",
  );
}

function invalidId(): CosmosError {
  return new CosmosError(
    400,
    "BadRequest",
    "The input name is invalid. Ensure to provide a unique non-empty string less than '255' characters, without '/', '\\', '?' and '#'.",
  );
}
