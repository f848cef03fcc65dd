import { rangeBoundary } from "../partition-keys/effective-partition-key.ts";
import type { PartitionKeyDefinition } from "../partition-keys/stored-partition-key.ts";
import { createOrderedIndex, type OrderedIndex } from "./ordered-index.ts";
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
  /** By path, as JSON text; the one that was used last comes last. */
  readonly indexes: Map<string, OrderedIndex>;
}

/**
 * Most physical partitions that a container may have here: every query over a container visits
 * each.
 */
export const MAX_PARTITIONS = 256;

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
    indexes: new Map(),
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

/** Indexes of a partition that are kept at a time: one that was not used for longest makes room. */
const MAX_INDEXES = 8;

/** The partition's index of a property, made when it is first asked for. */
export function orderedIndexOf(
  { indexes, items }: PhysicalPartition,
  path: readonly string[],
): OrderedIndex {
  const key = JSON.stringify(path);
  const index = indexes.get(key) ?? createOrderedIndex(path, items.values());
  indexes.delete(key);
  indexes.set(key, index);
  const [oldest] = indexes.keys();
  if (indexes.size > MAX_INDEXES && oldest !== undefined) {
    indexes.delete(oldest);
  }
  return index;
}

/** Tells the partition's indexes of a write or removal. */
export function noteInIndexes(
  { indexes }: PhysicalPartition,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): void {
  for (const index of indexes.values()) {
    index.note(before, after);
  }
}

/**
 * Puts the change feed back into the order of writes, after items came in the order of their
 * numbers.
 */
export function sortChanges({ changes }: PhysicalPartition): void {
  const sorted = [...changes].sort(([left], [right]) => left - right);
  changes.clear();
  for (const [lsn, item] of sorted) {
    changes.set(lsn, item);
  }
}
