import type { Json } from "../json.ts";
import { propertyAt } from "../partition-keys/stored-partition-key.ts";
import { itemNumber } from "../resources/resource-id.ts";
import type { RangeBounds, RangeDirection, RangePosition } from "../sql/item-source.ts";
import { compareValues } from "../sql/values/sql-value.ts";
import type { StoredItem } from "./stored-item.ts";

/**
 * The items of a physical partition in the order of one property's value, then of their numbers.
 */
export interface OrderedIndex {
  /** Tells of a write or a removal. It is worked in when the index is next read. */
  note(before: StoredItem | undefined, after: StoredItem | undefined): void;
  /** Items with a value within the bounds; behind `position`, where there is one. */
  range(
    bounds: RangeBounds,
    direction: RangeDirection,
    position: RangePosition | undefined,
  ): Iterable<StoredItem>;
}

interface Entry {
  /** Undefined: the item has no such property. */
  readonly value: Json | undefined;
  readonly item: StoredItem;
}

/**
 * Up to so many noted items are worked in one by one. For more, a pass over the whole index is
 * quicker.
 */
const FEW_CHANGES = 50;

export function createOrderedIndex(
  path: readonly string[],
  items: Iterable<StoredItem>,
): OrderedIndex {
  const toEntry = (item: StoredItem): Entry => ({ value: propertyAt(item.body, path), item });
  let entries = sortEntries(Array.from(items, toEntry));
  /** Items that were noted, by number: first as the index has them, then as they are. */
  const noted = new Map<
    number,
    { before: StoredItem | undefined; after: StoredItem | undefined }
  >();

  const workIn = (): void => {
    if (noted.size === 0) {
      return;
    }
    if (noted.size <= FEW_CHANGES) {
      for (const { before, after } of noted.values()) {
        if (before !== undefined) {
          entries.splice(positionOf(entries, toEntry(before)), 1);
        }
        if (after !== undefined) {
          const entry = toEntry(after);
          entries.splice(positionOf(entries, entry), 0, entry);
        }
      }
    } else {
      const kept = entries.filter(({ item }) => !noted.has(item.number));
      const added = [...noted.values()].flatMap(({ after }) =>
        after === undefined ? [] : [toEntry(after)],
      );
      entries = sortEntries([...kept, ...added]);
    }
    noted.clear();
  };

  return {
    note: (before, after) => {
      const number = (before ?? after)?.number;
      if (number !== undefined) {
        const earlier = noted.get(number);
        noted.set(number, { before: earlier === undefined ? before : earlier.before, after });
      }
    },
    *range(bounds, direction, position) {
      workIn();
      const { start, end } = limits(entries, bounds, direction, position);
      if (direction === "ascending") {
        for (let index = start; index < end; index++) {
          yield (entries[index] as Entry).item; // Within the limits
        }
      } else {
        for (let index = end - 1; index >= start; index--) {
          yield (entries[index] as Entry).item; // Within the limits
        }
      }
    },
  };
}

/**
 * The part of the index, from `start` up to before `end`, that lies within the bounds and behind
 * the position.
 */
function limits(
  entries: readonly Entry[],
  { lower, upper }: RangeBounds,
  direction: RangeDirection,
  position: RangePosition | undefined,
): { readonly start: number; readonly end: number } {
  let start =
    lower === undefined
      ? 0
      : firstIndex(entries, ({ value }) => {
          const order = compareValues(value, lower.value);
          return lower.inclusive ? order >= 0 : order > 0;
        });
  let end =
    upper === undefined
      ? entries.length
      : firstIndex(entries, ({ value }) => {
          const order = compareValues(value, upper.value);
          return upper.inclusive ? order > 0 : order >= 0;
        });
  const number = position === undefined ? undefined : itemNumber(position.rid);
  if (position !== undefined && number !== undefined) {
    const compare = ({ value, item }: Entry): number =>
      compareValues(value, position.value) || item.number - number;
    if (direction === "ascending") {
      start = Math.max(
        start,
        firstIndex(entries, (entry) => compare(entry) > 0),
      );
    } else {
      end = Math.min(
        end,
        firstIndex(entries, (entry) => compare(entry) >= 0),
      );
    }
  }
  return { start, end };
}

function positionOf(entries: readonly Entry[], entry: Entry): number {
  return firstIndex(entries, (other) => compareEntries(other, entry) >= 0);
}

/** Index of the first entry that fits, if all behind it do; their number if none does. */
function firstIndex(entries: readonly Entry[], fits: (entry: Entry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(entries[middle] as Entry)) {
      high = middle; // Within low and high, so there is one
    } else {
      low = middle + 1;
    }
  }
  return low;
}

function compareEntries(left: Entry, right: Entry): number {
  return compareValues(left.value, right.value) || left.item.number - right.item.number;
}

/**
 * Sorts in place. Where all values are numbers, or texts without surrogates, quicker comparisons
 * give the same order.
 */
function sortEntries(entries: Entry[]): Entry[] {
  if (entries.every(({ value }) => typeof value === "number")) {
    return entries.sort(
      (left, right) =>
        (left.value as number) - (right.value as number) || left.item.number - right.item.number,
    );
  }
  if (entries.every(({ value }) => typeof value === "string" && !/[\ud800-\udfff]/.test(value))) {
    return entries.sort((left, right) => {
      const [a, b] = [left.value as string, right.value as string];
      return a < b ? -1 : a > b ? 1 : left.item.number - right.item.number;
    });
  }
  return entries.sort(compareEntries);
}
