import type { ResourceScope } from "../cosmos/resource-scope.ts";
import type { SortKey } from "./sql/sort-key.ts";

/**
 * What an operation asks Cosmos DB for, as far as permissions go. The item is that which `read` and
 * `change` address; only a query across the container has no partition key.
 */
export interface ItemRequest extends ResourceScope {
  /**
   * `read` and `change` address one item; `create` (an upsert, too), `batch` and `query` the
   * container. A query only reads, everything but `read` and `query` needs a permission of mode
   * `All`.
   */
  readonly kind: "read" | "change" | "create" | "batch" | "query";
  /** Whether a patch has a condition: for what to say where it is refused. */
  readonly hasCondition?: boolean;
  /** Whether an upsert is sent as a replace, for an item that must exist. */
  readonly isUpsert?: boolean;
  /**
   * Whether a query across the container gives the rows of each physical partition as they come.
   */
  readonly isUnmerged?: boolean;
  /** The physical partition that a query across the container is for, by its id. Absent: all. */
  readonly partitionKeyRangeId?: string;
  /** By what a generated query orders: for what to say where no index serves it. */
  readonly orderBy?: readonly SortKey[];
}
