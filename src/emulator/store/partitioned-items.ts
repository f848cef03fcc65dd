import { effectivePartitionKey } from "../partition-keys/effective-partition-key.ts";
import {
  type PartitionKey,
  type PartitionKeyDefinition,
  type PropertyPath,
  partitionKeyText,
} from "../partition-keys/stored-partition-key.ts";
import {
  holdUniqueValues,
  type LogicalPartition,
  releaseUniqueValues,
} from "./logical-partition.ts";
import {
  createPhysicalPartitions,
  noteInIndexes,
  type PhysicalPartition,
  partitionAt,
} from "./physical-partition.ts";
import type { StoredItem } from "./stored-item.ts";

/** The items of a container, by logical and by physical partition. */
export interface PartitionedItems {
  readonly partitions: readonly PhysicalPartition[];
  /** Undefined for a key without items. */
  logicalPartition(key: PartitionKey): LogicalPartition | undefined;
  logicalPartitions(): Iterable<LogicalPartition>;
  /** The range that a full key hashes into. */
  physicalPartition(key: PartitionKey): PhysicalPartition;
  effectiveKey(key: PartitionKey): string;
  itemByNumber(number: number): StoredItem | undefined;
  /** Puts an item in its place. A new one must come after all that have a lower number. */
  write(item: StoredItem): void;
  remove(item: StoredItem): void;
  /** Puts an item at the end of the change feed, so call it in the order of writes. */
  noteChange(item: StoredItem): void;
}

export interface PartitionedItemsOptions {
  /** Physical partitions. */
  readonly count: number;
  readonly partitionKey: PartitionKeyDefinition;
  /** The container's unique keys as they are now, each as the paths of its properties. */
  uniqueKeys(): readonly (readonly PropertyPath[])[];
}

/** No items, in so many physical partitions. */
export function createPartitionedItems({
  count,
  partitionKey,
  uniqueKeys,
}: PartitionedItemsOptions): PartitionedItems {
  const partitions = createPhysicalPartitions(count, partitionKey);
  const logicalPartitions = new Map<string, LogicalPartition>();

  const effectiveKey = (key: PartitionKey): string => effectivePartitionKey(key, partitionKey);

  const physicalPartition = (key: PartitionKey): PhysicalPartition => {
    const [only] = partitions;
    return partitions.length === 1 && only !== undefined
      ? only
      : partitionAt(partitions, effectiveKey(key));
  };

  const itemByNumber = (number: number): StoredItem | undefined => {
    for (const partition of partitions) {
      const item = partition.items.get(number);
      if (item !== undefined) {
        return item;
      }
    }
    return undefined;
  };

  const remove = (item: StoredItem): void => {
    const logical = logicalPartitions.get(item.keyText);
    if (logical === undefined) {
      return;
    }
    logical.physical.items.delete(item.number);
    logical.physical.changes.delete(item.lsn);
    noteInIndexes(logical.physical, item, undefined);
    releaseUniqueValues(logical, uniqueKeys(), item);
    logical.items.delete(item.id);
    if (logical.items.size === 0) {
      logicalPartitions.delete(item.keyText);
    }
  };

  const write = (item: StoredItem): void => {
    let logical = logicalPartitions.get(item.keyText);
    if (logical === undefined) {
      logical = {
        key: item.key,
        physical: physicalPartition(item.key),
        items: new Map(),
        uniqueHolders: uniqueKeys().map(() => new Map()),
      };
      logicalPartitions.set(item.keyText, logical);
    }
    const before = logical.items.get(item.id);
    if (before?.number === item.number) {
      logical.physical.changes.delete(before.lsn);
      noteInIndexes(logical.physical, before, item);
      releaseUniqueValues(logical, uniqueKeys(), before);
    } else {
      if (before !== undefined) {
        remove(before);
        logicalPartitions.set(item.keyText, logical);
      }
      noteInIndexes(logical.physical, undefined, item);
    }
    logical.items.set(item.id, item);
    holdUniqueValues(logical, uniqueKeys(), item);
    logical.physical.items.set(item.number, item);
    logical.physical.lsn = Math.max(logical.physical.lsn, item.lsn);
  };

  const noteChange = (item: StoredItem): void => {
    physicalPartition(item.key).changes.set(item.lsn, item);
  };

  return {
    partitions,
    logicalPartition: (key) => logicalPartitions.get(partitionKeyText(key)),
    logicalPartitions: () => logicalPartitions.values(),
    physicalPartition,
    effectiveKey,
    itemByNumber,
    write,
    remove,
    noteChange,
  };
}
