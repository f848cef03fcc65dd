import { CosmosError } from "../cosmos-error.ts";
import { isJsonObject } from "../http/request-body.ts";
import type { Json } from "../json.ts";

/**
 * A property's name as a path holds it: quoted, or plain without blanks, wildcards, brackets and
 * quotes.
 */
const SEGMENT = /\/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s\p{Cc}/*?[\]"'\\]+)/uy;

/**
 * Checks the paths of a new container's partition key: `/a`, `/a/b`, `/a/"post code"`. What is no
 * list of texts is left to `readContainerDefinition`.
 *
 * @throws CosmosError 400 in the service's words for one that it does not accept.
 */
export function requirePartitionKeyPaths(partitionKey: Json | undefined): void {
  const paths = isJsonObject(partitionKey) ? partitionKey.paths : undefined;
  for (const path of Array.isArray(paths) ? (paths as readonly Json[]) : []) {
    const position = typeof path === "string" ? refusedPosition(path) : undefined;
    if (position !== undefined) {
      throw new CosmosError(
        400,
        "BadRequest",
        `The partition key component definition path '${path}' could not be accepted, failed near position '${position}'. Partition key paths must contain only valid characters and not contain a trailing slash or wildcard character.`,
      );
    }
  }
}

/**
 * Where a path stops being one: 0 without a slash at its start, else just behind the first
 * character that is refused. Source: two recorded answers, '10' for `/asdwqr31 @#$#$WRadf` and '0'
 * for `id`; the rest is inferred.
 */
function refusedPosition(path: string): number | undefined {
  if (!path.startsWith("/")) {
    return 0;
  }
  let accepted = 0;
  while (accepted < path.length) {
    SEGMENT.lastIndex = accepted;
    const match = SEGMENT.exec(path);
    if (match === null) {
      // A slash is accepted where a name follows it
      const isLastSlash = path[accepted] === "/" && accepted + 1 === path.length;
      return path[accepted] === "/" && !isLastSlash ? accepted + 2 : accepted + 1;
    }
    accepted = SEGMENT.lastIndex;
  }
  return undefined;
}
