import type { PartitionKey } from "../../partition-key.ts";
import { typeRank } from "./compare-values.ts";
import { all, any, type Condition, equal, not } from "./condition.ts";
import type { PropertyPath } from "./property-path.ts";
import type { SortKey } from "./select-query.ts";

/**
 * The order of a list: by the keys, then by id, which makes it total within a partition. Cosmos DB
 * is only ever asked to order by the keys or by the id, never by both: ordering by two properties
 * takes a composite index, which a container doesn't have by itself.
 */
export interface Sort {
  readonly keys: readonly (SortKey & {
    /** Whether items may have no value, or null, there. */
    readonly nullable: boolean;
  })[];
  readonly idDirection: "ASC" | "DESC";
}

/** A row's place in a list. It stays a place when the row itself is gone. */
export interface PagePosition {
  /** The row's value for each sort key; undefined where the item has none. */
  readonly values: readonly unknown[];
  readonly id: string;
  /**
   * Partition keys of the rows with these values and this id so far; the row's own is the last.
   * More than one only in a list across partitions, where ids are not unique.
   */
  readonly partitionKeys: readonly PartitionKey[];
}

/** Which rows with the position's own values and id are still to come. */
export type RowsOfSameId = "none" | "all" | { readonly notIn: readonly PartitionKey[] };

const ID_PATH: PropertyPath = ["id"];

/** Rows whose sort values lie behind the position's, whatever their ids are. */
export function behindValues(sort: Sort, values: readonly unknown[]): Condition {
  return any(
    ...sort.keys.map((key, index) =>
      all(...sameValues(sort.keys.slice(0, index), values), behindValue(key, values[index])),
    ),
  );
}

/** Rows with the position's sort values that come behind it by their ids. */
export function behindId(
  sort: Sort,
  position: PagePosition,
  sameId: RowsOfSameId,
  partitionKeyPaths: readonly PropertyPath[],
): Condition {
  const behind: Condition = {
    kind: "compare",
    path: ID_PATH,
    operator:
      sort.idDirection === "ASC" ? (sameId === "all" ? ">=" : ">") : sameId === "all" ? "<=" : "<",
    value: position.id,
  };
  const others =
    typeof sameId === "string"
      ? behind
      : any(
          behind,
          all(
            equal(ID_PATH, position.id),
            ...sameId.notIn.map((key) =>
              not(all(...partitionKeyPaths.map((path, level) => equal(path, key[level])))),
            ),
          ),
        );
  return all(...sameValues(sort.keys, position.values), others);
}

export function sameValues(
  keys: readonly SortKey[],
  values: readonly unknown[],
): readonly Condition[] {
  return keys.map(({ path }, index) =>
    values[index] === undefined
      ? not({ kind: "type", path, test: "IS_DEFINED" })
      : equal(path, values[index]),
  );
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

/** Rows in which each sort key is of one kind, and the keys that still order them. */
export interface SortSegment {
  readonly condition: Condition;
  readonly keys: readonly SortKey[];
}

/**
 * The parts of a list, in its order; the rows of a part are those of its segments, to be merged. In
 * a segment no sort key has values beside nulls or beside nothing: the SDK, which puts together the
 * answers of several physical partitions, refuses to order values of different types.
 */
export function sortParts(sort: Sort): readonly (readonly SortSegment[])[] {
  const [first, ...others] = sort.keys;
  if (first === undefined) {
    return [[{ condition: all(), keys: [] }]];
  }
  const inner = others.reduce(
    (segments, key) => segments.flatMap((outer) => kindsOf(key).map((kind) => merge(outer, kind))),
    [{ condition: all(), keys: [] }] as readonly SortSegment[],
  );
  return kindsOf(first).map((outer) => inner.map((segment) => merge(outer, segment)));
}

function kindsOf({ nullable, ...key }: Sort["keys"][number]): readonly SortSegment[] {
  if (!nullable) {
    return [{ condition: all(), keys: [key] }];
  }
  const isDefined: Condition = { kind: "type", path: key.path, test: "IS_DEFINED" };
  const isNull: Condition = { kind: "type", path: key.path, test: "IS_NULL" };
  const ascending: readonly SortSegment[] = [
    { condition: not(isDefined), keys: [] },
    { condition: isNull, keys: [] },
    { condition: all(isDefined, not(isNull)), keys: [key] },
  ];
  return key.direction === "ASC" ? ascending : ascending.toReversed();
}

function merge(outer: SortSegment, inner: SortSegment): SortSegment {
  return {
    condition: all(outer.condition, inner.condition),
    keys: [...outer.keys, ...inner.keys],
  };
}
