import type { Json, JsonObject } from "../../json.ts";
import type { PathRange } from "../body/path-range.ts";
import type { QueryBody, SortKey } from "../body/query-body.ts";
import type { ItemSource, RangeBounds } from "../item-source.ts";
import type { Row } from "../row.ts";
import { ITEM_SLOT } from "../row.ts";
import { comparePositions, type ItemPosition } from "./item-position.ts";
import { sortValues } from "./sort-values.ts";

/** The items that a query has to look at, in its order. */
export interface ItemStream {
  readonly items: Iterable<JsonObject>;
  position(item: JsonObject): ItemPosition;
  /** Items taken from the source so far. */
  itemsRead(): number;
  /** Says that the last item was only looked at: the next page takes it again, and counts it. */
  putBack(): void;
  /** Whether the stream ended before the items did: it had no need to hold more. */
  wasCut(): boolean;
}

export interface StreamOptions {
  readonly body: QueryBody;
  readonly row: Row;
  readonly source: ItemSource;
  /** Items up to here are done with. */
  readonly after?: ItemPosition;
  /** Most items that will be taken; Infinity where that is not known. */
  readonly wanted: number;
}

/** Ranges with no more items than this are read as a whole before anything else is tried. */
const MAX_CANDIDATES = 1000;

/** Opens the cheapest way to the items that the source offers. */
export function openItemStream(options: StreamOptions): ItemStream {
  const { body, row, source, after } = options;
  const keys = body.sortKeys;
  let read = 0;
  let cut = false;
  let readsOneByOne = false;

  const counted = function* (items: Iterable<JsonObject>): Iterable<JsonObject> {
    for (const item of items) {
      read += 1;
      yield item;
    }
  };
  const position = (item: JsonObject): ItemPosition => {
    row[ITEM_SLOT] = item;
    return { values: sortValues(keys, row), rid: ridOf(item) };
  };
  const isBehind = (item: JsonObject): boolean =>
    after === undefined || comparePositions(keys, position(item), after) > 0;
  const behind = function* (items: Iterable<JsonObject>): Iterable<JsonObject> {
    for (const item of items) {
      if (isBehind(item)) {
        yield item;
      }
    }
  };
  const sorted = (items: Iterable<JsonObject>): readonly JsonObject[] => {
    const result = sortItems(behind(items), options, position);
    cut = result.cut;
    return result.items;
  };

  const items = (): Iterable<JsonObject> => {
    const candidates = readCandidates(options);
    if (candidates) {
      read += candidates.length;
      return sorted(candidates);
    }
    const inOrder = openInOrder(options);
    readsOneByOne = inOrder !== undefined;
    return inOrder
      ? behind(counted(inOrder))
      : sorted(counted(openEquality(options) ?? source.scan()));
  };
  const putBack = (): void => {
    read -= readsOneByOne ? 1 : 0;
  };
  return { items: items(), position, itemsRead: () => read, putBack, wasCut: () => cut };
}

function ridOf(item: JsonObject): string {
  return typeof item._rid === "string" ? item._rid : "";
}

/** All items of a range that is short enough. */
function readCandidates({ body, source }: StreamOptions): readonly JsonObject[] | undefined {
  for (const range of body.ranges) {
    const candidates = readRange(range, source);
    if (candidates) {
      return candidates;
    }
  }
  return undefined;
}

function readRange(range: PathRange, source: ItemSource): readonly JsonObject[] | undefined {
  const single = (value: Json): RangeBounds => ({
    lower: { value, inclusive: true },
    upper: { value, inclusive: true },
  });
  const taken: JsonObject[] = [];
  for (const bounds of range.oneOf?.map(single) ?? [range.bounds]) {
    const items = source.range?.(range.path, bounds, "ascending");
    if (items === undefined || !takeFew(items, taken)) {
      return undefined;
    }
  }
  return taken;
}

/** Adds the items to those taken; false: there are too many. */
function takeFew(items: Iterable<JsonObject>, taken: JsonObject[]): boolean {
  for (const item of items) {
    if (taken.length === MAX_CANDIDATES) {
      return false;
    }
    taken.push(item);
  }
  return true;
}

/** Items that come in the query's order by themselves. */
function openInOrder(options: StreamOptions): Iterable<JsonObject> | undefined {
  const { body, source, after } = options;
  const [key, second] = body.sortKeys;
  if (key === undefined) {
    return openEquality(options) ?? source.scan(after?.rid);
  }
  const path = second === undefined ? namePath(key) : undefined;
  if (path === undefined) {
    return undefined;
  }
  const bounds: RangeBounds =
    body.ranges.find((range) => JSON.stringify(range.path) === JSON.stringify(path))?.bounds ?? {};
  const direction = key.descending ? "descending" : "ascending";
  return source.range?.(
    path,
    bounds,
    direction,
    after && { value: after.values[0], rid: after.rid },
  );
}

function namePath(key: SortKey): readonly string[] | undefined {
  return key.path?.every((member) => typeof member === "string") ? key.path : undefined;
}

/** Items with one value at one path: they come by `_rid`. */
function openEquality({ source, after, body }: StreamOptions): Iterable<JsonObject> | undefined {
  const range = body.ranges.find(({ equalTo }) => equalTo !== undefined);
  if (range?.equalTo === undefined) {
    return undefined;
  }
  const position =
    after && body.sortKeys.length === 0 ? { value: range.equalTo, rid: after.rid } : undefined;
  return source.range?.(range.path, range.bounds, "ascending", position);
}

/** Sorts the items that can make a row, and keeps no more than are wanted. */
function sortItems(
  items: Iterable<JsonObject>,
  { body, row, wanted }: StreamOptions,
  position: (item: JsonObject) => ItemPosition,
): { readonly items: readonly JsonObject[]; readonly cut: boolean } {
  const filter = body.oneRowPerItem ? body.where : undefined;
  const most = body.oneRowPerItem && !body.distinct ? wanted : Number.POSITIVE_INFINITY;
  let kept: { item: JsonObject; place: ItemPosition }[] = [];
  let cut = false;
  const sort = () => {
    kept.sort((left, right) => comparePositions(body.sortKeys, left.place, right.place));
    cut ||= kept.length > most;
    kept = kept.slice(0, most);
  };
  for (const item of items) {
    row[ITEM_SLOT] = item;
    if (filter === undefined || filter(row) === true) {
      kept.push({ item, place: position(item) });
      if (kept.length > 2 * most + 100) {
        sort();
      }
    }
  }
  sort();
  return { items: kept.map(({ item }) => item), cut };
}
