import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import { filterPredicate } from "../../items/filter-predicate.ts";
import type { Item, ItemOperations } from "../../items/item-operations.ts";
import { PrefixQueryError } from "../../items/prefix-query-error.ts";
import { type JudgedItem, judgedItemQuery } from "../../items/queries/judged-item-query.ts";
import type { OperationArguments } from "../classes/resolver-class.ts";
import { itemsCondition } from "../filters/items-condition.ts";
import { isOfType } from "../item-conversion.ts";
import type { ModelApi } from "../model-api.ts";
import { coversPartition } from "../partitions/covers-partition.ts";
import type { Patch } from "./apply-patch.ts";
import { notFound } from "./write-operations.ts";

/** How often an item is read again because someone else wrote it while its condition was tested. */
const MAX_ATTEMPTS = 10;

/** A patch of one item, with what it is made under. */
export interface ItemChange {
  readonly api: ModelApi;
  readonly items: ItemOperations;
  readonly id: string;
  readonly partitionKey: PartitionKey;
  readonly patch: Patch;
  /** The condition, as GraphQL coerced it. */
  readonly filter: OperationArguments | undefined;
  readonly ifMatch: string | undefined;
}

/**
 * The item that a patch is about, if it is one that the caller's conditions let be changed. Item
 * and conditions are of one version, so that whatever else is wrong with the patch comes after
 * them.
 *
 * One request; two with a condition and a permission that can't query: one on this item alone, or
 * on outer levels of the partition key.
 *
 * @throws GatewayError NOT_FOUND, or PRECONDITION_FAILED for a condition that does not hold.
 */
export async function readForPatch(change: ItemChange): Promise<Item> {
  const { api, items, id, partitionKey, filter } = change;
  const { container } = api.type;
  if (filter === undefined) {
    return ofGivenVersion(change, await items.read(container, id, partitionKey));
  }
  const condition = itemsCondition(api, filter);
  if (!coversPartition(items.grantsOn(container), partitionKey)) {
    return readAndProbe(change, filterPredicate(condition));
  }
  let row: JudgedItem | undefined;
  try {
    const query = judgedItemQuery(id, condition);
    [row] = await items.query<JudgedItem>(container, query, partitionKey, { limit: 1 });
  } catch (error) {
    if (!(error instanceof PrefixQueryError)) {
      throw error;
    }
    // Under such a permission Cosmos DB reads and writes single items.
    return readAndProbe(change, filterPredicate(condition));
  }
  const item = ofGivenVersion(change, row?.item);
  if (row?.fits !== true) {
    throw unfit(change);
  }
  return item;
}

/** @throws GatewayError NOT_FOUND, or PRECONDITION_FAILED if it is not the version of `ifMatch`. */
function ofGivenVersion({ api, ifMatch }: ItemChange, item: Item | undefined): Item {
  if (item === undefined || !isOfType(api.type, item)) {
    throw notFound(api.type);
  }
  if (ifMatch !== undefined && ifMatch !== item._etag) {
    throw new GatewayError("PRECONDITION_FAILED", "The item has changed since the given version.");
  }
  return item;
}

/** Lets Cosmos DB test the condition in a patch of the version that was read. */
async function readAndProbe(change: ItemChange, condition: string): Promise<Item> {
  const { api, items, id, partitionKey } = change;
  const { container } = api.type;
  let refusedVersion: string | undefined;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const item = ofGivenVersion(change, await items.read(container, id, partitionKey));
    if (item._etag === refusedVersion) {
      break;
    }
    // Taking away what the item doesn't have is refused, so that nothing can be written.
    const probe = [{ op: "remove", path: [absentName(item)] }] as const;
    const bound = { ifMatch: item._etag, condition };
    const refusal = await refusalOf(items.patch(container, id, probe, partitionKey, bound));
    if (refusal.code === "BAD_USER_INPUT") {
      return item;
    }
    if (refusal.code !== "PRECONDITION_FAILED") {
      throw refusal;
    }
    refusedVersion = item._etag;
  }
  throw unfit(change);
}

async function refusalOf(probe: Promise<unknown>): Promise<GatewayError> {
  try {
    await probe;
  } catch (error) {
    if (error instanceof GatewayError) {
      return error;
    }
    throw error;
  }
  throw new Error("Cosmos DB took away a property that was not there.");
}

function absentName(item: Item): string {
  let name = "absent";
  while (Object.hasOwn(item, name)) {
    name += "_";
  }
  return name;
}

function unfit({ api }: ItemChange): GatewayError {
  return new GatewayError("PRECONDITION_FAILED", `The ${api.type.name} doesn't fit the condition.`);
}
