import type { JsonObject } from "../json.ts";
import type { UserDirectoryEvent } from "../users/user-directory.ts";
import type { ItemRecord } from "./stored-item.ts";

/** A script's feed under a container. */
export type ScriptType = "sprocs" | "triggers" | "udfs";

/** Throughput that a database or container was created with: one of the two, or neither. */
export interface ProvisionedThroughput {
  /** Request units per second, fixed. */
  readonly throughput?: number;
  readonly autoscaleSettings?: AutoscaleSettings;
}

/** Throughput that follows the load. */
export interface AutoscaleSettings {
  /** Request units per second, at most. */
  readonly maxThroughput: number;
  /** How the service raises the maximum by itself: kept as it was sent. */
  readonly autoUpgradePolicy?: JsonObject;
}

export interface DatabaseRecord extends ProvisionedThroughput {
  readonly id: string;
  readonly rid: string;
  /** Its number within the account: never given twice. */
  readonly count: number;
  readonly etag: string;
  readonly timestampSeconds: number;
}

export interface ContainerRecord extends ProvisionedThroughput {
  readonly rid: string;
  /** Its number within the database. */
  readonly count: number;
  readonly etag: string;
  readonly timestampSeconds: number;
  /** The definition's `properties`. */
  readonly properties: JsonObject;
  /** Physical partitions. */
  readonly partitions: number;
}

/** A stored procedure, trigger or user-defined function, as answered. */
export interface ScriptRecord {
  readonly type: ScriptType;
  readonly number: number;
  readonly body: JsonObject;
}

/**
 * One atomic change of the account's data, as plain JSON: what the log keeps and a restart repeats.
 */
export type StoreChange =
  | { readonly kind: "databaseWritten"; readonly database: DatabaseRecord }
  | { readonly kind: "databaseDeleted"; readonly databaseRid: string }
  | {
      readonly kind: "containerWritten";
      readonly databaseRid: string;
      readonly container: ContainerRecord;
    }
  | { readonly kind: "containerDeleted"; readonly containerRid: string }
  | {
      readonly kind: "itemsChanged";
      readonly containerRid: string;
      readonly written: readonly ItemRecord[];
      readonly removed: readonly RemovedItem[];
    }
  | {
      /** Ends a snapshot: numbers that are not to be given again. */
      readonly kind: "accountCounted";
      readonly databaseCount: number;
      readonly containerCounts: readonly {
        readonly databaseRid: string;
        readonly containerCount: number;
      }[];
    }
  | {
      /** Ends a container's part of a snapshot, whose items come in the order of their numbers. */
      readonly kind: "counted";
      readonly containerRid: string;
      readonly lastNumber: number;
      /** By range, in range order. */
      readonly lsns: readonly number[];
    }
  | { readonly kind: "scriptWritten"; readonly containerRid: string; readonly script: ScriptRecord }
  | {
      readonly kind: "scriptDeleted";
      readonly containerRid: string;
      readonly type: ScriptType;
      readonly id: string;
    }
  | {
      readonly kind: "usersChanged";
      readonly databaseRid: string;
      readonly event: UserDirectoryEvent;
    };

export interface RemovedItem {
  readonly number: number;
  readonly lsn: number;
}

/** A change inside a container. */
export type ContainerChange = Exclude<
  StoreChange,
  {
    readonly kind:
      | "databaseWritten"
      | "databaseDeleted"
      | "containerWritten"
      | "containerDeleted"
      | "usersChanged"
      | "accountCounted";
  }
>;
