import type { ItemOperations } from "../item-operations.ts";
import { compareValues } from "./compare-values.ts";
import type { Condition } from "./condition.ts";
import type { PartitionChoice } from "./partition-choice.ts";
import { type PropertyPath, propertyPathSql } from "./property-path.ts";
import { fromContainer } from "./select-query.ts";

/** One value over all items: how many have a value of the type, their sum, their least or greatest. */
export interface Aggregate {
  readonly operator: "COUNT" | "SUM" | "MIN" | "MAX";
  readonly path: PropertyPath;
  /** Values of other types don't count; a single one of them would leave Cosmos DB without a result. */
  readonly type: "IS_NUMBER" | "IS_STRING";
}

export interface AggregateResult {
  /** How many items there are. */
  readonly count: number;
  /** In the order of the request; undefined where no item has a value. */
  readonly values: readonly unknown[];
}

/**
 * Aggregates over the items that fulfil the condition: one query a partition, however many values.
 * An undefined argument is left out of SUM, COUNT, MIN and MAX, while a text, boolean or null makes
 * the result of SUM undefined (learn.microsoft.com/cosmos-db/query/sum).
 */
export async function aggregateItems(
  items: ItemOperations,
  container: string,
  partitions: PartitionChoice,
  condition: Condition,
  aggregates: readonly Aggregate[],
): Promise<AggregateResult> {
  const columns = aggregates.map(({ operator, path, type }, index) => {
    const property = propertyPathSql("c", path);
    return `${operator}(${type}(${property}) ? ${property} : undefined) AS a${index}`;
  });
  const query = fromContainer(["COUNT(1) AS n", ...columns].join(", "), condition, "");
  const keys =
    partitions.kind === "several"
      ? partitions.partitionKeys
      : [partitions.kind === "one" ? partitions.partitionKey : undefined];
  const answers = await Promise.all(
    keys.map((key) =>
      items.query<Readonly<Record<string, unknown>>>(container, query, key, {
        // One row is expected, but Cosmos DB may answer in parts.
        limit: Number.MAX_SAFE_INTEGER,
      }),
    ),
  );
  const rows = answers.flat();
  return {
    count: rows.reduce((sum, row) => sum + numberOf(row.n), 0),
    values: aggregates.map(({ operator }, index) =>
      combine(
        operator,
        rows.map((row) => row[`a${index}`]).filter((value) => value !== undefined),
      ),
    ),
  };
}

function combine(operator: Aggregate["operator"], parts: readonly unknown[]): unknown {
  if (parts.length === 0) {
    return operator === "COUNT" ? 0 : undefined;
  }
  if (operator === "COUNT" || operator === "SUM") {
    return parts.reduce<number>((sum, part) => sum + numberOf(part), 0);
  }
  const [least] = parts.toSorted((left, right) =>
    operator === "MIN" ? compareValues(left, right) : compareValues(right, left),
  );
  return least;
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
