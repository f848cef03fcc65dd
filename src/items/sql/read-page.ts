import {
  isSamePartitionKey,
  type PartitionKey,
  type PartitionKeyValue,
} from "../../partition-key.ts";
import type { ItemOperations } from "../item-operations.ts";
import { compareValues } from "./compare-values.ts";
import { all, type Condition } from "./condition.ts";
import {
  behindId,
  behindValues,
  type PagePosition,
  type RowsOfSameId,
  type Sort,
  sameValues,
  sortParts,
} from "./page-position.ts";
import type { PartitionChoice } from "./partition-choice.ts";
import type { PropertyPath } from "./property-path.ts";
import { type SortKey, selectQuery } from "./select-query.ts";
import { valueAt } from "./value-at.ts";

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
 * between neither repeat a row nor lose one. One query a page and partition where the list is
 * ordered by id; up to three where it is ordered by other properties and their values repeat.
 */
export async function readPage(items: ItemOperations, request: PageRequest): Promise<Page> {
  const wanted = request.first + 1;
  const rows = await readRows(items, request, wanted);
  return { rows: rows.slice(0, request.first), hasNextPage: rows.length > request.first };
}

async function readRows(
  items: ItemOperations,
  request: PageRequest,
  wanted: number,
): Promise<readonly PageRow[]> {
  const { partitions, after } = request;
  if (partitions.kind !== "several") {
    const partitionKey = partitions.kind === "one" ? partitions.partitionKey : undefined;
    const sameId: RowsOfSameId = isFullKey(partitionKey, request)
      ? "none"
      : { notIn: after?.partitionKeys ?? [] };
    const found = await readStream(items, request, partitionKey, sameId, wanted);
    return withPositions(found, request);
  }
  const streams = await Promise.all(
    partitions.partitionKeys.map((partitionKey) =>
      readStream(items, request, partitionKey, rowsOfSameId(after, partitionKey), wanted),
    ),
  );
  const merged = streams.flat().sort((left, right) => compareRows(left, right, request));
  return withPositions(merged.slice(0, wanted), request);
}

/** Whether it is one partition: ids are unique in it, and one physical partition orders it all. */
function isFullKey(partitionKey: PartitionKey | undefined, request: PageRequest): boolean {
  return partitionKey?.length === request.partitionKeyPaths.length;
}

type Row = Readonly<Record<string, unknown>>;

/** Rows of one partition, or of the whole container, in order; `wanted` or all there are. */
async function readStream(
  items: ItemOperations,
  request: PageRequest,
  partitionKey: PartitionKey | undefined,
  sameId: RowsOfSameId,
  wanted: number,
): Promise<readonly Row[]> {
  const { sort, after } = request;
  const byId: readonly SortKey[] = [{ path: ["id"], direction: sort.idDirection }];
  const run = (condition: Condition, orderBy: readonly SortKey[], limit: number) =>
    items.query<Row>(
      request.container,
      selectQuery({
        condition: all(request.condition, condition),
        orderBy,
        ...(request.properties === undefined
          ? {}
          : { properties: neededProperties(request, request.properties) }),
      }),
      partitionKey,
      { limit },
    );

  const rows: Row[] = [];
  if (after !== undefined) {
    const tied = behindId(sort, after, sameId, request.partitionKeyPaths);
    rows.push(...(await run(tied, byId, wanted)));
  }
  if (sort.keys.length === 0) {
    return after === undefined ? run(all(), byId, wanted) : rows;
  }
  const missing = wanted - rows.length;
  if (missing <= 0) {
    return rows;
  }
  const behind = after === undefined ? all() : behindValues(sort, after.values);
  const parts = isFullKey(partitionKey, request)
    ? [[{ condition: all(), keys: sort.keys }]]
    : sortParts(sort);
  const found: Row[] = [];
  for (const segments of parts) {
    const limit = missing + 1 - found.length;
    if (limit > 0) {
      const streams = segments.map(({ condition, keys }) =>
        run(all(behind, condition), keys.length > 0 ? keys : byId, limit),
      );
      const merged = (await Promise.all(streams)).flat();
      merged.sort((left, right) => compareByKeys(left, right, sort));
      found.push(...merged.slice(0, limit));
    }
  }
  // One more than needed tells whether the values of the last row go on behind it.
  const last = found[missing - 1];
  const next = found[missing];
  const isCut = last !== undefined && next !== undefined && compareByKeys(last, next, sort) === 0;
  const whole = isCut ? found.filter((row) => compareByKeys(row, last, sort) !== 0) : found;
  rows.push(...whole.toSorted((left, right) => compareRows(left, right, request)));
  if (isCut) {
    const values = sort.keys.map(({ path }) => valueAt(last, path));
    rows.push(...(await run(all(...sameValues(sort.keys, values)), byId, wanted - rows.length)));
  }
  return rows.slice(0, wanted);
}

/** In a merged list, rows that agree in all but the partition go by partition key. */
function rowsOfSameId(after: PagePosition | undefined, partitionKey: PartitionKey): RowsOfSameId {
  const last = after?.partitionKeys.at(-1);
  return last !== undefined && comparePartitionKeys(partitionKey, last) > 0 ? "all" : "none";
}

function withPositions(rows: readonly Row[], request: PageRequest): readonly PageRow[] {
  let previous = request.after;
  return rows.map((item) => {
    const values = request.sort.keys.map(({ path }) => valueAt(item, path));
    const id = String(item.id);
    const partitionKey = partitionKeyOf(item, request);
    const isTied =
      previous !== undefined &&
      previous.id === id &&
      previous.values.every((value, index) => compareValues(value, values[index]) === 0);
    const earlier =
      isTied && previous !== undefined && request.partitions.kind !== "several"
        ? previous.partitionKeys.filter((key) => !isSamePartitionKey(key, partitionKey))
        : [];
    const position: PagePosition = { values, id, partitionKeys: [...earlier, partitionKey] };
    previous = position;
    return { item, position };
  });
}

function compareRows(left: Row, right: Row, request: PageRequest): number {
  const { sort } = request;
  const byId = compareValues(left.id, right.id);
  return (
    compareByKeys(left, right, sort) ||
    (sort.idDirection === "ASC" ? byId : -byId) ||
    comparePartitionKeys(partitionKeyOf(left, request), partitionKeyOf(right, request))
  );
}

function compareByKeys(left: Row, right: Row, sort: Sort): number {
  for (const { path, direction } of sort.keys) {
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
