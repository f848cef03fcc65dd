import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import { readJsonObject } from "../http/request-body.ts";
import { emptyResponse, jsonResponse } from "../http/response.ts";
import type { JsonObject } from "../json.ts";
import { METADATA_READ_CHARGE, METADATA_WRITE_CHARGE } from "../request-charge.ts";
import { createEtag } from "../resources/etag.ts";
import { databaseResourceId } from "../resources/resource-id.ts";
import { requireResourceName } from "../resources/resource-identifier.ts";
import type { AccountStore } from "../store/account-store.ts";
import type { DatabaseStore } from "../store/database-store.ts";
import type { DatabaseRecord, ProvisionedThroughput } from "../store/store-change.ts";
import { requestedThroughput } from "../throttling/requested-throughput.ts";
import { requireDatabase } from "./request-target.ts";
import { listResources, queryResources, type ResourceFeed } from "./resource-feed.ts";
import type { RouteContext } from "./route-context.ts";

export function createDatabase(context: RouteContext): CosmosResponse {
  const { store, request } = context;
  const { record } = addDatabase(store, readJsonObject(request).id, requestedThroughput(request));
  return jsonResponse(201, METADATA_WRITE_CHARGE, databaseBody(record), { etag: record.etag });
}

/**
 * Creates a database.
 *
 * @throws CosmosError 400 for an invalid id, 409 if it is taken.
 */
export function addDatabase(
  store: AccountStore,
  requestedId: unknown,
  options: ProvisionedThroughput = {},
): DatabaseStore {
  const id = requireResourceName(requestedId);
  if (store.databases.has(id)) {
    throw new CosmosError(
      409,
      "Conflict",
      "Resource with specified id, name, or unique index already exists.",
    );
  }
  const count = store.databaseCount + 1;
  const timestampSeconds = store.clock.nowSeconds();
  store.commit({
    kind: "databaseWritten",
    database: {
      ...options,
      id,
      count,
      rid: databaseResourceId(count),
      etag: createEtag(timestampSeconds),
      timestampSeconds,
    },
  });
  const database = store.databases.get(id);
  if (database === undefined) {
    throw new Error(`The database ${id} was not stored`);
  }
  return database;
}

export function readDatabase(context: RouteContext): CosmosResponse {
  const { record } = requireDatabase(context);
  return jsonResponse(200, METADATA_READ_CHARGE, databaseBody(record), { etag: record.etag });
}

export function deleteDatabase(context: RouteContext): CosmosResponse {
  const { rid } = requireDatabase(context);
  context.store.commit({ kind: "databaseDeleted", databaseRid: rid });
  return emptyResponse(204, METADATA_WRITE_CHARGE);
}

export function listDatabases(context: RouteContext): CosmosResponse {
  return listResources(context, databaseFeed(context));
}

export function queryDatabases(context: RouteContext): CosmosResponse {
  return queryResources(context, databaseFeed(context));
}

function databaseFeed({ store }: RouteContext): ResourceFeed {
  return {
    ownerRid: "",
    listName: "Databases",
    resources: [...store.databases.values()].map(({ record }) => databaseBody(record)),
  };
}

function databaseBody(record: DatabaseRecord): JsonObject {
  return {
    id: record.id,
    _rid: record.rid,
    _self: `dbs/${record.rid}/`,
    _etag: record.etag,
    _colls: "colls/",
    _users: "users/",
    _ts: record.timestampSeconds,
  };
}
