import type { PartitionKey, PropertyPath } from "../partition-keys/stored-partition-key.ts";
import type { PhysicalPartition } from "./physical-partition.ts";
import type { StoredItem } from "./stored-item.ts";
import { uniqueValueText } from "./unique-value.ts";

/** All items of one partition key. */
export interface LogicalPartition {
  readonly key: PartitionKey;
  readonly physical: PhysicalPartition;
  /** By id, in the order of numbers. */
  readonly items: Map<string, StoredItem>;
  /**
   * For each of the container's unique keys, the id of the item that holds a value, by
   * `uniqueValueText`.
   */
  readonly uniqueHolders: readonly Map<string, string>[];
}

/** Notes the values of an item at the container's unique keys as taken. */
export function holdUniqueValues(
  { uniqueHolders }: LogicalPartition,
  uniqueKeys: readonly (readonly PropertyPath[])[],
  item: StoredItem,
): void {
  uniqueKeys.forEach((paths, index) => {
    uniqueHolders[index]?.set(uniqueValueText(item.body, paths), item.id);
  });
}

/** Frees what `holdUniqueValues` took. */
export function releaseUniqueValues(
  { uniqueHolders }: LogicalPartition,
  uniqueKeys: readonly (readonly PropertyPath[])[],
  item: StoredItem,
): void {
  uniqueKeys.forEach((paths, index) => {
    const value = uniqueValueText(item.body, paths);
    // An expired item's value may have been taken over by another
    if (uniqueHolders[index]?.get(value) === item.id) {
      uniqueHolders[index]?.delete(value);
    }
  });
}
