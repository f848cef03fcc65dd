import type { EmulatorClock } from "../emulator-clock.ts";
import type { JsonObject } from "../json.ts";
import { effectivePartitionKey } from "../partition-keys/effective-partition-key.ts";
import {
  type PartitionKey,
  partitionKeyOf,
  partitionKeyText,
} from "../partition-keys/stored-partition-key.ts";
import { requireBytes } from "../resources/resource-id.ts";
import { type ContainerDefinition, readContainerDefinition } from "./container-definition.ts";
import {
  createPhysicalPartitions,
  noteInIndexes,
  type PhysicalPartition,
  partitionAt,
} from "./physical-partition.ts";
import type { ContainerRecord, RemovedItem, ScriptRecord, ScriptType } from "./store-change.ts";
import type { ItemRecord, StoredItem } from "./stored-item.ts";
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

/**
 * One container's state. It changes only through the `apply…` functions, which can't fail half-way.
 */
export interface ContainerStore {
  readonly databaseRid: string;
  readonly databaseId: string;
  readonly rid: string;
  readonly ridBytes: Uint8Array;
  readonly record: ContainerRecord;
  readonly definition: ContainerDefinition;
  readonly partitions: readonly PhysicalPartition[];
  readonly scripts: ReadonlyMap<ScriptType, ReadonlyMap<string, ScriptRecord>>;
  /** The highest number given to an item or script so far. */
  readonly lastNumber: number;
  readonly itemCount: number;
  /** Undefined for a key without items. */
  logicalPartition(key: PartitionKey): LogicalPartition | undefined;
  logicalPartitions(): Iterable<LogicalPartition>;
  /** The range that a full key hashes into. */
  physicalPartition(key: PartitionKey): PhysicalPartition;
  effectiveKey(key: PartitionKey): string;
  /** False from the moment an item's time to live has passed. */
  isAlive(item: StoredItem): boolean;
  itemByNumber(number: number): StoredItem | undefined;
  applyRecord(record: ContainerRecord): void;
  /** One change's items, in any order. */
  applyItems(written: readonly ItemRecord[], removed: readonly RemovedItem[]): void;
  applyCounts(lastNumber: number, lsns: readonly number[]): void;
  applyScript(script: ScriptRecord): void;
  applyScriptDeletion(type: ScriptType, id: string): void;
}

export function createContainerStore(
  database: { readonly id: string; readonly rid: string },
  initial: ContainerRecord,
  clock: EmulatorClock,
): ContainerStore {
  let record = initial;
  let definition = readContainerDefinition(initial.properties);
  let lastNumber = 0;
  const partitions = createPhysicalPartitions(initial.partitions, definition.partitionKey);
  const logicalPartitions = new Map<string, LogicalPartition>();
  const scripts = new Map<ScriptType, Map<string, ScriptRecord>>([
    ["sprocs", new Map()],
    ["triggers", new Map()],
    ["udfs", new Map()],
  ]);

  const effectiveKey = (key: PartitionKey): string =>
    effectivePartitionKey(key, definition.partitionKey);

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
    releaseUniqueValues(logical, definition, item);
    logical.items.delete(item.id);
    if (logical.items.size === 0) {
      logicalPartitions.delete(item.keyText);
    }
  };

  /** Puts an item in its place. A new one must come after all that have a lower number. */
  const write = (item: StoredItem): void => {
    let logical = logicalPartitions.get(item.keyText);
    if (logical === undefined) {
      logical = {
        key: item.key,
        physical: physicalPartition(item.key),
        items: new Map(),
        uniqueHolders: definition.uniqueKeys.map(() => new Map()),
      };
      logicalPartitions.set(item.keyText, logical);
    }
    const before = logical.items.get(item.id);
    if (before?.number === item.number) {
      logical.physical.changes.delete(before.lsn);
      noteInIndexes(logical.physical, before, item);
      releaseUniqueValues(logical, definition, before);
    } else {
      if (before !== undefined) {
        remove(before);
        logicalPartitions.set(item.keyText, logical);
      }
      noteInIndexes(logical.physical, undefined, item);
    }
    logical.items.set(item.id, item);
    holdUniqueValues(logical, definition, item);
    logical.physical.items.set(item.number, item);
    logical.physical.lsn = Math.max(logical.physical.lsn, item.lsn);
    lastNumber = Math.max(lastNumber, item.number);
  };

  /**
   * Puts an item at the end of the change feed: it must come after all that were written before it.
   */
  const noteChange = (item: StoredItem): void => {
    physicalPartition(item.key).changes.set(item.lsn, item);
  };

  return {
    databaseRid: database.rid,
    databaseId: database.id,
    rid: initial.rid,
    ridBytes: requireBytes(initial.rid),
    get record() {
      return record;
    },
    get definition() {
      return definition;
    },
    partitions,
    scripts,
    get lastNumber() {
      return lastNumber;
    },
    get itemCount() {
      return partitions.reduce((count, partition) => count + partition.items.size, 0);
    },
    logicalPartition: (key) => logicalPartitions.get(partitionKeyText(key)),
    logicalPartitions: () => logicalPartitions.values(),
    physicalPartition,
    effectiveKey,
    isAlive: (item) => {
      const { defaultTtl } = definition;
      if (defaultTtl === undefined) {
        return true;
      }
      const ttl = item.ttlSeconds ?? defaultTtl;
      return ttl === -1 || clock.nowSeconds() < item.timestampSeconds + ttl;
    },
    itemByNumber,
    applyRecord: (next) => {
      record = next;
      definition = readContainerDefinition(next.properties);
    },
    applyItems: (written, removed) => {
      for (const { number, lsn } of removed) {
        const item = itemByNumber(number);
        if (item !== undefined) {
          const physical = physicalPartition(item.key);
          physical.lsn = Math.max(physical.lsn, lsn);
          remove(item);
        }
      }
      const items = written.map((item) => toStoredItem(item, definition));
      // Feeds are read in the order of creation and the change feed in that of last writes: in a
      // batch they differ
      items.sort((left, right) => left.number - right.number).forEach(write);
      items.sort((left, right) => left.lsn - right.lsn).forEach(noteChange);
    },
    applyCounts: (number, lsns) => {
      lastNumber = Math.max(lastNumber, number);
      partitions.forEach((partition, index) => {
        partition.lsn = Math.max(partition.lsn, lsns[index] ?? 0);
        sortChanges(partition);
      });
    },
    applyScript: (script) => {
      scripts.get(script.type)?.set(String(script.body.id), script);
      lastNumber = Math.max(lastNumber, script.number);
    },
    applyScriptDeletion: (type, id) => {
      scripts.get(type)?.delete(id);
    },
  };
}

/**
 * Puts the change feed back into the order of writes, after items came in the order of their
 * numbers.
 */
function sortChanges({ changes }: PhysicalPartition): void {
  const sorted = [...changes].sort(([left], [right]) => left - right);
  changes.clear();
  for (const [lsn, item] of sorted) {
    changes.set(lsn, item);
  }
}

function holdUniqueValues(
  { uniqueHolders }: LogicalPartition,
  { uniqueKeys }: ContainerDefinition,
  item: StoredItem,
): void {
  uniqueKeys.forEach((paths, index) => {
    uniqueHolders[index]?.set(uniqueValueText(item.body, paths), item.id);
  });
}

function releaseUniqueValues(
  { uniqueHolders }: LogicalPartition,
  { uniqueKeys }: ContainerDefinition,
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

function toStoredItem(record: ItemRecord, definition: ContainerDefinition): StoredItem {
  const { body } = record;
  const key = partitionKeyOf(body, definition.partitionKeyPaths);
  return {
    ...record,
    id: String(body.id),
    rid: String(body._rid),
    etag: String(body._etag),
    timestampSeconds: Number(body._ts),
    ttlSeconds: readTtl(body),
    key,
    keyText: partitionKeyText(key),
  };
}

function readTtl(body: JsonObject): number | undefined {
  const ttl = body.ttl;
  return typeof ttl === "number" ? ttl : undefined;
}
