import { createUserDirectory, type UserDirectory } from "../users/user-directory.ts";
import type { ContainerStore } from "./container-store.ts";
import type { DatabaseRecord, StoreChange } from "./store-change.ts";

/** One database's state. */
export interface DatabaseStore {
  readonly record: DatabaseRecord;
  readonly id: string;
  readonly rid: string;
  /** By id. */
  readonly containers: Map<string, ContainerStore>;
  readonly users: UserDirectory;
  /** The highest number that a container of this database has had. */
  containerCount: number;
}

/** A database without containers or users. `onChange` is told of each change of its users. */
export function createDatabaseStore(
  record: DatabaseRecord,
  onChange: (change: StoreChange) => void,
): DatabaseStore {
  const { id, rid } = record;
  const users = createUserDirectory({
    databaseId: id,
    databaseRid: rid,
    onChange: (event) => onChange({ kind: "usersChanged", databaseRid: rid, event }),
  });
  return { record, id, rid, containers: new Map(), containerCount: 0, users };
}
