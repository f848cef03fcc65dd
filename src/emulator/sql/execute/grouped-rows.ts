import type { GroupingStage } from "../body/query-body.ts";
import type { Accumulator } from "../functions/aggregate-functions.ts";
import type { Row } from "../row.ts";
import { compareValues, type SqlValue } from "../values/sql-value.ts";
import { valueKey } from "../values/value-key.ts";

interface Group {
  readonly keys: readonly SqlValue[];
  readonly accumulators: readonly Accumulator[];
}

/** Gathers rows into groups. */
export interface GroupedRows {
  /** Takes the row as it is now. */
  add(row: Row): void;
  /**
   * Calls back with the row's slots set for each group, in the order of the group keys, until that
   * returns false.
   */
  each(row: Row, onGroup: (keys: readonly SqlValue[]) => boolean): void;
}

export function createGroupedRows(stage: GroupingStage): GroupedRows {
  const groups = new Map<string, Group>();
  const createGroup = (keys: readonly SqlValue[]): Group => ({
    keys,
    accumulators: stage.calls.map((call) => call.createAccumulator()),
  });
  const single = stage.keys.length === 0 ? createGroup([]) : undefined;
  if (single) {
    groups.set("", single);
  }

  const groupOf = (row: Row): Group => {
    const keys = stage.keys.map(({ evaluate }) => evaluate(row));
    const name = keys.map(valueKey).join();
    const group = groups.get(name) ?? createGroup(keys);
    groups.set(name, group);
    return group;
  };

  return {
    add: (row) => {
      const { accumulators } = single ?? groupOf(row);
      stage.calls.forEach((call, index) => {
        accumulators[index]?.add(call.argument(row));
      });
    },
    each: (row, onGroup) => {
      const sorted = [...groups.values()].sort((left, right) => compareKeys(left.keys, right.keys));
      for (const { keys, accumulators } of sorted) {
        stage.keys.forEach(({ slot }, index) => {
          row[slot] = keys[index];
        });
        stage.calls.forEach(({ slot }, index) => {
          row[slot] = accumulators[index]?.result();
        });
        if (!onGroup(keys)) {
          return;
        }
      }
    },
  };
}

/** The order of groups: by their keys from left to right. */
export function compareKeys(left: readonly SqlValue[], right: readonly SqlValue[]): number {
  for (let index = 0; index < left.length; index += 1) {
    const difference = compareValues(left[index], right[index]);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
