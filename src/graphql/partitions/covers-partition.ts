import { isPartitionKeyPrefix, type PartitionKey } from "../../cosmos/partition-key.ts";
import type { GrantScope } from "../../tokens/grant-scope.ts";

/**
 * Whether one of the grants is on the partition as a whole: a permission on a single item can send
 * neither a query nor a transaction there.
 */
export function coversPartition(
  grants: readonly GrantScope[],
  partitionKey: PartitionKey,
): boolean {
  return grants.some(
    (grant) =>
      grant.item === undefined &&
      (grant.partitionKey === undefined || isPartitionKeyPrefix(grant.partitionKey, partitionKey)),
  );
}
