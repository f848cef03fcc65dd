import { isAddressableId } from "../../cosmos/addressable-id.ts";
import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { Item } from "../../items/item-operations.ts";
import { MAX_PATCH_OPERATIONS } from "../../items/patch-request.ts";
import { all, isAlways } from "../../items/sql/condition.ts";
import type { GrantScope } from "../../tokens/grant-scope.ts";
import { type ApiClass, REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { withArticle } from "../classes/with-article.ts";
import { givenFilter } from "../filters/given-filter.ts";
import { itemsCondition } from "../filters/items-condition.ts";
import { typeCondition } from "../filters/type-condition.ts";
import { toApiValue } from "../item-conversion.ts";
import type { ModelApi } from "../model-api.ts";
import { chooseOnePartition } from "../partitions/choose-partitions.ts";
import { coversPartition } from "../partitions/covers-partition.ts";
import { givenPartitionKey, partitionArguments } from "../partitions/partition-arguments.ts";
import type { Patch } from "./apply-patch.ts";
import { ifMatchArgument, ifMatchCondition } from "./if-match.ts";
import { type PatchChanges, patchChanges, patchCondition } from "./patch-changes.ts";
import type { ItemChange } from "./read-for-patch.ts";
import { rewriteItem } from "./rewrite-item.ts";
import { notFound } from "./write-operations.ts";

/** `patchOrder(id: ID!, patch: OrderPatch!, ifMatch, condition, tenantId): Order` */
export function patchOperation(api: ModelApi, patchClass: ApiClass): ApiOperation {
  const { type, names } = api;
  return {
    kind: "mutation",
    name: names.patch,
    complexity: REQUEST_COMPLEXITY,
    description: `Changes parts of ${withArticle(type.name)}, all of them or none, and gives it as stored. NOT_FOUND if there is none of this id.`,
    type: () => api.classes.outputOf(type.name),
    arguments: [
      { name: "id", description: `The ${type.name}'s id.`, type: () => API_SCALARS.ID },
      { name: "patch", description: "What to change.", type: () => patchClass },
      ifMatchArgument(type.name),
      {
        name: "condition",
        description: `Change it only if the ${type.name} fits this; otherwise PRECONDITION_FAILED.`,
        type: () => api.filters.filterOf(type.name),
        nullable: true,
      },
      ...partitionArguments(type, api.classes.inputOf),
    ],
    async resolve(args, { items }) {
      const id = String(args.id);
      const grants = items.grantsOn(type.container);
      const partitionKey = chooseOnePartition(type, givenPartitionKey(type, args), grants, id);
      if (!isAddressableId(id)) {
        throw notFound(type);
      }
      const ifMatch = ifMatchCondition(args)?.ifMatch;
      const filter = givenFilter(args.condition, "condition");
      // GraphQL has coerced the argument to the type's patch.
      const patch = args.patch as Patch;
      const change = { api, items, id, partitionKey, patch, filter, ifMatch };
      return toApiValue(api.model, type, await patchItem(change));
    },
  };
}

/**
 * Lets Cosmos DB patch the item, in one request. What its operations can't do with the item as it
 * is, such as setting a property of an object that isn't there, is done by reading and replacing
 * it.
 */
async function patchItem(change: ItemChange): Promise<Item> {
  const { api, items, id, partitionKey, ifMatch } = change;
  const { type } = api;
  const native = patchChanges(api.model, type, change.patch);
  if (native === undefined || !canSend(native, items.grantsOn(type.container), partitionKey)) {
    return rewriteItem(change);
  }
  const condition = all(itemsCondition(api, change.filter), native.condition);
  try {
    return await items.patch(type.container, id, native.operations, partitionKey, {
      ...(ifMatch !== undefined && { ifMatch }),
      ...patchCondition(condition),
    });
  } catch (error) {
    switch (error instanceof GatewayError ? error.code : undefined) {
      case "NOT_FOUND":
        throw notFound(type);
      case "BAD_USER_INPUT":
        return rewriteItem(change);
      case "PRECONDITION_FAILED":
        if (isAlways(all(typeCondition(type), native.condition))) {
          throw error;
        }
        // Cosmos DB doesn't say whose condition was not fulfilled. The item tells.
        return rewriteItem(change);
      default:
        throw error;
    }
  }
}

/** More than ten operations are a transaction, which a permission on a single item can't send. */
function canSend(
  { operations }: PatchChanges,
  grants: readonly GrantScope[],
  partitionKey: PartitionKey,
): boolean {
  return operations.length <= MAX_PATCH_OPERATIONS || coversPartition(grants, partitionKey);
}
