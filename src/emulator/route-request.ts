import type { CosmosResponse } from "./cosmos-request.ts";
import { refuseUnsupportedHeaders } from "./refuse-unsupported.ts";
import { requireDatabase } from "./request-target.ts";
import type { RouteContext } from "./route-context.ts";
import { readAccount } from "./routes/account-routes.ts";
import { handleBatch, handleBulk } from "./routes/batch-routes.ts";
import { readChangeFeed } from "./routes/change-feed-routes.ts";
import {
  createContainer,
  deleteContainer,
  listContainers,
  queryContainers,
  readContainer,
  replaceContainer,
} from "./routes/container-routes.ts";
import {
  createDatabase,
  deleteDatabase,
  listDatabases,
  queryDatabases,
  readDatabase,
} from "./routes/database-routes.ts";
import { listItems } from "./routes/item-feed-routes.ts";
import { handleItemRequest } from "./routes/item-routes.ts";
import { handleOffers } from "./routes/offer-routes.ts";
import { handleOtherRequest } from "./routes/other-routes.ts";
import { deletePartition } from "./routes/partition-delete-routes.ts";
import { listPartitionKeyRanges } from "./routes/partition-range-routes.ts";
import { planQuery, queryItems } from "./routes/query-routes.ts";
import {
  createScript,
  deleteScript,
  executeScript,
  listScripts,
  queryScripts,
  readScript,
  replaceScript,
  upsertScript,
} from "./routes/script-routes.ts";
import type { RequestKind } from "./security/request-kind.ts";
import { handleUserRequest } from "./security/user-routes.ts";

type Route = (context: RouteContext) => CosmosResponse;

const routes: Readonly<Record<RequestKind, Route>> = {
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

/** Answers a request that has passed authorization. Throws CosmosError. */
export function routeRequest(context: RouteContext): CosmosResponse {
  refuseUnsupportedHeaders(context.request);
  return routes[context.kind](context);
}
