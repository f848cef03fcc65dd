import type { GroupingStage } from "../body/query-body.ts";
import type { SqlValue } from "../values/sql-value.ts";
import { type Continuation, invalidContinuation, isShort } from "./continuation.ts";
import { driveRows } from "./drive-rows.ts";
import { compareKeys, createGroupedRows } from "./grouped-rows.ts";
import { createPageProgress } from "./page-progress.ts";
import type { ResultPage } from "./result-page.ts";
import type { PageOptions } from "./stream-page.ts";

/**
 * A page of groups. They come in the order of their keys, so that the next page goes on behind the
 * last key.
 */
export function groupPage(options: PageOptions, grouping: GroupingStage): ResultPage {
  const { body, row, maxItemCount, continuation } = options;
  const progress = createPageProgress(body, maxItemCount, continuation);
  const alreadyDone = continuation?.done ?? 0;
  const after = alreadyDone > 0 ? undefined : continuation?.values;
  if (after !== undefined && after.length !== grouping.keys.length) {
    throw invalidContinuation();
  }
  let itemsRead = 0;
  const groups = createGroupedRows(grouping);
  driveRows(
    options,
    (count) => {
      itemsRead += count;
    },
    () => {
      if (body.where === undefined || body.where(row) === true) {
        groups.add(row);
      }
      return true;
    },
  );

  let last: readonly SqlValue[] = after ?? [];
  let next: Continuation | undefined;
  let passed = 0;
  groups.each(row, (keys) => {
    const isReplayed =
      passed < alreadyDone || (after !== undefined && compareKeys(keys, after) <= 0);
    const result = progress.left().limit > 0 ? body.project(row) : undefined;
    if (result === undefined || !progress.isNew(result) || isReplayed) {
      passed += 1;
      return progress.left().limit > 0;
    }
    const outcome = progress.use(result);
    if (outcome === "full") {
      next = { ...placeOf(last, passed), ...progress.rest() };
    }
    last = keys;
    passed += 1;
    return outcome === "next";
  });
  return { rows: progress.rows, itemsRead, ...(next && { continuation: next }) };
}

/** The last group that is done with; if its keys are too long for a header, how many groups are. */
function placeOf(last: readonly SqlValue[], passed: number): Pick<Continuation, "values" | "done"> {
  return isShort(last) ? { values: last } : { values: [], done: passed };
}
