import { isAddressableId } from "../cosmos/addressable-id.ts";
import type { PartitionKey } from "../cosmos/partition-key.ts";
import { GatewayError } from "../gateway-error.ts";
import type { WriteCondition } from "./item-operations.ts";

/** Checks of what a caller passes on, before it becomes part of a URL or a header. */

/** @throws GatewayError BAD_USER_INPUT for an id that no URL can name. */
export function requireItemId(id: string): string {
  if (!isAddressableId(id)) {
    throw new GatewayError(
      "BAD_USER_INPUT",
      "An item id is text. It can't be empty, . or .., and can't hold a slash, a backslash or #.",
    );
  }
  return id;
}

/**
 * @throws GatewayError BAD_USER_INPUT for a partition key with another meaning than its values:
 * JSON writes `NaN` as null, and an empty list names no partition at all.
 */
export function requirePartitionKey(partitionKey: PartitionKey): PartitionKey {
  const isSound = (value: unknown) => typeof value !== "number" || Number.isFinite(value);
  if (partitionKey.length === 0 || !partitionKey.every(isSound)) {
    throw new GatewayError("BAD_USER_INPUT", "A partition key has a value for each level.");
  }
  return partitionKey;
}

/**
 * As the SDK wants it. An etag that no header can hold is no item's, so that the condition fails.
 */
export function toAccessCondition({
  ifMatch,
}: WriteCondition = {}):
  | { readonly accessCondition: { type: "IfMatch"; condition: string } }
  | undefined {
  if (ifMatch === undefined) {
    return undefined;
  }
  if (!/^[\x20-\x7e]+$/.test(ifMatch)) {
    throw new GatewayError("PRECONDITION_FAILED", "The item has changed since the given version.");
  }
  return { accessCondition: { type: "IfMatch", condition: ifMatch } };
}
