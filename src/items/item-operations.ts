import type { PartitionKey } from "../partition-key.ts";
import type { Grant } from "../tokens/grant.ts";

/** An item as Cosmos DB stores it, system properties (`_etag`, `_ts`, `_rid`, `_self`) included. */
export type Item = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly _etag: string;
  readonly _ts: number;
};

/** What a caller may write: JSON with an id. */
export type ItemBody = Readonly<Record<string, unknown>> & { readonly id: string };

/** SQL with its values apart. Values never become SQL text. */
export interface SqlQuery {
  readonly query: string;
  readonly parameters: readonly { readonly name: `@${string}`; readonly value: unknown }[];
}

export interface WriteCondition {
  /** Write only if the item's `_etag` is this one; otherwise `PRECONDITION_FAILED`. */
  readonly ifMatch?: string;
}

/**
 * Item operations in the name of one Cosmos user: every request carries a resource token of that
 * user and of no one else. Where no grant fits, the operation throws `FORBIDDEN` and sends nothing.
 *
 * Errors are `GatewayError`s: `FORBIDDEN`, `NOT_FOUND`, `CONFLICT`, `PRECONDITION_FAILED`,
 * `THROTTLED`, `ITEM_TOO_LARGE`, `BAD_USER_INPUT`, `UPSTREAM_UNAVAILABLE`, `TIMEOUT`.
 */
export interface ItemOperations {
  readonly cosmosUserId: string;
  /** The grants on a container, tokens included: for choosing partitions, and for `viewer`. */
  grantsOn(container: string): readonly Grant[];
  /** The item, or undefined if the partition holds none of that id. One request. */
  read(container: string, id: string, partitionKey: PartitionKey): Promise<Item | undefined>;
  /**
   * Rows of a query: in one partition, or, with `partitionKey` undefined, across the container.
   * Fetches pages until `limit` rows are there or there are no more; one request a page.
   */
  query<Row = Item>(
    container: string,
    query: SqlQuery,
    partitionKey: PartitionKey | undefined,
    options: { readonly limit: number },
  ): Promise<readonly Row[]>;
  create(container: string, body: ItemBody, partitionKey: PartitionKey): Promise<Item>;
  upsert(
    container: string,
    body: ItemBody,
    partitionKey: PartitionKey,
    condition?: WriteCondition,
  ): Promise<Item>;
  replace(
    container: string,
    id: string,
    body: ItemBody,
    partitionKey: PartitionKey,
    condition?: WriteCondition,
  ): Promise<Item>;
  delete(
    container: string,
    id: string,
    partitionKey: PartitionKey,
    condition?: WriteCondition,
  ): Promise<void>;
  /** What the operations so far have cost. */
  readonly cost: OperationCost;
}

export interface OperationCost {
  /** Request units. */
  readonly requestCharge: number;
  /** Requests sent to Cosmos DB. */
  readonly requests: number;
}
