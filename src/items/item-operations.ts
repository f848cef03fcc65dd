import type { PartitionKey } from "../cosmos/partition-key.ts";
import type { GrantScope } from "../tokens/grant-scope.ts";
import type { SqlQuery } from "./sql/sql-query.ts";

/** An item as Cosmos DB stores it, system properties (`_etag`, `_ts`, `_rid`, `_self`) included. */
export type Item = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly _etag: string;
  readonly _ts: number;
};

/** What a caller may write: JSON with an id. */
export type ItemBody = Readonly<Record<string, unknown>> & { readonly id: string };

export interface WriteCondition {
  /** Write only if the item's `_etag` is this one; otherwise `PRECONDITION_FAILED`. */
  readonly ifMatch?: string;
}

/** Names from an item inwards. In an array, an index as text; `-` stands for its end. */
export type PatchPath = readonly string[];

/**
 * One change to an item. As Cosmos DB has it: only what a path names is changed, everything on the
 * way to it must be there, and neither `id`, a system property nor the partition key can be
 * changed.
 */
export type PatchOperation =
  /**
   * `set` writes over what is there, `replace` too, but fails if nothing is. `add` is as `set`, but
   * puts a value into an array before the one at its index.
   */
  | {
      readonly op: "add" | "set" | "replace";
      readonly path: PatchPath;
      /** JSON, null included. */
      readonly value: unknown;
    }
  /** Fails if nothing is there. */
  | { readonly op: "remove"; readonly path: PatchPath }
  /** Adds to a number; what is missing counts as 0. Fails if something else is there. */
  | { readonly op: "incr"; readonly path: PatchPath; readonly value: number }
  /** Fails if nothing is at `from`. */
  | { readonly op: "move"; readonly from: PatchPath; readonly path: PatchPath };

export interface PatchCondition extends WriteCondition {
  /**
   * Patch only if the item fulfils it; otherwise `PRECONDITION_FAILED`. A filter predicate, such as
   * `FROM c WHERE c["total"] > 10`: Cosmos DB takes no parameters in it, so build it with
   * `filterPredicate` (filter-predicate.ts) and never by putting texts together.
   */
  readonly condition?: string;
}

/** One operation of a transactional batch. */
export type BatchOperation =
  | { readonly kind: "create"; readonly body: ItemBody }
  /** With `ifMatch` the item must exist, as in `ItemOperations.upsert`. */
  | ({ readonly kind: "upsert"; readonly body: ItemBody } & WriteCondition)
  | ({ readonly kind: "replace"; readonly id: string; readonly body: ItemBody } & WriteCondition)
  | ({
      readonly kind: "patch";
      readonly id: string;
      readonly operations: readonly PatchOperation[];
    } & PatchCondition)
  | ({ readonly kind: "delete"; readonly id: string } & WriteCondition)
  | { readonly kind: "read"; readonly id: string };

/**
 * Item operations in the name of one Cosmos user: every request carries a resource token of that
 * user and of no one else. Where no grant fits, the operation throws `FORBIDDEN` and sends nothing.
 *
 * Errors are `GatewayError`s: `FORBIDDEN`, `NOT_FOUND`, `CONFLICT`, `PRECONDITION_FAILED`,
 * `THROTTLED`, `ITEM_TOO_LARGE`, `BAD_USER_INPUT`, `CONTAINER_MISSING`, `UPSTREAM_UNAVAILABLE`,
 * `TIMEOUT`.
 */
export interface ItemOperations {
  readonly cosmosUserId: string;
  /** What the caller's grants allow, without their resource tokens. */
  readonly grants: readonly GrantScope[];
  /** Those on a container: for choosing partitions. */
  grantsOn(container: string): readonly GrantScope[];
  /** The item, or undefined if the partition holds none of that id. One request. */
  read(container: string, id: string, partitionKey: PartitionKey): Promise<Item | undefined>;
  /**
   * Rows of a query: in one partition, or, with `partitionKey` undefined, across the container.
   * Fetches pages until `limit` rows are there or there are no more; one request a page.
   *
   * `isUnmerged` is for aggregates across the container: each physical partition answers for
   * itself, in one row or several, and the caller puts them together.
   */
  query<Row = Item>(
    container: string,
    query: SqlQuery,
    partitionKey: PartitionKey | undefined,
    options: { readonly limit: number; readonly isUnmerged?: boolean },
  ): Promise<readonly Row[]>;
  /**
   * Calls `read` once for each physical partition of a container, at the same time, and gives what
   * comes of each: for queries whose rows the caller puts together. `query` reads that physical
   * partition alone, rows up to a limit; one request a page, and no query plan.
   *
   * If a physical partition is split meanwhile, all of it begins anew: `read` must do nothing else.
   */
  inPhysicalPartitions<Result>(
    container: string,
    read: (query: QueryRows) => Promise<Result>,
  ): Promise<readonly Result[]>;
  /**
   * Up to `limit` rows of a query in one partition, from where an earlier page of the same query in
   * the same partition ended. Sends requests until `limit` rows are there or there are no more.
   */
  queryPage<Row = Item>(
    container: string,
    query: SqlQuery,
    partitionKey: PartitionKey,
    options: { readonly limit: number; readonly continuation?: string | undefined },
  ): Promise<RowPage<Row>>;
  create(container: string, body: ItemBody, partitionKey: PartitionKey): Promise<Item>;
  /**
   * Creates the item, or replaces the one with its id. With `ifMatch` the item must exist: Cosmos
   * DB would create it all the same, so such an upsert is sent as a replace.
   */
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
  /**
   * Changes parts of an item, all or nothing, and gives the item as stored. One request, however
   * many operations: Cosmos DB takes ten in a patch, so more go as several patches of the same item
   * in one transactional batch. `ifMatch` and `condition` are about the item before all of them.
   * At most 1000 operations; none at all, or more, is `BAD_USER_INPUT`. Where Cosmos DB says which
   * operation does not fit the item, the `BAD_USER_INPUT` has its place in `operationIndex`.
   *
   * More than ten can't be done with a permission on a single item, which Cosmos DB does not let
   * send a batch: `FORBIDDEN`.
   */
  patch(
    container: string,
    id: string,
    operations: readonly PatchOperation[],
    partitionKey: PartitionKey,
    condition?: PatchCondition,
  ): Promise<Item>;
  /**
   * A transactional batch: all operations, in their order, or none. Gives for each the item as
   * stored (or read), and null for a delete. One request; no operations are none.
   *
   * If an operation fails, the error is that operation's, with its place in `operationIndex`; a
   * missing item is `NOT_FOUND`, for a read too. At most 100 operations, where each ten changes of
   * a patch count as one, and 2 MB in all; more is `BAD_USER_INPUT`.
   */
  batch(
    container: string,
    operations: readonly BatchOperation[],
    partitionKey: PartitionKey,
  ): Promise<readonly (Item | null)[]>;
  /** What the operations so far have cost. */
  readonly cost: OperationCost;
}

/** Reads rows of a query where something has been decided already. */
export type QueryRows = <Row = Item>(
  query: SqlQuery,
  options: { readonly limit: number },
) => Promise<readonly Row[]>;

export interface RowPage<Row> {
  readonly rows: readonly Row[];
  /**
   * Cosmos DB's continuation token for the page behind this one. Absent: there are no more rows.
   */
  readonly continuation?: string;
}

export interface OperationCost {
  /** Request units. */
  readonly requestCharge: number;
  /** Requests sent to Cosmos DB. */
  readonly requests: number;
}
