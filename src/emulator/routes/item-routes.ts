import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import { readJsonBody, readJsonObject } from "../http/request-body.ts";
import { type ItemOperation, performItemOperation } from "../items/item-operation.ts";
import { itemHeaders, itemResponse } from "../items/item-response.ts";
import { requireSession } from "../items/session-token.ts";
import { type PartitionKey, partitionKeyText } from "../partition-keys/stored-partition-key.ts";
import { beginTransaction } from "../store/partition-transaction.ts";
import { requireContainer, requireFullKey } from "./request-target.ts";
import type { RouteContext } from "./route-context.ts";

/** Answers a request for one item: create, upsert, read, replace, patch or delete. */
export function handleItemRequest(context: RouteContext): CosmosResponse {
  const { request, store } = context;
  const container = requireContainer(context);
  const key = requireFullKey(request, container);
  const physical = container.physicalPartition(key);
  const isRead = context.kind === "readItem";
  try {
    if (isRead) {
      requireSession(request, [physical]);
    }
    const transaction = beginTransaction(container, key, store.clock);
    const outcome = performItemOperation(
      { container, key, transaction },
      operationOf(context, idWithin(context, key)),
    );
    const change = transaction.commit();
    if (change !== undefined) {
      store.commit(change);
    }
    const minimal =
      !isRead && (request.headers.prefer ?? "").toLowerCase().includes("return=minimal");
    return itemResponse(container, physical, outcome, minimal);
  } catch (error) {
    throw withItemHeaders(error, itemHeaders(container, [physical]));
  }
}

/**
 * The id that the path names in the partition. A rid names one item of the container. If
 * that lies in another partition, the answer is that for an unknown rid: any other would tell what
 * the other partition holds.
 */
function idWithin({ segments, itemPartitionKey }: RouteContext, key: PartitionKey): string {
  const isElsewhere =
    itemPartitionKey !== undefined && partitionKeyText(itemPartitionKey) !== partitionKeyText(key);
  // No item has the empty id
  return isElsewhere ? "" : (segments[5] ?? "");
}

function operationOf({ request, kind }: RouteContext, id: string): ItemOperation {
  const conditions = {
    ifMatch: request.headers["if-match"],
    ifNoneMatch: request.headers["if-none-match"],
  };
  switch (kind) {
    case "createItem":
      return { ...conditions, type: "Create", content: readJsonObject(request) };
    case "upsertItem":
      return { ...conditions, type: "Upsert", content: readJsonObject(request) };
    case "replaceItem":
      return { ...conditions, type: "Replace", id, content: readJsonObject(request) };
    case "patchItem":
      return { ...conditions, type: "Patch", id, patch: readJsonBody(request) };
    case "deleteItem":
      return { ...conditions, type: "Delete", id };
    default:
      return { ...conditions, type: "Read", id };
  }
}

/**
 * The same error, with the headers that an answer about items always has: clients keep its session
 * token.
 */
function withItemHeaders(error: unknown, headers: Readonly<Record<string, string>>): unknown {
  return error instanceof CosmosError
    ? new CosmosError(error.status, error.code, error.message, {
        substatus: error.substatus,
        headers: { ...headers, ...error.headers },
        ...(error.additionalErrorInfo === undefined
          ? {}
          : { additionalErrorInfo: error.additionalErrorInfo }),
      })
    : error;
}
