import type { Container } from "@azure/cosmos";
import type { PartitionKey } from "../cosmos/partition-key.ts";
import { requireItemId, requirePartitionKey } from "./item-arguments.ts";
import type { ItemRequest } from "./item-request.ts";

/** A request for one item. */
export interface PointRequest extends ItemRequest {
  readonly item: string;
  readonly partitionKey: PartitionKey;
}

/** @throws GatewayError BAD_USER_INPUT for an id or a partition key that can't be sent. */
export function pointRequest(
  kind: "read" | "change",
  container: string,
  id: string,
  partitionKey: PartitionKey,
): PointRequest {
  return {
    kind,
    container,
    item: requireItemId(id),
    partitionKey: requirePartitionKey(partitionKey),
  };
}

/** The SDK's handle of the item. */
export function pointAt(container: Container, { item, partitionKey }: PointRequest) {
  return container.item(item, [...partitionKey]);
}
