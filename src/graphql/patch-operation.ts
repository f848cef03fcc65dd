import { GatewayError } from "../gateway-error.ts";
import type { Item, ItemBody, ItemOperations } from "../items/item-operations.ts";
import { all, equal } from "../items/sql/condition.ts";
import { selectQuery } from "../items/sql/select-query.ts";
import type { PartitionKey } from "../partition-key.ts";
import { isAddressableId } from "../tokens/addressable-id.ts";
import { type ApiClass, REQUEST_COMPLEXITY } from "./api-class.ts";
import { applyPatch, type Patch } from "./apply-patch.ts";
import { chooseOnePartition } from "./choose-partitions.ts";
import { isOfType, toApiValue } from "./item-conversion.ts";
import { itemsCondition } from "./items-condition.ts";
import type { ModelApi } from "./model-api.ts";
import { givenPartitionKey, partitionArguments } from "./partition-arguments.ts";
import type { ApiOperation, OperationArguments } from "./resolver-class.ts";
import { API_SCALARS } from "./scalars.ts";
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
 * Reads the item, changes it, and replaces the very version that was read: so a patch is atomic with
 * any number of changes, its condition holds of what it changes, and an item of another type in the
 * container is safe. Cosmos DB's own patch takes ten changes and knows no types.
 */
async function patchItem(
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
    // GraphQL has coerced the argument to the type's patch.
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
