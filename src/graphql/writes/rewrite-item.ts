import { GatewayError } from "../../gateway-error.ts";
import type { Item, ItemBody } from "../../items/item-operations.ts";
import { applyPatch } from "./apply-patch.ts";
import { type ItemChange, readForPatch } from "./read-for-patch.ts";

/** How often a patch starts again because someone else wrote the item in between. */
const MAX_ATTEMPTS = 10;

/**
 * Reads the item, changes it, and replaces the very version that was read: so it is atomic with any
 * changes, and the condition holds of what it changes. For what `patchChanges` can't do, and a
 * patch of nothing, which has no operations that Cosmos DB would take.
 *
 * @throws GatewayError as `patchOrder` does.
 */
export async function rewriteItem(change: ItemChange): Promise<Item> {
  const { api, items, id, partitionKey, patch, ifMatch } = change;
  const { model, type } = api;
  for (let attempt = 1; ; attempt += 1) {
    const before = await readForPatch(change);
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
