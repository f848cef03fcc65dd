import { CosmosError } from "../cosmos-error.ts";
import type { EmulatorClock } from "../emulator-clock.ts";
import type { JsonObject } from "../json.ts";
import type { PartitionKey, PropertyPath } from "../partition-keys/stored-partition-key.ts";
import { createEtag } from "../resources/etag.ts";
import { itemResourceId } from "../resources/resource-id.ts";
import type { ContainerStore } from "./container-store.ts";
import type { RemovedItem, StoreChange } from "./store-change.ts";
import type { ItemRecord } from "./stored-item.ts";
import { uniqueValueText } from "./unique-value.ts";

/** An item as a transaction sees it. */
export type TransactionItem = Pick<ItemRecord, "body" | "number" | "sizeBytes" | "lsn"> & {
  readonly etag: string;
};

/**
 * Reads and writes in one logical partition that take effect together at `commit`, or not at all.
 */
export interface PartitionTransaction {
  /** The item with this id, this transaction's own writes included; expired items are not there. */
  read(id: string): TransactionItem | undefined;
  /**
   * Writes an item. `content` holds the user's properties only, its id and partition key already
   * checked.
   *
   * @throws CosmosError 409 if it breaks a unique key.
   */
  write(id: string, content: JsonObject): TransactionItem;
  remove(id: string): void;
  /** The change to apply and log; undefined if nothing was written. */
  commit(): StoreChange | undefined;
}

interface Entry {
  /** Undefined: removed by this transaction. */
  readonly item: (TransactionItem & ItemRecord) | undefined;
}

export function beginTransaction(
  container: ContainerStore,
  key: PartitionKey,
  clock: EmulatorClock,
): PartitionTransaction {
  const logical = container.logicalPartition(key);
  const physical = container.physicalPartition(key);
  const entries = new Map<string, Entry>();
  const removedNumbers = new Map<number, RemovedItem>();
  let lastLsn = physical.lsn;
  let lastNumber = container.lastNumber;

  const stored = (id: string): TransactionItem | undefined => {
    const item = logical?.items.get(id);
    return item !== undefined && container.isAlive(item) ? item : undefined;
  };

  const read = (id: string): TransactionItem | undefined => {
    const entry = entries.get(id);
    return entry === undefined ? stored(id) : entry.item;
  };

  /** True if another item of the partition, as this transaction would leave it, has the value. */
  const isTaken = (keyIndex: number, paths: readonly PropertyPath[], value: string, id: string) => {
    for (const [otherId, { item }] of entries) {
      if (otherId !== id && item !== undefined && uniqueValueText(item.body, paths) === value) {
        return true;
      }
    }
    const holder = logical?.uniqueHolders[keyIndex]?.get(value);
    return (
      holder !== undefined && holder !== id && !entries.has(holder) && stored(holder) !== undefined
    );
  };

  const checkUniqueKeys = (id: string, content: JsonObject): void => {
    container.definition.uniqueKeys.forEach((paths, keyIndex) => {
      if (isTaken(keyIndex, paths, uniqueValueText(content, paths), id)) {
        throw new CosmosError(409, "Conflict", "Unique index constraint violation.");
      }
    });
  };

  return {
    read,
    write: (id, content) => {
      checkUniqueKeys(id, content);
      const before = read(id);
      lastLsn += 1;
      const number = before?.number ?? ++lastNumber;
      const rid = itemResourceId(container.ridBytes, number);
      const timestampSeconds = clock.nowSeconds();
      const etag = createEtag(timestampSeconds);
      const body: JsonObject = {
        ...content,
        _rid: rid,
        _self: `dbs/${container.databaseRid}/colls/${container.rid}/docs/${rid}/`,
        _etag: etag,
        _attachments: "attachments/",
        _ts: timestampSeconds,
      };
      const item = {
        body,
        number,
        lsn: lastLsn,
        sizeBytes: Buffer.byteLength(JSON.stringify(body)),
        etag,
      };
      entries.set(id, { item });
      return item;
    },
    remove: (id) => {
      const before = logical?.items.get(id);
      lastLsn += 1;
      if (before !== undefined) {
        removedNumbers.set(before.number, { number: before.number, lsn: lastLsn });
      }
      entries.set(id, { item: undefined });
    },
    commit: () => {
      if (entries.size === 0) {
        return undefined;
      }
      const written = [...entries.values()].flatMap(({ item }) =>
        item === undefined
          ? []
          : [{ body: item.body, number: item.number, lsn: item.lsn, sizeBytes: item.sizeBytes }],
      );
      return {
        kind: "itemsChanged",
        containerRid: container.rid,
        written,
        removed: [...removedNumbers.values()],
      };
    },
  };
}
