import type { EmulatorClock } from "../emulator-clock.ts";
import { applyContainerChange } from "./apply-container-change.ts";
import { type ContainerStore, createContainerStore } from "./container-store.ts";
import { createDatabaseStore, type DatabaseStore } from "./database-store.ts";
import type { DatabaseRecord, StoreChange } from "./store-change.ts";

/** Everything that the account holds. Every change goes through `commit`, which is atomic. */
export interface AccountStore {
  /** By id. */
  readonly databases: ReadonlyMap<string, DatabaseStore>;
  /** The highest number that a database has had. */
  readonly databaseCount: number;
  readonly clock: EmulatorClock;
  /** Hands a checked change to `onChange`, and applies it if that does not throw. */
  commit(change: StoreChange): void;
  /** Applies a change of an earlier run. */
  replay(change: StoreChange): void;
  containerByRid(rid: string): ContainerStore | undefined;
  databaseByRid(rid: string): DatabaseStore | undefined;
}

/**
 * An empty account. `onChange` is told of each change in order, before it takes effect. If it
 * throws, nothing changes. Only a change of users or permissions is told right after it.
 */
export function createAccountStore(
  clock: EmulatorClock,
  onChange: (change: StoreChange) => void,
): AccountStore {
  const databases = new Map<string, DatabaseStore>();
  const databasesByRid = new Map<string, DatabaseStore>();
  const containersByRid = new Map<string, ContainerStore>();
  let databaseCount = 0;

  const writeDatabase = (record: DatabaseRecord): void => {
    const database = createDatabaseStore(record, onChange);
    databases.set(record.id, database);
    databasesByRid.set(record.rid, database);
    databaseCount = Math.max(databaseCount, record.count);
  };

  const deleteDatabase = (rid: string): void => {
    const database = databasesByRid.get(rid);
    if (database !== undefined) {
      databases.delete(database.id);
      databasesByRid.delete(rid);
      for (const container of database.containers.values()) {
        containersByRid.delete(container.rid);
      }
    }
  };

  const writeContainer = (change: StoreChange & { kind: "containerWritten" }): void => {
    const { container: record, databaseRid } = change;
    const existing = containersByRid.get(record.rid);
    if (existing !== undefined) {
      existing.applyRecord(record);
      return;
    }
    const database = databasesByRid.get(databaseRid);
    if (database !== undefined) {
      const container = createContainerStore(database, record, clock);
      database.containers.set(container.definition.id, container);
      database.containerCount = Math.max(database.containerCount, record.count);
      containersByRid.set(record.rid, container);
    }
  };

  const deleteContainer = (rid: string): void => {
    const container = containersByRid.get(rid);
    if (container !== undefined) {
      containersByRid.delete(rid);
      databasesByRid.get(container.databaseRid)?.containers.delete(container.definition.id);
    }
  };

  const applyCounts = (change: StoreChange & { readonly kind: "accountCounted" }): void => {
    databaseCount = Math.max(databaseCount, change.databaseCount);
    for (const { databaseRid, containerCount } of change.containerCounts) {
      const database = databasesByRid.get(databaseRid);
      if (database !== undefined) {
        database.containerCount = Math.max(database.containerCount, containerCount);
      }
    }
  };

  const replay = (change: StoreChange): void => {
    switch (change.kind) {
      case "databaseWritten":
        writeDatabase(change.database);
        break;
      case "databaseDeleted":
        deleteDatabase(change.databaseRid);
        break;
      case "containerWritten":
        writeContainer(change);
        break;
      case "containerDeleted":
        deleteContainer(change.containerRid);
        break;
      case "usersChanged":
        databasesByRid.get(change.databaseRid)?.users.apply(change.event);
        break;
      case "accountCounted":
        applyCounts(change);
        break;
      default: {
        const container = containersByRid.get(change.containerRid);
        if (container !== undefined) {
          applyContainerChange(container, change);
        }
      }
    }
  };

  return {
    databases,
    get databaseCount() {
      return databaseCount;
    },
    clock,
    commit: (change) => {
      onChange(change);
      replay(change);
    },
    replay,
    containerByRid: (rid) => containersByRid.get(rid),
    databaseByRid: (rid) => databasesByRid.get(rid),
  };
}
