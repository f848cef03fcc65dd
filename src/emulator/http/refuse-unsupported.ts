import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "./cosmos-request.ts";

/**
 * Request headers that ask for something this emulator leaves out. To ignore them would give a
 * wrong answer silently.
 */
const UNSUPPORTED_HEADERS: readonly (readonly [header: string, feature: string])[] = [
  ["x-ms-documentdb-pre-trigger-include", "Running pre-triggers"],
  ["x-ms-documentdb-post-trigger-include", "Running post-triggers"],
];

/** Weaker or equal to the account's Session, which a request may ask for. */
const ALLOWED_CONSISTENCY_LEVELS: ReadonlySet<string> = new Set([
  "session",
  "consistentprefix",
  "eventual",
]);

/** Feeds of the service that this emulator does not have, by the last feed's name in a path. */
const UNSUPPORTED_FEEDS: ReadonlySet<string> = new Set([
  "attachments",
  "clientencryptionkeys",
  "media",
  "partitionedsystemdocuments",
  "schemas",
  "snapshots",
]);

/**
 * Refuses headers that can't be honoured.
 *
 * @throws CosmosError 501 for a header that asks for a feature which is not there, 400 for a
 *   consistency level above the account's.
 */
export function refuseUnsupportedHeaders({ headers }: CosmosRequest): void {
  for (const [header, feature] of UNSUPPORTED_HEADERS) {
    if ((headers[header] ?? "") !== "") {
      throw notImplemented(feature);
    }
  }
  // Default and Include are what happens anyway
  if ((headers["x-ms-indexing-directive"] ?? "").toLowerCase() === "exclude") {
    throw notImplemented("Leaving an item out of the index");
  }
  const level = headers["x-ms-consistency-level"] ?? "";
  if (level !== "" && !ALLOWED_CONSISTENCY_LEVELS.has(level.toLowerCase())) {
    throw new CosmosError(
      400,
      "BadRequest",
      `ConsistencyLevel ${level.slice(0, 50)} specified in the request is invalid when service is configured with consistency level Session. Ensure the request consistency level is not stronger than the service consistency level.`,
    );
  }
}

/**
 * The error for a path or verb that no route answers: 501 if the service has it, 405 if not even
 * that.
 */
export function unknownRequest({ method, segments, rawPath }: CosmosRequest): CosmosError {
  const feed = segments.find((segment, index) => index % 2 === 0 && UNSUPPORTED_FEEDS.has(segment));
  return feed === undefined
    ? new CosmosError(
        405,
        "MethodNotAllowed",
        `The requested verb is not supported: ${method} ${rawPath.slice(0, 200)}`,
      )
    : notImplemented(`The feed '${feed}'`);
}

/** The answer to a feature that is left out, naming it. */
export function notImplemented(feature: string): CosmosError {
  return new CosmosError(501, "NotImplemented", `${feature}: this emulator does not implement it.`);
}
