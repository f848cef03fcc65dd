import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../http/cosmos-request.ts";
import type { ItemScope } from "../items/item-scan.ts";
import type { ContainerStore } from "../store/container-store.ts";
import type { PhysicalPartition } from "../store/physical-partition.ts";
import { requestedKey } from "./request-target.ts";

/**
 * The parts of the container that a feed or query request asks for: one for a partition key or a
 * range, one a range if it names neither.
 *
 * @throws CosmosError 410/1002 for a range that is not there.
 */
export function requestedScopes(
  request: CosmosRequest,
  container: ContainerStore,
): readonly ItemScope[] {
  const key = requestedKey(request, container);
  if (key !== undefined) {
    return [{ kind: "partitionKey", key }];
  }
  const feedRange = requestedFeedRange(request);
  return requestedRanges(request, container, feedRange).map((physical) => ({
    kind: "range",
    physical,
    ...(feedRange === undefined ||
    (feedRange.min <= physical.minInclusive && physical.maxExclusive <= feedRange.max)
      ? {}
      : { feedRange }),
  }));
}

/** The physical partition or partitions that hold a scope's items. */
export function partitionsOf(
  container: ContainerStore,
  scope: ItemScope,
): readonly PhysicalPartition[] {
  if (scope.kind === "range") {
    return [scope.physical];
  }
  return scope.key.length === container.definition.partitionKey.paths.length
    ? [container.physicalPartition(scope.key)]
    : container.partitions;
}

function requestedRanges(
  request: CosmosRequest,
  container: ContainerStore,
  feedRange: { readonly min: string; readonly max: string } | undefined,
): readonly PhysicalPartition[] {
  const header = request.headers["x-ms-documentdb-partitionkeyrangeid"];
  if (header !== undefined && header !== "") {
    return [requirePhysicalPartition(container, header)];
  }
  return container.partitions.filter(
    ({ minInclusive, maxExclusive }) =>
      feedRange === undefined || (minInclusive < feedRange.max && feedRange.min < maxExclusive),
  );
}

/**
 * The range that a header names, as `0` or `<container rid>,0`.
 *
 * @throws CosmosError 410/1002 if there is none, as after a split.
 */
export function requirePhysicalPartition(
  container: ContainerStore,
  header: string,
): PhysicalPartition {
  const id = header.slice(header.lastIndexOf(",") + 1).trim();
  const physical = container.partitions.find((partition) => partition.id === id);
  if (physical === undefined) {
    throw new CosmosError(410, "Gone", "The requested partition key range is gone.", {
      substatus: 1002,
    });
  }
  return physical;
}

function requestedFeedRange(
  request: CosmosRequest,
): { readonly min: string; readonly max: string } | undefined {
  const min = request.headers["x-ms-start-epk"];
  const max = request.headers["x-ms-end-epk"];
  if (min === undefined && max === undefined) {
    return undefined;
  }
  const range = { min: (min ?? "").toUpperCase(), max: (max ?? "FF").toUpperCase() };
  if (!/^[0-9A-F]*$/.test(range.min) || !/^[0-9A-F]+$/.test(range.max)) {
    throw new CosmosError(400, "BadRequest", "The effective partition key range is invalid.");
  }
  return range;
}
