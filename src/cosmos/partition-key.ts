/**
 * One level of a partition key, as JSON. `1` and `"1"` are different values, and so are `""` and
 * `null`.
 */
export type PartitionKeyValue = string | number | boolean | null;

/**
 * A partition key, one value a level: one for most containers, up to three for a hierarchical key.
 */
export type PartitionKey = readonly PartitionKeyValue[];

/** Equal as Cosmos DB compares them: same levels, same JSON type, same value. */
export function isSamePartitionKey(left: PartitionKey, right: PartitionKey): boolean {
  return left.length === right.length && isPartitionKeyPrefix(left, right);
}

/** True if `key` lies in the (possibly hierarchical) partition that `prefix` names. */
export function isPartitionKeyPrefix(prefix: PartitionKey, key: PartitionKey): boolean {
  return prefix.length <= key.length && prefix.every((value, level) => value === key[level]);
}
