import type { SortKey } from "../body/query-body.ts";
import type { Row } from "../row.ts";
import { compareValues, type SqlValue } from "../values/sql-value.ts";

/** The values of the ORDER BY expressions for one row. */
export type SortValues = readonly SqlValue[];

export function sortValues(keys: readonly SortKey[], row: Row): SortValues {
  return keys.map(({ evaluate }) => evaluate(row));
}

/** The order that ORDER BY asks for, each key in its direction. */
export function compareSortValues(
  keys: readonly Pick<SortKey, "descending">[],
  left: SortValues,
  right: SortValues,
): number {
  for (let index = 0; index < keys.length; index += 1) {
    const difference = compareValues(left[index], right[index]);
    if (difference !== 0) {
      return keys[index]?.descending ? -difference : difference;
    }
  }
  return 0;
}
