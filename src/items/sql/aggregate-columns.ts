import { compareValues } from "./compare-values.ts";
import { type PropertyPath, propertyPathSql } from "./property-path.ts";

/**
 * One value over several items: how many have a value of the type, their sum, their least or
 * greatest.
 */
export interface Aggregate {
  readonly operator: "COUNT" | "SUM" | "MIN" | "MAX";
  readonly path: PropertyPath;
  /**
   * Values of other types don't count; a single one of them would leave Cosmos DB without a result.
   */
  readonly type: "IS_NUMBER" | "IS_STRING";
  /** Of numbers: only whole ones count, from the first to the second. Default: all numbers. */
  readonly whole?: readonly [from: number, to: number] | undefined;
}

export interface AggregateResult {
  /** How many items there are. */
  readonly count: number;
  /**
   * In the order of the request; undefined where no item has a value. A sum beyond the range of a
   * double is not finite.
   */
  readonly values: readonly unknown[];
}

/** A row of a query for `aggregateColumns`. */
export type AggregateRow = Readonly<Record<string, unknown>>;

/**
 * The number of items and the aggregates, as the columns of a SELECT. An undefined argument is left
 * out of SUM, COUNT, MIN and MAX, while a text, boolean or null makes the result of SUM undefined
 * (learn.microsoft.com/cosmos-db/query/sum). A sum takes 0 instead, so that only one beyond the
 * range of a double has no result.
 */
export function aggregateColumns(aggregates: readonly Aggregate[]): readonly string[] {
  const columns = aggregates.map(({ operator, path, type, whole }, index) => {
    const property = propertyPathSql("c", path);
    const counts = whole === undefined ? `${type}(${property})` : isWhole(property, whole);
    return `${operator}(${counts} ? ${property} : ${operator === "SUM" ? "0" : "undefined"}) AS a${index}`;
  });
  return ["COUNT(1) AS n", ...columns];
}

function isWhole(property: string, [from, to]: readonly [number, number]): string {
  return `(IS_INTEGER(${property}) AND ${property} >= ${from} AND ${property} <= ${to})`;
}

/**
 * The aggregates over the items of all rows. Each row is about some of the items: those of a
 * partition, or, as Cosmos DB may answer in parts, of a part of one.
 */
export function mergeAggregates(
  aggregates: readonly Aggregate[],
  rows: readonly AggregateRow[],
): AggregateResult {
  return {
    count: rows.reduce((sum, row) => sum + numberOf(row.n), 0),
    values: aggregates.map(({ operator }, index) =>
      combine(
        operator,
        rows
          .map((row) => (operator === "SUM" ? sumOf(row, index) : row[`a${index}`]))
          .filter((value) => value !== undefined),
      ),
    ),
  };
}

/** NaN where there are items and yet no sum: JSON has no number for it. */
function sumOf(row: AggregateRow, index: number): unknown {
  const sum = row[`a${index}`];
  return typeof sum === "number" || numberOf(row.n) === 0 ? sum : Number.NaN;
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
