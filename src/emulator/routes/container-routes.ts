import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import { isJsonObject, readJsonObject } from "../http/request-body.ts";
import { emptyResponse, jsonResponse } from "../http/response.ts";
import { sessionTokenOf } from "../items/session-token.ts";
import type { Json, JsonObject } from "../json.ts";
import { requirePartitionKeyPaths } from "../partition-keys/partition-key-path.ts";
import { METADATA_READ_CHARGE, METADATA_WRITE_CHARGE } from "../request-charge.ts";
import { createEtag } from "../resources/etag.ts";
import { containerResourceId } from "../resources/resource-id.ts";
import type { AccountStore } from "../store/account-store.ts";
import { readContainerDefinition } from "../store/container-definition.ts";
import type { ContainerStore } from "../store/container-store.ts";
import type { DatabaseStore } from "../store/database-store.ts";
import type { ContainerRecord, ProvisionedThroughput } from "../store/store-change.ts";
import { requireVectorPolicy } from "../store/vector-policy.ts";
import { partitionsFor, requestedThroughput } from "../throttling/requested-throughput.ts";
import { requireDatabase } from "./request-target.ts";
import { listResources, queryResources, type ResourceFeed } from "./resource-feed.ts";
import type { RouteContext } from "./route-context.ts";

export function createContainer(context: RouteContext): CosmosResponse {
  const database = requireDatabase(context);
  const requested = requestedThroughput(context.request);
  const container = addContainer(context.store, database, readJsonObject(context.request), {
    partitions: partitionsFor(context.partitionsPerContainer, requested),
    ...requested,
  });
  return containerResponse(201, METADATA_WRITE_CHARGE, database, container);
}

/**
 * Creates a container by its definition.
 *
 * @throws CosmosError 400 for one that the service refuses, 409 if the id is taken.
 */
export function addContainer(
  store: AccountStore,
  database: DatabaseStore,
  body: JsonObject,
  options: { readonly partitions: number } & ProvisionedThroughput,
): ContainerStore {
  // Here and not where definitions are read: a folder may hold a container that was made before
  // this was checked
  requirePartitionKeyPaths(body.partitionKey);
  const definition = readContainerDefinition(body);
  if (database.containers.has(definition.id)) {
    throw new CosmosError(
      409,
      "Conflict",
      "Resource with specified id, name, or unique index already exists.",
    );
  }
  requireVectorPolicy(body);
  const count = database.containerCount + 1;
  const timestampSeconds = store.clock.nowSeconds();
  const record: ContainerRecord = {
    ...options,
    count,
    rid: containerResourceId(database.rid, count),
    etag: createEtag(timestampSeconds),
    timestampSeconds,
    properties: definition.properties,
  };
  store.commit({ kind: "containerWritten", databaseRid: database.rid, container: record });
  const container = database.containers.get(definition.id);
  if (container === undefined) {
    throw new Error(`The container ${definition.id} was not stored`);
  }
  return container;
}

export function readContainer(context: RouteContext): CosmosResponse {
  const container = requireContainerItself(context);
  return containerResponse(200, METADATA_READ_CHARGE, requireDatabase(context), container);
}

/**
 * Replaces a container's definition and keeps its items.
 *
 * @throws CosmosError 400 if the id, partition key or unique keys change.
 */
export function replaceContainer(context: RouteContext): CosmosResponse {
  const container = requireContainerItself(context);
  const { record } = container;
  const given = readJsonObject(context.request);
  const definition = readContainerDefinition({
    ...given,
    partitionKey: withOwnKind(given.partitionKey, record),
    uniqueKeyPolicy: given.uniqueKeyPolicy ?? record.properties.uniqueKeyPolicy ?? null,
  });
  for (const name of ["id", "partitionKey", "uniqueKeyPolicy"]) {
    if (!isSame(definition.properties[name], record.properties[name])) {
      throw new CosmosError(400, "BadRequest", `Replacing a container can't change its ${name}.`);
    }
  }
  requireVectorPolicy(given);
  const timestampSeconds = context.store.clock.nowSeconds();
  context.store.commit({
    kind: "containerWritten",
    databaseRid: container.databaseRid,
    container: {
      ...record,
      etag: createEtag(timestampSeconds),
      timestampSeconds,
      properties: definition.properties,
    },
  });
  return containerResponse(200, METADATA_WRITE_CHARGE * 2, requireDatabase(context), container);
}

export function deleteContainer(context: RouteContext): CosmosResponse {
  const { rid } = requireContainerItself(context);
  context.store.commit({ kind: "containerDeleted", containerRid: rid });
  return emptyResponse(204, METADATA_WRITE_CHARGE, ownerHeaders(requireDatabase(context)));
}

export function listContainers(context: RouteContext): CosmosResponse {
  return listResources(context, containerFeed(context));
}

export function queryContainers(context: RouteContext): CosmosResponse {
  return queryResources(context, containerFeed(context));
}

/**
 * A container that is the request's own target: its absence is a plain 404, without the owner's
 * substatus.
 */
function requireContainerItself(context: RouteContext): ContainerStore {
  const container = requireDatabase(context).containers.get(context.segments[3] ?? "");
  if (container === undefined) {
    throw new CosmosError(404, "NotFound", "Resource Not Found");
  }
  return container;
}

function containerFeed(context: RouteContext): ResourceFeed {
  const database = requireDatabase(context);
  return {
    ownerRid: database.rid,
    listName: "DocumentCollections",
    resources: [...database.containers.values()].map(containerBody),
  };
}

function containerResponse(
  status: number,
  requestUnits: number,
  database: DatabaseStore,
  container: ContainerStore,
): CosmosResponse {
  return jsonResponse(status, requestUnits, containerBody(container), {
    etag: container.record.etag,
    "x-ms-session-token": sessionTokenOf(container.partitions),
    "x-ms-documentdb-collection-index-transformation-progress": "100",
    "x-ms-resource-quota": "collectionSize=52428800;documentsSize=52428800;documentsCount=-1;",
    "x-ms-resource-usage": `documentsCount=${container.itemCount};`,
    ...ownerHeaders(database),
  });
}

function ownerHeaders(database: DatabaseStore): Readonly<Record<string, string>> {
  return {
    "x-ms-alt-content-path": encodeURI(`dbs/${database.id}`),
    "x-ms-content-path": database.rid,
  };
}

function containerBody({ record, databaseRid }: ContainerStore): JsonObject {
  return {
    ...record.properties,
    _rid: record.rid,
    _ts: record.timestampSeconds,
    _self: `dbs/${databaseRid}/colls/${record.rid}/`,
    _etag: record.etag,
    _docs: "docs/",
    _sprocs: "sprocs/",
    _triggers: "triggers/",
    _udfs: "udfs/",
    _conflicts: "conflicts/",
  };
}

/** A replace may leave the kind and version of the partition key out: they can't change anyway. */
function withOwnKind(given: Json | undefined, record: ContainerRecord): Json {
  const own = record.properties.partitionKey;
  return isJsonObject(given) && isJsonObject(own) ? { ...own, ...given } : (given ?? own ?? null);
}

function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
