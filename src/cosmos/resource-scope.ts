import type { PartitionKey } from "./partition-key.ts";

/** What of a database a permission, or a request for items, is about. */
export interface ResourceScope {
  readonly container: string;
  /** Absent: no partition in particular. Fewer values than levels: a part of a hierarchical key. */
  readonly partitionKey?: PartitionKey;
  /** The id of the one item. Absent: no item in particular. */
  readonly item?: string;
}
