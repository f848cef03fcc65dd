import type { JsonObject } from "../json.ts";
import type { ItemSource } from "../sql/item-source.ts";
import type { ContainerStore, LogicalPartition } from "../store/container-store.ts";
import { isPrefixOf, type PartitionKey } from "../store/partition-key.ts";
import type { PhysicalPartition } from "../store/physical-partition.ts";
import { itemNumber } from "../store/resource-id.ts";
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

/** The living items of a scope, in `_rid` order. */
export function scopedItems(container: ContainerStore, scope: ItemScope): Iterable<StoredItem> {
  if (scope.kind === "partitionKey") {
    const levels = container.definition.partitionKey.paths.length;
    return scope.key.length === levels
      ? (container.logicalPartition(scope.key)?.items.values() ?? [])
      : itemsUnderPrefix(container, scope.key);
  }
  const { physical, feedRange } = scope;
  return feedRange === undefined
    ? physical.items.values()
    : itemsInFeedRange(container, physical, feedRange);
}

/** The items of all partitions below a prefix of a hierarchical key. */
function itemsUnderPrefix(container: ContainerStore, prefix: PartitionKey): Iterable<StoredItem> {
  const partitions: LogicalPartition[] = [];
  for (const partition of container.logicalPartitions()) {
    if (isPrefixOf(prefix, partition.key)) {
      partitions.push(partition);
    }
  }
  return partitions
    .flatMap((partition) => [...partition.items.values()])
    .sort((left, right) => left.number - right.number);
}

function* itemsInFeedRange(
  container: ContainerStore,
  physical: PhysicalPartition,
  { min, max }: { readonly min: string; readonly max: string },
): Iterable<StoredItem> {
  for (const item of physical.items.values()) {
    const place = container.effectiveKey(item.key);
    if (min <= place && place < max) {
      yield item;
    }
  }
}

/** A scope as a query reads it. */
export function itemSourceOf(container: ContainerStore, scope: ItemScope): ItemSource {
  return {
    scan: (afterRid) => scan(container, scope, afterRid),
  };
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
