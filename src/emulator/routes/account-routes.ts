import type { CosmosResponse } from "../http/cosmos-request.ts";
import { jsonResponse } from "../http/response.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * The account document. It advertises the scheme and host that this client used: the SDKs send
 * every further request there.
 */
export function readAccount(context: RouteContext): CosmosResponse {
  const location = { name: "Emulator", databaseAccountEndpoint: context.clientEndpoint };
  return jsonResponse(200, 1, {
    _self: "",
    id: "emulator",
    _rid: "emulator",
    media: "//media/",
    addresses: "//addresses/",
    _dbs: "//dbs/",
    writableLocations: [location],
    readableLocations: [location],
    enableMultipleWriteLocations: false,
    continuousBackupEnabled: false,
    enableNRegionSynchronousCommit: false,
    enablePerPartitionFailoverBehavior: false,
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 1, maxReplicasetSize: 4 },
    userConsistencyPolicy: { defaultConsistencyLevel: "Session" },
    systemReplicationPolicy: { minReplicaSetSize: 1, maxReplicasetSize: 4 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    queryEngineConfiguration: JSON.stringify(QUERY_ENGINE_CONFIGURATION),
  });
}

/** What the query engine can do, as clients with a query parser of their own read it. */
const QUERY_ENGINE_CONFIGURATION = {
  maxSqlQueryInputLength: 524288,
  maxJoinsPerSqlQuery: 10,
  maxLogicalAndPerSqlQuery: 2000,
  maxLogicalOrPerSqlQuery: 2000,
  maxUdfRefPerSqlQuery: 10,
  maxInExpressionItemsCount: 16000,
  queryMaxInMemorySortDocumentCount: 500,
  maxQueryRequestTimeoutFraction: 0.9,
  sqlAllowNonFiniteNumbers: false,
  sqlAllowAggregateFunctions: true,
  sqlAllowSubQuery: true,
  sqlAllowScalarSubQuery: true,
  allowNewKeywords: true,
  sqlAllowLike: true,
  sqlAllowGroupByClause: true,
  maxSpatialQueryCells: 12,
  spatialMaxGeometryPointCount: 256,
  sqlDisableQueryILOptimization: false,
  sqlDisableFilterPlanOptimization: false,
  sqlAllowTop: true,
  enableSpatialIndexing: true,
};
