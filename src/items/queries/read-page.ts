import type { PartitionKey, PartitionKeyValue } from "../../cosmos/partition-key.ts";
import type { ItemOperations, QueryRows } from "../item-operations.ts";
import { compareValues } from "../sql/compare-values.ts";
import { all, type Condition } from "../sql/condition.ts";
import {
  ascending,
  behindId,
  behindValues,
  type PagePosition,
  type RowsOfSameId,
  type Sort,
  sameValues,
} from "../sql/page-position.ts";
import type { PartitionChoice } from "../sql/partition-choice.ts";
import type { PropertyPath } from "../sql/property-path.ts";
import { selectQuery } from "../sql/select-query.ts";
import type { SortKey } from "../sql/sort-key.ts";
import { valueAt } from "../sql/value-at.ts";

export interface PageRequest {
  readonly container: string;
  readonly partitions: PartitionChoice;
  /** Where an item holds its partition key, one path a level. */
  readonly partitionKeyPaths: readonly PropertyPath[];
  readonly condition: Condition;
  readonly sort: Sort;
  /** Stored names of the properties to read; absent, whole items. */
  readonly properties: readonly string[] | undefined;
  /** How many rows at most. */
  readonly first: number;
  /** The page starts behind this position. */
  readonly after: PagePosition | undefined;
}

export interface PageRow {
  readonly item: Readonly<Record<string, unknown>>;
  readonly position: PagePosition;
}

export interface Page {
  readonly rows: readonly PageRow[];
  readonly hasNextPage: boolean;
}

/**
 * Reads a page by keyset: it starts at a place in the order, not at a count of rows, so writes in
 * between neither repeat a row nor lose one. Rows of several partitions, and of the container's
 * physical partitions, are put together here, in one order: the SDK's own merge orders no values of
 * different types.
 *
 * One query a page and partition where the list is ordered by id; up to three where it is ordered
 * by other properties and their values repeat; more in a list across the container where ids
 * repeat.
 */
export async function readPage(items: ItemOperations, request: PageRequest): Promise<Page> {
  const wanted = request.first + 1;
  const streams = await readStreams(items, request, wanted);
  const merged = streams.flat().sort((left, right) => compareRows(left, right, request));
  const rows = merged
    .slice(0, request.first)
    .map((item) => ({ item, position: positionOf(item, request) }));
  return { rows, hasNextPage: merged.length > request.first };
}

type Row = Readonly<Record<string, unknown>>;

/** The first rows of each partition, or of each physical partition. */
function readStreams(
  items: ItemOperations,
  request: PageRequest,
  wanted: number,
): Promise<readonly (readonly Row[])[]> {
  const { container, partitions, after, partitionKeyPaths } = request;
  const inPartition = (partitionKey: PartitionKey, sameId: RowsOfSameId) =>
    readStream(
      (query, options) => items.query(container, query, partitionKey, options),
      request,
      sameId,
      wanted,
    );
  const amongPartitions: RowsOfSameId = { behind: partitionKeyPaths };
  switch (partitions.kind) {
    case "one": {
      const { partitionKey } = partitions;
      const isFullKey = partitionKey.length === partitionKeyPaths.length;
      return Promise.all([inPartition(partitionKey, isFullKey ? "none" : amongPartitions)]);
    }
    case "several":
      return Promise.all(
        partitions.partitionKeys.map((key) => inPartition(key, rowsOfSameId(after, key))),
      );
    case "container":
      return items.inPhysicalPartitions(container, (query) =>
        readStream(query, request, amongPartitions, wanted),
      );
  }
}

/** In a merged list, rows that agree in all but the partition go by partition key. */
function rowsOfSameId(after: PagePosition | undefined, partitionKey: PartitionKey): RowsOfSameId {
  return after !== undefined && comparePartitionKeys(partitionKey, after.partitionKey) > 0
    ? "all"
    : "none";
}

/** Rows that `query` reads, in order; `wanted` or all there are. */
async function readStream(
  query: QueryRows,
  request: PageRequest,
  sameId: RowsOfSameId,
  wanted: number,
): Promise<readonly Row[]> {
  const { sort, after, partitionKeyPaths } = request;
  const byId: readonly SortKey[] = [{ path: ["id"], direction: sort.idDirection }];
  const byPartitionKey = partitionKeyPaths.map((path) => [ascending(path)]);
  const identity = [byId, ...(typeof sameId === "string" ? [] : byPartitionKey)];
  const read: ReadOrdered = (condition, orderBy, limit) =>
    query<Row>(
      selectQuery({
        condition: all(request.condition, condition),
        orderBy,
        ...(request.properties === undefined
          ? {}
          : { properties: neededProperties(request, request.properties) }),
      }),
      { limit },
    );

  if (after === undefined) {
    const order = sort.keys.length === 0 ? identity : [sort.keys, ...identity];
    return readInOrder(read, order, all(), wanted);
  }
  const behind = behindId(sort.idDirection, after, sameId);
  const tied = all(...sameValues(sort.keys, after.values), behind);
  const rows = await readInOrder(read, identity, tied, wanted);
  if (sort.keys.length === 0 || rows.length === wanted) {
    return rows;
  }
  const others = await readInOrder(
    read,
    [sort.keys, ...identity],
    behindValues(sort.keys, after.values),
    wanted - rows.length,
  );
  return [...rows, ...others];
}

type ReadOrdered = (
  condition: Condition,
  orderBy: readonly SortKey[],
  limit: number,
) => Promise<readonly Row[]>;

/**
 * The first rows by all the keys of `order`, of which each query orders by one group. Where the
 * last of them have equals behind them, those are read by the next group.
 */
async function readInOrder(
  read: ReadOrdered,
  [keys = [], ...inner]: readonly (readonly SortKey[])[],
  condition: Condition,
  wanted: number,
): Promise<readonly Row[]> {
  if (inner.length === 0) {
    return read(condition, keys, wanted);
  }
  // One more than wanted tells whether the values of the last row go on behind it.
  const found = await read(condition, keys, wanted + 1);
  const last = found[wanted - 1];
  const next = found[wanted];
  const byAll = (left: Row, right: Row) => compareByKeys(left, right, [keys, ...inner].flat());
  if (last === undefined || next === undefined || compareByKeys(last, next, keys) !== 0) {
    return found.toSorted(byAll).slice(0, wanted);
  }
  const whole = found.filter((row) => compareByKeys(row, last, keys) !== 0);
  const values = keys.map(({ path }) => valueAt(last, path));
  const tied = all(condition, ...sameValues(keys, values));
  const rest = await readInOrder(read, inner, tied, wanted - whole.length);
  return [...whole.toSorted(byAll), ...rest];
}

function positionOf(row: Row, request: PageRequest): PagePosition {
  return {
    values: request.sort.keys.map(({ path }) => valueAt(row, path)),
    id: String(row.id),
    partitionKey: partitionKeyOf(row, request),
  };
}

function compareRows(left: Row, right: Row, request: PageRequest): number {
  const { sort } = request;
  const byId: SortKey = { path: ["id"], direction: sort.idDirection };
  return (
    compareByKeys(left, right, [...sort.keys, byId]) ||
    comparePartitionKeys(partitionKeyOf(left, request), partitionKeyOf(right, request))
  );
}

function compareByKeys(left: Row, right: Row, keys: readonly SortKey[]): number {
  for (const { path, direction } of keys) {
    const order = compareValues(valueAt(left, path), valueAt(right, path));
    if (order !== 0) {
      return direction === "ASC" ? order : -order;
    }
  }
  return 0;
}

function comparePartitionKeys(left: PartitionKey, right: PartitionKey): number {
  for (const [level, value] of left.entries()) {
    const order = compareValues(value, right[level]);
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}

function partitionKeyOf(row: Row, request: PageRequest): PartitionKey {
  // A partition-key property holds a scalar, or Cosmos DB would not have stored the item.
  return request.partitionKeyPaths.map((path) => valueAt(row, path) as PartitionKeyValue);
}

function neededProperties(request: PageRequest, selected: readonly string[]): readonly string[] {
  const paths = [
    ["id"],
    ...request.partitionKeyPaths,
    ...request.sort.keys.map(({ path }) => path),
  ];
  return [...new Set([...selected, ...paths.flatMap((path) => path.slice(0, 1))])];
}
