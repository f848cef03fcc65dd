import type { JsonObject } from "../json.ts";
import {
  type PartitionKey,
  partitionKeyOf,
  partitionKeyText,
} from "../partition-keys/stored-partition-key.ts";
import type { ContainerDefinition } from "./container-definition.ts";

/** An item as stored: never changed, only replaced by another. */
export interface StoredItem {
  readonly id: string;
  /**
   * Its place in `_rid` order; the same number is in its `_rid`. Kept when the item is replaced.
   */
  readonly number: number;
  /** The log sequence number of its last write, within its physical partition. */
  readonly lsn: number;
  readonly key: PartitionKey;
  /** `partitionKeyText` of `key`. */
  readonly keyText: string;
  /** What a read answers, system properties included. */
  readonly body: JsonObject;
  /** The body's length as UTF-8 JSON: what charges and the size limit count. */
  readonly sizeBytes: number;
  /** `_ts` */
  readonly timestampSeconds: number;
  /** The item's own `ttl`, where it has one: -1 is never. */
  readonly ttlSeconds: number | undefined;
  readonly etag: string;
  readonly rid: string;
}

/** What of an item can't be derived from the rest: enough to store it again after a restart. */
export interface ItemRecord {
  readonly body: JsonObject;
  readonly number: number;
  readonly lsn: number;
  readonly sizeBytes: number;
}

/** The stored form of an item of a container with this definition. */
export function toStoredItem(record: ItemRecord, definition: ContainerDefinition): StoredItem {
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
