import type { JsonObject } from "../json.ts";
import { isPrefixOf, type PartitionKey } from "../partition-keys/stored-partition-key.ts";
import { itemNumber } from "../resources/resource-id.ts";
import type { ItemSource } from "../sql/item-source.ts";
import type { ContainerStore } from "../store/container-store.ts";
import { orderedIndexOf, type PhysicalPartition } from "../store/physical-partition.ts";
import type { StoredItem } from "../store/stored-item.ts";

/** A part of a container whose items a request may see. */
export type ItemScope =
  | { readonly kind: "partitionKey"; readonly key: PartitionKey }
  | {
      readonly kind: "range";
      readonly physical: PhysicalPartition;
      /** Narrows the range, where a client asks for a part of it: `[min, max)` on the ring. */
      readonly feedRange?: { readonly min: string; readonly max: string };
    };

/** True for an item of the scope's range or ranges that belongs to the scope. */
export function isInScope(container: ContainerStore, scope: ItemScope, item: StoredItem): boolean {
  if (scope.kind === "partitionKey") {
    return isPrefixOf(scope.key, item.key);
  }
  if (scope.feedRange === undefined) {
    return true;
  }
  const place = container.effectiveKey(item.key);
  return scope.feedRange.min <= place && place < scope.feedRange.max;
}

/** A scope as a query reads it. */
export function itemSourceOf(container: ContainerStore, scope: ItemScope): ItemSource {
  return {
    scan: (afterRid) => scan(container, scope, afterRid),
    range: (path, bounds, direction, position) => {
      const physical = indexedPartition(container, scope);
      return physical === undefined
        ? undefined
        : livingBodies(
            container,
            scope,
            orderedIndexOf(physical, path).range(bounds, direction, position),
          );
    },
  };
}

/** Fewer items than this are sorted as quickly as an index is made. */
const FEWEST_INDEXED_ITEMS = 1000;

/**
 * A key's items are picked out of its physical partition's index only where they are at least this
 * share of it.
 */
const SMALLEST_INDEXED_SHARE = 0.05;

/**
 * The partition whose index serves a scope; undefined where reading the scope's items is as quick.
 */
function indexedPartition(
  container: ContainerStore,
  scope: ItemScope,
): PhysicalPartition | undefined {
  if (scope.kind === "range") {
    return scope.physical.items.size < FEWEST_INDEXED_ITEMS ? undefined : scope.physical;
  }
  const logical = container.logicalPartition(scope.key);
  return logical === undefined ||
    logical.items.size < FEWEST_INDEXED_ITEMS ||
    logical.items.size < logical.physical.items.size * SMALLEST_INDEXED_SHARE
    ? undefined
    : logical.physical;
}

function* livingBodies(
  container: ContainerStore,
  scope: ItemScope,
  items: Iterable<StoredItem>,
): Iterable<JsonObject> {
  for (const item of items) {
    if (container.isAlive(item) && isInScope(container, scope, item)) {
      yield item.body;
    }
  }
}

function* scan(
  container: ContainerStore,
  scope: ItemScope,
  afterRid: string | undefined,
): Iterable<JsonObject> {
  const afterNumber = afterRid === undefined ? 0 : (itemNumber(afterRid) ?? 0);
  const mayExpire = container.definition.defaultTtl !== undefined;
  for (const item of scopedItems(container, scope)) {
    if (item.number > afterNumber && (!mayExpire || container.isAlive(item))) {
      yield item.body;
    }
  }
}

/** The scope's items in `_rid` order, expired ones included. */
function scopedItems(container: ContainerStore, scope: ItemScope): Iterable<StoredItem> {
  if (scope.kind === "partitionKey") {
    return scope.key.length === container.definition.partitionKey.paths.length
      ? (container.logicalPartition(scope.key)?.items.values() ?? [])
      : itemsUnderPrefix(container, scope.key);
  }
  return scope.feedRange === undefined
    ? scope.physical.items.values()
    : filter(scope.physical.items.values(), (item) => isInScope(container, scope, item));
}

/** The items of all partitions below a prefix of a hierarchical key. */
function itemsUnderPrefix(container: ContainerStore, prefix: PartitionKey): Iterable<StoredItem> {
  const partitions = filter(container.logicalPartitions(), ({ key }) => isPrefixOf(prefix, key));
  return [...partitions]
    .flatMap(({ items }) => [...items.values()])
    .sort((left, right) => left.number - right.number);
}

function* filter<T>(values: Iterable<T>, fits: (value: T) => boolean): Iterable<T> {
  for (const value of values) {
    if (fits(value)) {
      yield value;
    }
  }
}
