import type { AccountStore } from "../store/account-store.ts";
import type { ContainerStore } from "../store/container-store.ts";
import type { StoreChange } from "../store/store-change.ts";
import type { StoredItem } from "../store/stored-item.ts";

/** Items in one line of a snapshot. */
const ITEMS_PER_CHANGE = 200;

/**
 * The changes that build the account's present state in an empty one. They hold stored items by
 * reference, which is safe to write later: a stored item never changes. Expired items are left out.
 */
export function captureSnapshot(store: AccountStore): readonly StoreChange[] {
  const changes: StoreChange[] = [];
  for (const database of store.databases.values()) {
    changes.push({ kind: "databaseWritten", database: database.record });
    for (const event of database.users.snapshot()) {
      changes.push({ kind: "usersChanged", databaseRid: database.rid, event });
    }
    for (const container of database.containers.values()) {
      changes.push(...containerChanges(container));
    }
  }
  changes.push({
    kind: "accountCounted",
    databaseCount: store.databaseCount,
    containerCounts: [...store.databases.values()].map(({ rid, containerCount }) => ({
      databaseRid: rid,
      containerCount,
    })),
  });
  return changes;
}

function containerChanges(container: ContainerStore): readonly StoreChange[] {
  const { rid } = container;
  const changes: StoreChange[] = [
    { kind: "containerWritten", databaseRid: container.databaseRid, container: container.record },
  ];
  for (const scripts of container.scripts.values()) {
    for (const script of scripts.values()) {
      changes.push({ kind: "scriptWritten", containerRid: rid, script });
    }
  }
  const items = container.partitions
    .flatMap((partition) => [...partition.items.values()])
    .filter(container.isAlive)
    .sort((left, right) => left.number - right.number);
  for (let start = 0; start < items.length; start += ITEMS_PER_CHANGE) {
    changes.push({
      kind: "itemsChanged",
      containerRid: rid,
      written: items.slice(start, start + ITEMS_PER_CHANGE).map(toRecord),
      removed: [],
    });
  }
  changes.push({
    kind: "counted",
    containerRid: rid,
    lastNumber: container.lastNumber,
    lsns: container.partitions.map(({ lsn }) => lsn),
  });
  return changes;
}

function toRecord({ body, number, lsn, sizeBytes }: StoredItem) {
  return { body, number, lsn, sizeBytes };
}
