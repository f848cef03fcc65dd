import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { ItemOperations } from "../item-operations.ts";
import {
  type Aggregate,
  type AggregateResult,
  type AggregateRow,
  aggregateColumns,
  mergeAggregates,
} from "../sql/aggregate-columns.ts";
import { compareValues } from "../sql/compare-values.ts";
import type { Condition } from "../sql/condition.ts";
import type { PartitionChoice } from "../sql/partition-choice.ts";
import { type PropertyPath, propertyPathSql } from "../sql/property-path.ts";
import { fromContainer } from "../sql/select-query.ts";
import type { SqlQuery } from "../sql/sql-query.ts";

/** A property that items are grouped by. */
export interface GroupKey {
  readonly path: PropertyPath;
  /** Items with another type of value, with null or with nothing there are one group. */
  readonly type: "string" | "number" | "boolean";
  /** Which values of the type count as such: the others go with those of another. Default all. */
  readonly accepts?: (value: unknown) => boolean;
}

export interface ItemGroup extends AggregateResult {
  /** The value of each key, in the order of the request; null for the items that have none. */
  readonly key: readonly unknown[];
}

export interface GroupRequest {
  readonly container: string;
  readonly partitions: PartitionChoice;
  readonly condition: Condition;
  /** At least one, all different. */
  readonly by: readonly GroupKey[];
  readonly aggregates: readonly Aggregate[];
  /** More are an error: there is no page of groups, as the last one could still grow. */
  readonly maxGroups: number;
}

/** Rows of one request for groups: as many as Cosmos DB gives in a page. */
const PAGE_ROWS = 1000;

/**
 * Aggregates of each group of the items that fulfil the condition, ordered by key. Rows with the
 * same key are put together, from every partition and page. So the numbers are right also if Cosmos
 * DB answers a partition in parts.
 *
 * @throws GatewayError BAD_USER_INPUT for more groups than allowed.
 */
export async function groupItems(
  items: ItemOperations,
  request: GroupRequest,
): Promise<readonly ItemGroup[]> {
  const { container, partitions, condition, by, aggregates, maxGroups } = request;
  const paths = by.map(({ path }) => propertyPathSql("c", path));
  const keyColumns = paths.map((path, index) => `${path} AS k${index}`);
  const query = fromContainer(
    [...keyColumns, ...aggregateColumns(aggregates)].join(", "),
    condition,
    ` GROUP BY ${paths.join(", ")}`,
  );

  const groups = new Map<string, { key: readonly unknown[]; rows: AggregateRow[] }>();
  const add = (row: AggregateRow): void => {
    const key = by.map((each, index) => keyValue(row[`k${index}`], each));
    const name = JSON.stringify(key);
    const group = groups.get(name) ?? { key, rows: [] };
    group.rows.push(row);
    groups.set(name, group);
    if (groups.size > maxGroups) {
      throw tooManyGroups(maxGroups);
    }
  };

  if (partitions.kind === "container") {
    const rows = await items.query<AggregateRow>(container, query, undefined, {
      // How many rows a group has, no one can tell.
      limit: Number.MAX_SAFE_INTEGER,
      isUnmerged: true,
    });
    rows.forEach(add);
  } else {
    const keys = partitions.kind === "one" ? [partitions.partitionKey] : partitions.partitionKeys;
    await Promise.all(keys.map((key) => eachRow(items, container, query, key, add)));
  }
  return [...groups.values()]
    .map(({ key, rows }) => ({ key, ...mergeAggregates(aggregates, rows) }))
    .sort((left, right) => compareKeys(left.key, right.key));
}

/** Page by page, so that too many groups end it early. */
async function eachRow(
  items: ItemOperations,
  container: string,
  query: SqlQuery,
  partitionKey: PartitionKey,
  onRow: (row: AggregateRow) => void,
): Promise<void> {
  let continuation: string | undefined;
  do {
    const page = await items.queryPage<AggregateRow>(container, query, partitionKey, {
      limit: PAGE_ROWS,
      continuation,
    });
    page.rows.forEach(onRow);
    continuation = page.continuation;
  } while (continuation !== undefined);
}

function keyValue(value: unknown, { type, accepts = () => true }: GroupKey): unknown {
  return typeof value === type && accepts(value) ? value : null;
}

function compareKeys(left: readonly unknown[], right: readonly unknown[]): number {
  for (const [index, value] of left.entries()) {
    const order = compareValues(value, right[index]);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

function tooManyGroups(maxGroups: number): GatewayError {
  return new GatewayError(
    "BAD_USER_INPUT",
    `There are more than ${maxGroups} groups, the most that are given. Group by less, or filter more.`,
  );
}
