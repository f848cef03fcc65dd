import type { EmulatorClock } from "../emulator-clock.ts";
import type { PartitionKey } from "../partition-keys/stored-partition-key.ts";
import { requireBytes } from "../resources/resource-id.ts";
import { type ContainerDefinition, readContainerDefinition } from "./container-definition.ts";
import type { LogicalPartition } from "./logical-partition.ts";
import { createPartitionedItems } from "./partitioned-items.ts";
import { type PhysicalPartition, sortChanges } from "./physical-partition.ts";
import type { ContainerRecord, RemovedItem, ScriptRecord, ScriptType } from "./store-change.ts";
import { type ItemRecord, type StoredItem, toStoredItem } from "./stored-item.ts";

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
  const items = createPartitionedItems({
    count: initial.partitions,
    partitionKey: definition.partitionKey,
    uniqueKeys: () => definition.uniqueKeys,
  });
  const scripts = new Map<ScriptType, Map<string, ScriptRecord>>([
    ["sprocs", new Map()],
    ["triggers", new Map()],
    ["udfs", new Map()],
  ]);

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
    partitions: items.partitions,
    scripts,
    get lastNumber() {
      return lastNumber;
    },
    get itemCount() {
      return items.partitions.reduce((count, partition) => count + partition.items.size, 0);
    },
    logicalPartition: items.logicalPartition,
    logicalPartitions: items.logicalPartitions,
    physicalPartition: items.physicalPartition,
    effectiveKey: items.effectiveKey,
    isAlive: (item) => {
      const { defaultTtl } = definition;
      if (defaultTtl === undefined) {
        return true;
      }
      const ttl = item.ttlSeconds ?? defaultTtl;
      return ttl === -1 || clock.nowSeconds() < item.timestampSeconds + ttl;
    },
    itemByNumber: items.itemByNumber,
    applyRecord: (next) => {
      record = next;
      definition = readContainerDefinition(next.properties);
    },
    applyItems: (written, removed) => {
      for (const { number, lsn } of removed) {
        const item = items.itemByNumber(number);
        if (item !== undefined) {
          const physical = items.physicalPartition(item.key);
          physical.lsn = Math.max(physical.lsn, lsn);
          items.remove(item);
        }
      }
      const stored = written.map((item) => toStoredItem(item, definition));
      // Feeds are in the order of creation, the change feed in that of last writes. In a batch
      // these orders differ.
      stored.sort((left, right) => left.number - right.number).forEach(items.write);
      lastNumber = Math.max(lastNumber, stored.at(-1)?.number ?? 0);
      stored.sort((left, right) => left.lsn - right.lsn).forEach(items.noteChange);
    },
    applyCounts: (number, lsns) => {
      lastNumber = Math.max(lastNumber, number);
      items.partitions.forEach((partition, index) => {
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
