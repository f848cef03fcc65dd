import type { Json, JsonObject } from "../json.ts";

export type RangeDirection = "ascending" | "descending";

export interface RangeBound {
  readonly value: Json;
  readonly inclusive: boolean;
}

/**
 * Bounds in the order of `compareValues`, in which every type has its place: undefined, null,
 * booleans, numbers, strings, arrays, objects. Without `lower`, items that lack the property belong
 * to the range too.
 */
export interface RangeBounds {
  readonly lower?: RangeBound;
  readonly upper?: RangeBound;
}

/**
 * A place between two items of an ordered range: just after the item `rid` with this value of the
 * property.
 */
export interface RangePosition {
  /** Undefined: the item had no such property. */
  readonly value: Json | undefined;
  readonly rid: string;
}

/** Where a query finds its items: a container, or a part of it such as one partition. */
export interface ItemSource {
  /**
   * Items in `_rid` order (see `compareRids`), from the first one after `afterRid`, which may be
   * gone by now.
   */
  scan(afterRid?: string): Iterable<JsonObject>;

  /**
   * Items whose value at `path` lies within `bounds`, ordered by it (`compareValues`) and, where
   * equal, by `_rid`; "descending" is exactly the reverse of "ascending". `after` is a hint: a
   * source may start right behind it, or ignore it. Undefined: no ordered index for this path.
   */
  range?(
    path: readonly string[],
    bounds: RangeBounds,
    direction: RangeDirection,
    after?: RangePosition,
  ): Iterable<JsonObject> | undefined;
}
