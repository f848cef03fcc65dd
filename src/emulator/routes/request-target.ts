import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../http/cosmos-request.ts";
import { partitionKeyOf as headerPartitionKey } from "../http/partition-key-header.ts";
import {
  fromHeaderKey,
  type PartitionKey,
  requirePartitionKeyLength,
} from "../partition-keys/stored-partition-key.ts";
import type { ContainerStore } from "../store/container-store.ts";
import type { DatabaseStore } from "../store/database-store.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * The database that the request's path names.
 *
 * @throws CosmosError 404, with the owner's substatus where the path leads further.
 */
export function requireDatabase(context: RouteContext): DatabaseStore {
  const database = context.store.databases.get(context.segments[1] ?? "");
  if (database === undefined) {
    throw context.segments.length > 2 ? ownerNotFound() : notFound();
  }
  return database;
}

/**
 * The container that the request's path names.
 *
 * @throws CosmosError 404.
 */
export function requireContainer(context: RouteContext): ContainerStore {
  const container = requireDatabase(context).containers.get(context.segments[3] ?? "");
  if (container === undefined) {
    throw ownerNotFound();
  }
  return container;
}

function ownerNotFound(): CosmosError {
  return notFound("Owner resource does not exist", 1003);
}

export function notFound(message = "Resource Not Found", substatus = 0): CosmosError {
  return new CosmosError(404, "NotFound", message, { substatus });
}

/**
 * The partition key of the request's header, undefined without one.
 *
 * @throws CosmosError 400 for too many levels or bytes.
 */
export function requestedKey(
  request: CosmosRequest,
  container: ContainerStore,
): PartitionKey | undefined {
  const levels = headerPartitionKey(request);
  if (levels === undefined) {
    return undefined;
  }
  if (levels.length > container.definition.partitionKey.paths.length) {
    throw keyMismatch();
  }
  const key = fromHeaderKey(levels);
  requirePartitionKeyLength(key);
  return key;
}

/**
 * The full partition key that an operation on items needs.
 *
 * @throws CosmosError 400 if it is missing or a prefix only.
 */
export function requireFullKey(request: CosmosRequest, container: ContainerStore): PartitionKey {
  const key = requestedKey(request, container);
  if (key === undefined) {
    throw new CosmosError(
      400,
      "BadRequest",
      "PartitionKey value must be supplied for this operation.",
    );
  }
  if (key.length < container.definition.partitionKey.paths.length) {
    throw keyMismatch();
  }
  return key;
}

function keyMismatch(): CosmosError {
  return new CosmosError(
    400,
    "BadRequest",
    "Partition key provided either doesn't correspond to definition in the collection or doesn't match partition key field values specified in the document.",
    { substatus: 1001 },
  );
}
