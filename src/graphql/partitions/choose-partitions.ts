import {
  isSamePartitionKey,
  type PartitionKey,
  type PartitionKeyValue,
} from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { PartitionChoice } from "../../items/sql/partition-choice.ts";
import type { QueriedType } from "../../model/model.ts";
import type { GrantScope } from "../../tokens/grant-scope.ts";
import { type GivenPartitionKey, partitionArgumentList } from "./partition-arguments.ts";

/**
 * Where an operation runs: the partition that the arguments name, or else what the caller's grants
 * on the container leave. This chooses where to ask; whether the caller may, Cosmos DB decides.
 *
 * @param itemId the item that the operation is about, absent for a list.
 * @throws GatewayError FORBIDDEN without any fitting grant, BAD_USER_INPUT naming the argument that
 * would tell the partition.
 */
export function choosePartitions(
  type: QueriedType,
  given: GivenPartitionKey,
  grants: readonly GrantScope[],
  itemId?: string,
): PartitionChoice {
  const usable = grants.filter((grant) => grant.item === undefined || grant.item === itemId);
  if (usable.length === 0) {
    throw new GatewayError("FORBIDDEN", `You have no permission on ${type.name} items.`);
  }
  const full = fullKey(given);
  if (full !== undefined) {
    return { kind: "one", partitionKey: full };
  }
  if (usable.some(coversContainer)) {
    return chooseInContainer(type, given);
  }
  const keys = keysOf(usable, given);
  const [first] = keys;
  if (first === undefined) {
    // Only grants on the item itself are left, and those don't tell its partition.
    throw usable.some((grant) => grant.partitionKey === undefined)
      ? argumentNeeded(type, "You have a permission on this item alone")
      : new GatewayError("FORBIDDEN", `You have no permission on these ${type.name} items.`);
  }
  if (keys.length === 1) {
    return { kind: "one", partitionKey: first };
  }
  if (keys.some((key) => key.length < type.partitionKey.length)) {
    throw argumentNeeded(type, "Your permissions are on parts of a hierarchical partition key");
  }
  return { kind: "several", partitionKeys: keys };
}

/**
 * The one partition of a write or of another operation that can't run in several.
 *
 * @throws GatewayError as `choosePartitions`, and BAD_USER_INPUT where several partitions are left.
 */
export function chooseOnePartition(
  type: QueriedType,
  given: GivenPartitionKey,
  grants: readonly GrantScope[],
  itemId?: string,
): PartitionKey {
  // Where just some of the grants allow writing, a write can only be meant for those.
  const writable = grants.filter((grant) => grant.mode === "All");
  const choice = choosePartitions(type, given, writable.length > 0 ? writable : grants, itemId);
  if (choice.kind === "one" && choice.partitionKey.length === type.partitionKey.length) {
    return choice.partitionKey;
  }
  throw argumentNeeded(type, "Your permissions don't tell which partition is meant");
}

export function argumentNeeded(type: QueriedType, reason: string): GatewayError {
  return new GatewayError("BAD_USER_INPUT", `${reason}. Give ${partitionArgumentList(type)}.`);
}

function chooseInContainer(type: QueriedType, given: GivenPartitionKey): PartitionChoice {
  const firstGap = given.indexOf(undefined);
  if (given.slice(firstGap).some((value) => value !== undefined)) {
    throw argumentNeeded(
      type,
      "An inner level of the partition key is given without the outer one",
    );
  }
  const prefix = given.slice(0, firstGap).filter((value) => value !== undefined);
  return prefix.length === 0 ? { kind: "container" } : { kind: "one", partitionKey: prefix };
}

/** The grants' partition keys that agree with what is given, completed by it; each once. */
function keysOf(grants: readonly GrantScope[], given: GivenPartitionKey): readonly PartitionKey[] {
  const keys: PartitionKey[] = [];
  for (const { partitionKey } of grants) {
    if (partitionKey === undefined || !agrees(partitionKey, given)) {
      continue;
    }
    const key = complete(partitionKey, given);
    if (!keys.some((other) => isSamePartitionKey(other, key))) {
      keys.push(key);
    }
  }
  return keys;
}

function agrees(key: PartitionKey, given: GivenPartitionKey): boolean {
  return key.every((value, level) => given[level] === undefined || given[level] === value);
}

function complete(key: PartitionKey, given: GivenPartitionKey): PartitionKey {
  const levels: PartitionKeyValue[] = [...key];
  for (const value of given.slice(key.length)) {
    if (value === undefined) {
      break;
    }
    levels.push(value);
  }
  return levels;
}

function fullKey(given: GivenPartitionKey): PartitionKey | undefined {
  const levels = given.filter((value) => value !== undefined);
  return levels.length === given.length ? levels : undefined;
}

/** Whether the grant is on the whole container. */
export function coversContainer(grant: GrantScope): boolean {
  return grant.item === undefined && grant.partitionKey === undefined;
}
