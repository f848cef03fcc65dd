import type { CosmosResponse } from "../http/cosmos-request.ts";
import { emptyResponse } from "../http/response.ts";
import { itemHeaders } from "../items/item-response.ts";
import { writeCharge } from "../request-charge.ts";
import { beginTransaction } from "../store/partition-transaction.ts";
import { requireContainer, requireFullKey } from "./request-target.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * Deletes all items of the partition key in the header. The service does it in the background and
 * shows its effect at once; here it is done when the answer goes out. Source: "Delete items by
 * partition key value".
 */
export function deletePartition(context: RouteContext): CosmosResponse {
  const container = requireContainer(context);
  const key = requireFullKey(context.request, container);
  const transaction = beginTransaction(container, key, context.store.clock);
  for (const id of [...(container.logicalPartition(key)?.items.keys() ?? [])]) {
    transaction.remove(id);
  }
  const change = transaction.commit();
  if (change !== undefined) {
    context.store.commit(change);
  }
  return emptyResponse(
    200,
    writeCharge(0),
    itemHeaders(container, [container.physicalPartition(key)]),
  );
}
