import { createHash } from "node:crypto";
import type { ResourceScope } from "../cosmos/resource-scope.ts";

/** Marks the permissions that provisioning made and may replace or remove. */
export const PERMISSION_ID_PREFIX = "gateway-";

/**
 * Longest part of a container's name that a permission id shows, so that the id stays below 255.
 */
const MAX_READABLE_LENGTH = 100;

/**
 * Id of the permission on a container, partition or item: `gateway-orders-partition-` and a hash.
 * It shows the container to readers of Cosmos DB's diagnostic log. It shows neither partition key
 * nor item, which may be personal data. The SHA-256 of all three keeps ids apart.
 */
export function permissionIdOf(resource: ResourceScope): string {
  const { container, partitionKey, item } = resource;
  const scope =
    item !== undefined ? "item" : partitionKey !== undefined ? "partition" : "container";
  const readable = container.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, MAX_READABLE_LENGTH);
  // A list in a list, so that no partition key reads like an item, and null is not an absent one.
  const identity = JSON.stringify([
    container,
    partitionKey === undefined ? [] : [partitionKey],
    item === undefined ? [] : [item],
  ]);
  const hash = createHash("sha256").update(identity).digest("hex");
  return `${PERMISSION_ID_PREFIX}${readable}-${scope}-${hash}`;
}
