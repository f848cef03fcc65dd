import { rangeBoundary } from "./effective-partition-key.ts";
import type { PartitionKeyDefinition } from "./partition-key.ts";
import type { StoredItem } from "./stored-item.ts";

/** A partition-key range: a share of the ring with the items that hash into it. */
export interface PhysicalPartition {
  /** "0", "1", … */
  readonly id: string;
  readonly minInclusive: string;
  readonly maxExclusive: string;
  /** The log sequence number of its last write. */
  lsn: number;
  /** By number, in the order of numbers: an item keeps its place when it is replaced. */
  readonly items: Map<number, StoredItem>;
  /** The same items by `lsn`, in the order of their last writes: the change feed. */
  readonly changes: Map<number, StoredItem>;
}

/** `count` equal shares of the ring, all empty. */
export function createPhysicalPartitions(
  count: number,
  definition: PartitionKeyDefinition,
): readonly PhysicalPartition[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index),
    minInclusive: rangeBoundary(index, count, definition),
    maxExclusive: rangeBoundary(index + 1, count, definition),
    lsn: 0,
    items: new Map(),
    changes: new Map(),
  }));
}

/** The range that an effective partition key lies in: ranges cover the whole ring. */
export function partitionAt(
  partitions: readonly PhysicalPartition[],
  effectiveKey: string,
): PhysicalPartition {
  const found = partitions.findLast((partition) => partition.minInclusive <= effectiveKey);
  if (found === undefined) {
    throw new Error(`No range holds the effective partition key ${effectiveKey}`);
  }
  return found;
}
