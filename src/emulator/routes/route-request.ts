import type { CosmosResponse } from "../http/cosmos-request.ts";
import { refuseUnsupportedHeaders } from "../http/refuse-unsupported.ts";
import type { RequestKind } from "../security/request-kind.ts";
import { handleUserRequest } from "../security/user-routes.ts";
import { readAccount } from "./account-routes.ts";
import { handleBatch, handleBulk } from "./batch-routes.ts";
import { readChangeFeed } from "./change-feed-routes.ts";
import {
  createContainer,
  deleteContainer,
  listContainers,
  queryContainers,
  readContainer,
  replaceContainer,
} from "./container-routes.ts";
import {
  createDatabase,
  deleteDatabase,
  listDatabases,
  queryDatabases,
  readDatabase,
} from "./database-routes.ts";
import { listItems } from "./item-feed-routes.ts";
import { handleItemRequest } from "./item-routes.ts";
import { handleOffers } from "./offer-routes.ts";
import { handleOtherRequest } from "./other-routes.ts";
import { deletePartition } from "./partition-delete-routes.ts";
import { listPartitionKeyRanges } from "./partition-range-routes.ts";
import { planQuery, queryItems } from "./query-routes.ts";
import { requireDatabase } from "./request-target.ts";
import type { RouteContext } from "./route-context.ts";
import {
  createScript,
  deleteScript,
  executeScript,
  listScripts,
  queryScripts,
  readScript,
  replaceScript,
  upsertScript,
} from "./script-routes.ts";

type Route = (context: RouteContext) => CosmosResponse;

const ROUTES: Readonly<Record<RequestKind, Route>> = {
  readAccount,
  createDatabase,
  listDatabases,
  queryDatabases,
  readDatabase,
  deleteDatabase,
  createContainer,
  listContainers,
  queryContainers,
  readContainer,
  replaceContainer,
  deleteContainer,
  listPartitionKeyRanges,
  users: (context) =>
    handleUserRequest(requireDatabase(context).users, context.request, {
      sealer: context.sealer,
      nowMs: context.store.clock.nowMs(),
    }),
  offers: handleOffers,
  createItem: handleItemRequest,
  upsertItem: handleItemRequest,
  readItem: handleItemRequest,
  replaceItem: handleItemRequest,
  patchItem: handleItemRequest,
  deleteItem: handleItemRequest,
  listItems,
  queryItems,
  planQuery,
  readChangeFeed,
  batch: handleBatch,
  bulk: handleBulk,
  deletePartition,
  readScript,
  listScripts,
  queryScripts,
  createScript,
  upsertScript,
  replaceScript,
  deleteScript,
  executeScript,
  unknown: handleOtherRequest,
};

/**
 * Answers a request that has passed authorization.
 *
 * @throws CosmosError for any request that the service would refuse.
 */
export function routeRequest(context: RouteContext): CosmosResponse {
  refuseUnsupportedHeaders(context.request);
  return ROUTES[context.kind](context);
}
