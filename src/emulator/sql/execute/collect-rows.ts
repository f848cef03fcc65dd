import type { Json } from "../../json.ts";
import type { QueryBody } from "../body/query-body.ts";
import type { Row } from "../row.ts";
import { valueKey } from "../values/value-key.ts";
import { createGroupedRows } from "./grouped-rows.ts";
import { compareSortValues, type SortValues, sortValues } from "./sort-values.ts";

/**
 * All results of a body at once, or the first `atMost`. `drive` makes the rows: it calls back with
 * each combination of aliases in `row` until that returns false.
 */
export function collectRows(
  body: QueryBody,
  row: Row,
  drive: (onRow: () => boolean) => unknown,
  atMost = Number.POSITIVE_INFINITY,
): readonly Json[] {
  const output = createOutput(body, atMost);
  const { where, grouping, sortKeys } = body;
  const ifAccepted = (use: () => boolean) => () =>
    where !== undefined && where(row) !== true ? true : use();
  if (output.full()) {
    return [];
  }
  if (grouping) {
    const groups = createGroupedRows(grouping);
    drive(
      ifAccepted(() => {
        groups.add(row);
        return true;
      }),
    );
    groups.each(row, () => output.add(body.project(row)));
  } else if (sortKeys.length > 0) {
    const sorted: { values: SortValues; result: Json | undefined }[] = [];
    drive(
      ifAccepted(() => {
        sorted.push({ values: sortValues(sortKeys, row), result: body.project(row) });
        return true;
      }),
    );
    sorted.sort((left, right) => compareSortValues(sortKeys, left.values, right.values));
    sorted.every(({ result }) => output.add(result));
  } else {
    drive(ifAccepted(() => output.add(body.project(row))));
  }
  return output.rows;
}

/** DISTINCT, OFFSET and LIMIT. */
function createOutput(body: QueryBody, atMost: number) {
  const rows: Json[] = [];
  const seen = new Set<string>();
  const limit = Math.min(body.limit, atMost);
  let skipped = 0;
  const full = () => rows.length >= limit;

  /** False: no more rows are wanted. */
  const add = (result: Json | undefined): boolean => {
    if (result === undefined) {
      return true;
    }
    if (body.distinct) {
      const key = valueKey(result);
      if (seen.has(key)) {
        return true;
      }
      seen.add(key);
    }
    if (skipped < body.offset) {
      skipped += 1;
      return true;
    }
    rows.push(result);
    return !full();
  };
  return { rows, full, add };
}
