import { GatewayError } from "../gateway-error.ts";
import type { Item, ItemBody, ItemOperations } from "../items/item-operations.ts";
import { all, equal } from "../items/sql/condition.ts";
import { selectQuery } from "../items/sql/select-query.ts";
import type { PartitionKey } from "../partition-key.ts";
import { applyPatch, type Patch } from "./apply-patch.ts";
import { isOfType } from "./item-conversion.ts";
import { itemsCondition } from "./items-condition.ts";
import type { ModelApi } from "./model-api.ts";
import type { OperationArguments } from "./resolver-class.ts";
import { notFound } from "./write-operations.ts";

/** How often a patch starts again because someone else wrote the item in between. */
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
 * Reads the item, changes it, and replaces the very version that was read: so it is atomic with any
 * changes, and the condition holds of what it changes. For what `nativePatch` can't do, and a patch
 * of nothing, which has no operations that Cosmos DB would take.
 *
 * @throws GatewayError as `patchOrder` does.
 */
export async function rewriteItem(change: ItemChange): Promise<Item> {
  const { api, items, id, partitionKey, patch, ifMatch } = change;
  const { model, type } = api;
  for (let attempt = 1; ; attempt += 1) {
    const before = await readForPatch(change);
    if (ifMatch !== undefined && ifMatch !== before._etag) {
      throw changedMeanwhile();
    }
    // A patch never changes the id, which every item has.
    const body = applyPatch(model, type, before, patch) as ItemBody;
    try {
      const bound = { ifMatch: before._etag };
      return await items.replace(type.container, id, body, partitionKey, bound);
    } catch (error) {
      const isOvertaken =
        error instanceof GatewayError &&
        error.code === "PRECONDITION_FAILED" &&
        ifMatch === undefined;
      if (!isOvertaken || attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
}

async function readForPatch({ api, items, id, partitionKey, filter }: ItemChange): Promise<Item> {
  const { type } = api;
  if (filter !== undefined) {
    const query = selectQuery({
      condition: all(equal(["id"], id), itemsCondition(api, filter)),
      orderBy: [],
    });
    const [fitting] = await items.query<Item>(type.container, query, partitionKey, { limit: 1 });
    if (fitting !== undefined) {
      return fitting;
    }
  }
  const item = await items.read(type.container, id, partitionKey);
  if (item === undefined || !isOfType(type, item)) {
    throw notFound(type);
  }
  if (filter !== undefined) {
    throw new GatewayError("PRECONDITION_FAILED", `The ${type.name} doesn't fit the condition.`);
  }
  return item;
}

function changedMeanwhile(): GatewayError {
  return new GatewayError("PRECONDITION_FAILED", "The item has changed since the given version.");
}
