import {
  isSamePartitionKey,
  type PartitionKey,
  type PartitionKeyValue,
} from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { ItemOperations } from "../../items/item-operations.ts";
import type { GrantScope } from "../../tokens/grant-scope.ts";
import type { ApiField } from "../classes/api-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { coversContainer } from "../partitions/choose-partitions.ts";

/** `partitionKey` of the generic operations. */
export const PARTITION_KEY_ARGUMENT: ApiField = {
  name: "partitionKey",
  description:
    "The partition: a list with one value a level, or just the value where there is one level. The value null itself is `[null]`. Left out, your permissions tell the partition.",
  type: () => API_SCALARS.JSON,
  nullable: true,
};

/** A hierarchical key has three levels at most. Source: "Hierarchical partition keys", Overview. */
const MAX_LEVELS = 3;

/**
 * What a `partitionKey` argument says; undefined if it is left out or null.
 *
 * @throws GatewayError BAD_USER_INPUT for JSON that can't be a partition key.
 */
export function readPartitionKey(argument: unknown): PartitionKey | undefined {
  if (argument === undefined || argument === null) {
    return undefined;
  }
  const levels: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  if (levels.length === 0 || levels.length > MAX_LEVELS || !levels.every(isPartitionKeyValue)) {
    throw new GatewayError(
      "BAD_USER_INPUT",
      `\`partitionKey\` is a text, number, truth value or null for each level, ${MAX_LEVELS} levels at most.`,
    );
  }
  return levels;
}

/**
 * The partition that an operation on items is about: the argument's, or else the only one that the
 * caller's grants name. Whether the caller may, Cosmos DB decides.
 *
 * @param about the item, if it is there already; a write prefers grants that allow writing.
 * @throws GatewayError FORBIDDEN without any grant, BAD_USER_INPUT if several partitions are left.
 */
export function choosePartition(
  { grantsOn }: Pick<ItemOperations, "grantsOn">,
  container: string,
  given: PartitionKey | undefined,
  about: { readonly itemId?: string; readonly isWrite: boolean },
): PartitionKey {
  const usable = usableGrants(grantsOn(container), container, about.itemId);
  if (given !== undefined) {
    return given;
  }
  const writable = usable.filter(({ mode }) => mode === "All");
  return onlyPartition(about.isWrite && writable.length > 0 ? writable : usable);
}

/**
 * As `choosePartition`, for a query: undefined across the container, which one grant must cover.
 */
export function chooseQueryPartition(
  { grantsOn }: Pick<ItemOperations, "grantsOn">,
  container: string,
  given: PartitionKey | undefined,
): PartitionKey | undefined {
  const usable = usableGrants(grantsOn(container), container);
  if (given !== undefined) {
    return given;
  }
  return usable.some(coversContainer) ? undefined : onlyPartition(usable);
}

function usableGrants(grants: readonly GrantScope[], container: string, itemId?: string) {
  const usable = grants.filter(({ item }) => item === undefined || item === itemId);
  if (usable.length === 0) {
    throw new GatewayError("FORBIDDEN", "You have no permission there.", {
      logReason: `no grant in container ${JSON.stringify(container)}`,
    });
  }
  return usable;
}

function onlyPartition(grants: readonly GrantScope[]): PartitionKey {
  const keys: PartitionKey[] = [];
  for (const { partitionKey } of grants) {
    if (partitionKey === undefined) {
      throw argumentNeeded();
    }
    if (!keys.some((other) => isSamePartitionKey(other, partitionKey))) {
      keys.push(partitionKey);
    }
  }
  const [only] = keys;
  if (only === undefined || keys.length > 1) {
    throw argumentNeeded();
  }
  return only;
}

function argumentNeeded(): GatewayError {
  return new GatewayError(
    "BAD_USER_INPUT",
    "Your permissions don't tell which partition is meant. Give `partitionKey`.",
  );
}

function isPartitionKeyValue(value: unknown): value is PartitionKeyValue {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
