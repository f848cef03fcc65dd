import { PARTITION_KEY_HEADER, PARTITION_KEY_RANGE_HEADER } from "../cosmos/header-names.ts";
import type { ItemRequest } from "./item-request.ts";
import { partitionKeyHeaderOf } from "./scoped-client.ts";

/**
 * The SDK's options that put a request's partition into the headers at once. Or else the SDK would
 * take a write's from the item, so that an item of another partition went there instead of being
 * refused, and would ask for a query's plan without one.
 */
export function inPartition(request: ItemRequest) {
  if (request.partitionKeyRangeId !== undefined) {
    return { initialHeaders: { [PARTITION_KEY_RANGE_HEADER]: request.partitionKeyRangeId } };
  }
  const header = partitionKeyHeaderOf(request);
  return header === undefined || request.partitionKey === undefined
    ? {}
    : {
        partitionKey: [...request.partitionKey],
        initialHeaders: { [PARTITION_KEY_HEADER]: header },
      };
}
