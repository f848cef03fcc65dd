import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { typeRank } from "./compare-values.ts";
import { all, any, type Condition, equal, not } from "./condition.ts";
import type { PropertyPath } from "./property-path.ts";
import type { SortKey } from "./sort-key.ts";

/**
 * The order of a list: by the keys, then by id, which makes it total within a partition, then by
 * partition key. Cosmos DB is only ever asked to order by the keys, by the id or by one level of
 * the partition key, never by several of them: ordering by two properties takes a composite index,
 * which a container doesn't have by itself.
 */
export interface Sort {
  readonly keys: readonly SortKey[];
  readonly idDirection: "ASC" | "DESC";
}

/** A row's place in a list. It stays a place when the row itself is gone. */
export interface PagePosition {
  /** The row's value for each sort key; undefined where the item has none. */
  readonly values: readonly unknown[];
  readonly id: string;
  /** What tells rows of one id apart in a list across partitions. */
  readonly partitionKey: PartitionKey;
}

/**
 * Which rows with the position's own values and id are still to come: none or all of them, as in
 * one partition there is one at most, or those whose partition key, at these paths, comes behind.
 */
export type RowsOfSameId = "none" | "all" | { readonly behind: readonly PropertyPath[] };

const ID_PATH: PropertyPath = ["id"];

/** Rows whose values of the keys lie behind the given ones: the first that differs decides. */
export function behindValues(keys: readonly SortKey[], values: readonly unknown[]): Condition {
  return any(
    ...keys.map((key, index) =>
      all(...sameValues(keys.slice(0, index), values), behindValue(key, values[index])),
    ),
  );
}

/** Rows that come behind the position by their ids, and then by their partition keys. */
export function behindId(
  idDirection: Sort["idDirection"],
  { id, partitionKey }: PagePosition,
  sameId: RowsOfSameId,
): Condition {
  const operator = idDirection === "ASC" ? ">" : "<";
  const behind: Condition = {
    kind: "compare",
    path: ID_PATH,
    operator: sameId === "all" ? `${operator}=` : operator,
    value: id,
  };
  return typeof sameId === "string"
    ? behind
    : any(
        behind,
        all(equal(ID_PATH, id), behindValues(sameId.behind.map(ascending), partitionKey)),
      );
}

/** A level of the partition key as a sort key. */
export function ascending(path: PropertyPath): SortKey {
  return { path, direction: "ASC" };
}

/**
 * Rows that are equal to the values in all keys. As in `compareValues`, arrays are alike, and
 * objects.
 */
export function sameValues(
  keys: readonly SortKey[],
  values: readonly unknown[],
): readonly Condition[] {
  return keys.map(({ path }, index) => {
    const value = values[index];
    if (value === undefined) {
      return not({ kind: "type", path, test: "IS_DEFINED" });
    }
    return typeof value === "object" && value !== null
      ? { kind: "type", path, test: Array.isArray(value) ? "IS_ARRAY" : "IS_OBJECT" }
      : equal(path, value);
  });
}

const TYPE_TESTS = [
  "IS_NULL",
  "IS_BOOL",
  "IS_NUMBER",
  "IS_STRING",
  "IS_ARRAY",
  "IS_OBJECT",
] as const;

/**
 * `>` and `<` only see values of one type, while ORDER BY goes on with the next type: what is
 * missing, null, booleans, numbers, strings, arrays, objects.
 */
function behindValue({ path, direction }: SortKey, value: unknown): Condition {
  const rank = typeRank(value);
  const isScalar = rank >= 2 && rank <= 4;
  const within: readonly Condition[] = isScalar
    ? [{ kind: "compare", path, operator: direction === "ASC" ? ">" : "<", value }]
    : [];
  if (direction === "ASC") {
    const higher = TYPE_TESTS.slice(rank).map((test): Condition => ({ kind: "type", path, test }));
    return any(...within, ...higher);
  }
  const lower = TYPE_TESTS.slice(0, Math.max(rank - 1, 0)).map(
    (test): Condition => ({ kind: "type", path, test }),
  );
  const missing: readonly Condition[] =
    rank === 0 ? [] : [not({ kind: "type", path, test: "IS_DEFINED" })];
  return any(...within, ...lower, ...missing);
}
