import { GatewayError } from "../gateway-error.ts";
import { filterPredicate } from "../items/filter-predicate.ts";
import type { Item, ItemBody, ItemOperations } from "../items/item-operations.ts";
import { MAX_PATCH_OPERATIONS } from "../items/patch-request.ts";
import { all, type Condition, equal } from "../items/sql/condition.ts";
import { selectQuery } from "../items/sql/select-query.ts";
import { isPartitionKeyPrefix, type PartitionKey } from "../partition-key.ts";
import type { Grant } from "../tokens/grant.ts";
import { isAddressableId } from "../tokens/addressable-id.ts";
import { type ApiClass, REQUEST_COMPLEXITY } from "./api-class.ts";
import { applyPatch, type Patch } from "./apply-patch.ts";
import { chooseOnePartition } from "./choose-partitions.ts";
import { isOfType, toApiValue } from "./item-conversion.ts";
import { itemsCondition } from "./items-condition.ts";
import type { ModelApi } from "./model-api.ts";
import { givenPartitionKey, partitionArguments } from "./partition-arguments.ts";
import { type NativePatch, nativePatch } from "./patch-operations.ts";
import type { ApiOperation, OperationArguments } from "./resolver-class.ts";
import { API_SCALARS } from "./scalars.ts";
import { typeCondition } from "./type-condition.ts";
import { ifMatchArgument, notFound } from "./write-operations.ts";

/** How often a patch starts again because someone else wrote the item in between. */
const MAX_ATTEMPTS = 10;

/** `patchOrder(id: ID!, patch: OrderPatch!, ifMatch, condition, tenantId): Order!` */
export function patchOperation(api: ModelApi, patchClass: ApiClass): ApiOperation {
  const { type, names } = api;
  return {
    kind: "mutation",
    name: names.patch,
    complexity: REQUEST_COMPLEXITY,
    description: `Changes parts of a ${type.name}, all of them or none, and gives it as stored. NOT_FOUND if there is none of this id.`,
    type: () => api.classes.outputOf(type.name),
    arguments: [
      { name: "id", description: `The ${type.name}'s id.`, type: () => API_SCALARS.ID },
      { name: "patch", description: "What to change.", type: () => patchClass },
      ifMatchArgument(type),
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
      return toApiValue(api.model, type, await patchItem(api, items, id, partitionKey, args));
    },
  };
}

/**
 * Lets Cosmos DB patch the item, in one request. What its operations can't do with the item as it is,
 * such as setting a property of an object that isn't there, is done by reading and replacing it.
 */
async function patchItem(
  api: ModelApi,
  items: ItemOperations,
  id: string,
  partitionKey: PartitionKey,
  args: OperationArguments,
): Promise<Item> {
  const { model, type } = api;
  // GraphQL has coerced the argument to the type's patch.
  const native = nativePatch(model, type, args.patch as Patch);
  const rewrite = () => rewriteItem(api, items, id, partitionKey, args);
  if (native === undefined || !canSend(native, items.grantsOn(type.container), partitionKey)) {
    return rewrite();
  }
  const condition = all(itemsCondition(api, args.condition), native.condition);
  try {
    return await items.patch(type.container, id, native.operations, partitionKey, {
      ...(typeof args.ifMatch === "string" && { ifMatch: args.ifMatch }),
      ...(!isAlways(condition) && { condition: filterPredicate(condition) }),
    });
  } catch (error) {
    switch (error instanceof GatewayError ? error.code : undefined) {
      case "NOT_FOUND":
        throw notFound(type);
      case "BAD_USER_INPUT":
        return rewrite();
      case "PRECONDITION_FAILED":
        break;
      default:
        throw error;
    }
    if (isAlways(all(typeCondition(type), native.condition))) {
      throw error;
    }
    // Cosmos DB doesn't say what of it was not fulfilled.
    const item = await items.read(type.container, id, partitionKey);
    if (item === undefined || !isOfType(type, item)) {
      throw notFound(type);
    }
    if (typeof args.ifMatch !== "string" && (args.condition ?? null) === null) {
      return rewrite();
    }
    applyPatch(model, type, item, args.patch as Patch);
    throw error;
  }
}

/** More than ten operations are a transaction, which a permission on a single item can't send. */
function canSend(
  { operations }: NativePatch,
  grants: readonly Grant[],
  partitionKey: PartitionKey,
): boolean {
  return (
    operations.length <= MAX_PATCH_OPERATIONS ||
    grants.some(
      (grant) =>
        grant.item === undefined &&
        (grant.partitionKey === undefined || isPartitionKeyPrefix(grant.partitionKey, partitionKey)),
    )
  );
}

function isAlways(condition: Condition): boolean {
  return condition.kind === "all" && condition.conditions.length === 0;
}

/**
 * Reads the item, changes it, and replaces the very version that was read: so it is atomic with any
 * changes, and the condition holds of what it changes. For what `nativePatch` can't do, and a patch
 * of nothing, which has no operations that Cosmos DB would take.
 */
async function rewriteItem(
  api: ModelApi,
  items: ItemOperations,
  id: string,
  partitionKey: PartitionKey,
  args: OperationArguments,
): Promise<Item> {
  const { model, type } = api;
  for (let attempt = 1; ; attempt += 1) {
    const before = await readForPatch(api, items, id, partitionKey, args.condition);
    if (typeof args.ifMatch === "string" && args.ifMatch !== before._etag) {
      throw changedMeanwhile();
    }
    const body = { ...applyPatch(model, type, before, args.patch as Patch), id } as ItemBody;
    try {
      const bound = { ifMatch: before._etag };
      return await items.replace(type.container, id, body, partitionKey, bound);
    } catch (error) {
      const isOvertaken =
        error instanceof GatewayError &&
        error.code === "PRECONDITION_FAILED" &&
        typeof args.ifMatch !== "string";
      if (!isOvertaken || attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
}

async function readForPatch(
  api: ModelApi,
  items: ItemOperations,
  id: string,
  partitionKey: PartitionKey,
  condition: unknown,
): Promise<Item> {
  const { type } = api;
  if (condition !== null && condition !== undefined) {
    const query = selectQuery({
      condition: all(equal(["id"], id), itemsCondition(api, condition)),
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
  if (condition !== null && condition !== undefined) {
    throw new GatewayError("PRECONDITION_FAILED", `The ${type.name} doesn't fit the condition.`);
  }
  return item;
}

function changedMeanwhile(): GatewayError {
  return new GatewayError("PRECONDITION_FAILED", "The item has changed since the given version.");
}
