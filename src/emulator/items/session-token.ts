import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../http/cosmos-request.ts";
import type { PhysicalPartition } from "../store/physical-partition.ts";

/** How far each range has come, in the service's vector form: `0:-1#12,1:-1#7`. */
export function sessionTokenOf(partitions: readonly PhysicalPartition[]): string {
  return partitions.map(({ id, lsn }) => `${id}:-1#${lsn}`).join(",");
}

/**
 * @throws CosmosError 404/1002 if the client has seen a later state of one of these ranges than is
 *   here, so that no read goes back in time.
 * @throws CosmosError 400 for a text that is no session token.
 */
export function requireSession(
  request: CosmosRequest,
  partitions: readonly PhysicalPartition[],
): void {
  const header = request.headers["x-ms-session-token"];
  if (header === undefined || header === "") {
    return;
  }
  for (const part of header.split(",")) {
    const match = /^(\d{1,9}):(?:-?\d{1,15}#)?(\d{1,15})(?:#\d{1,9}=-?\d{1,15})*$/.exec(
      part.trim(),
    );
    if (match === null) {
      throw new CosmosError(
        400,
        "BadRequest",
        `The session token provided '${header.slice(0, 200)}' is invalid.`,
      );
    }
    const [, rangeId, seenLsn] = match;
    const partition = partitions.find(({ id }) => id === rangeId);
    if (partition !== undefined && Number(seenLsn) > partition.lsn) {
      throw new CosmosError(
        404,
        "NotFound",
        "The read session is not available for the input session token.",
        { substatus: 1002 },
      );
    }
  }
}
