import type { SortKey } from "../body/query-body.ts";
import { compareRids } from "../values/compare-rids.ts";
import { compareSortValues, type SortValues } from "./sort-values.ts";

/**
 * The place of an item in the order of a query. It stays where it is when other items come and go.
 */
export interface ItemPosition {
  /** Of the ORDER BY expressions; empty without. */
  readonly values: SortValues;
  readonly rid: string;
}

/** Items that are equal to ORDER BY go by `_rid`, backwards where the first key is descending. */
export function comparePositions(
  keys: readonly Pick<SortKey, "descending">[],
  left: ItemPosition,
  right: ItemPosition,
): number {
  const difference = compareSortValues(keys, left.values, right.values);
  if (difference !== 0) {
    return difference;
  }
  return keys[0]?.descending ? compareRids(right.rid, left.rid) : compareRids(left.rid, right.rid);
}
