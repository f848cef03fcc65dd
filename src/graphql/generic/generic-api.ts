import { isAddressableId } from "../../cosmos/addressable-id.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { ItemBody, WriteCondition } from "../../items/item-operations.ts";
import { type ApiField, REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation, OperationArguments } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import type { RequestContext } from "../request-context.ts";
import { upsertWithoutId } from "../writes/write-operations.ts";
import { choosePartition, PARTITION_KEY_ARGUMENT, readPartitionKey } from "./generic-partition.ts";
import { createPatchOperationClass, readPatchOperations } from "./generic-patch.ts";
import { type GenericQueryOptions, genericQueryOperation } from "./generic-query.ts";

export interface GenericApiOptions extends GenericQueryOptions {
  /** Makes the id of an item that is created without one. */
  readonly createId: () => string;
}

/**
 * Operations over plain JSON and SQL, for every container that the caller has a permission on. They
 * add nothing to what a caller may do: Cosmos DB decides by the token and the partition-key header
 * of each request, whatever its SQL or its item says.
 */
export function genericOperations(options: GenericApiOptions): readonly ApiOperation[] {
  const patchOperation = createPatchOperationClass();
  return [
    {
      kind: "query",
      name: "item",
      complexity: REQUEST_COMPLEXITY,
      description: "The item with this id as Cosmos DB stores it, or null.",
      type: () => API_SCALARS.JSON,
      arguments: [CONTAINER, ID, PARTITION_KEY_ARGUMENT],
      resolve: async (args, { items }) => {
        const place = placeOf(args, items, { itemId: idOf(args), isWrite: false });
        // What Cosmos DB doesn't allow as an id, no item has.
        return isAddressableId(idOf(args))
          ? ((await items.read(place.container, idOf(args), place.partitionKey)) ?? null)
          : null;
      },
    },
    genericQueryOperation(options),
    {
      kind: "mutation",
      name: "createItem",
      complexity: REQUEST_COMPLEXITY,
      description:
        "Creates an item and gives it as stored. CONFLICT if its id is taken in its partition.",
      type: () => API_SCALARS.JSON,
      arguments: [CONTAINER, NEW_ITEM, PARTITION_KEY_ARGUMENT],
      resolve: async (args, { items }) => {
        const place = placeOf(args, items, { isWrite: true });
        const body = bodyOf(args, options.createId);
        return items.create(place.container, body, place.partitionKey);
      },
    },
    {
      kind: "mutation",
      name: "upsertItem",
      complexity: REQUEST_COMPLEXITY,
      description:
        "Creates an item, or replaces the one with its id, and gives it as stored. With `ifMatch` it must exist.",
      type: () => API_SCALARS.JSON,
      arguments: [CONTAINER, NEW_ITEM, PARTITION_KEY_ARGUMENT, IF_MATCH],
      resolve: async (args, { items }) => {
        const condition = conditionOf(args);
        const place = placeOf(args, items, { isWrite: true });
        const body = bodyOf(args, () => {
          if (condition.ifMatch !== undefined) {
            throw upsertWithoutId("item");
          }
          return options.createId();
        });
        return items.upsert(place.container, body, place.partitionKey, condition);
      },
    },
    {
      kind: "mutation",
      name: "replaceItem",
      complexity: REQUEST_COMPLEXITY,
      description:
        "Replaces an item as a whole and gives it as stored. NOT_FOUND if there is none of this id.",
      type: () => API_SCALARS.JSON,
      arguments: [
        CONTAINER,
        ID,
        {
          name: "item",
          description: "The item as it is to be. Its id may be left out.",
          type: () => API_SCALARS.JSON,
        },
        PARTITION_KEY_ARGUMENT,
        IF_MATCH,
      ],
      resolve: async (args, { items }) => {
        const id = idOf(args);
        const place = placeOf(args, items, { itemId: id, isWrite: true });
        const body = bodyOf(args, () => id);
        if (body.id !== id) {
          throw new GatewayError(
            "BAD_USER_INPUT",
            "The argument `id` and the item's `id` are different. An item can't change its id.",
          );
        }
        return items.replace(place.container, id, body, place.partitionKey, conditionOf(args));
      },
    },
    {
      kind: "mutation",
      name: "patchItem",
      complexity: REQUEST_COMPLEXITY,
      description:
        "Changes parts of an item, all or nothing, and gives it as stored. NOT_FOUND if there is none of this id.",
      type: () => API_SCALARS.JSON,
      arguments: [
        CONTAINER,
        ID,
        {
          name: "operations",
          description: "What to change, one after the other. Cosmos DB's patch operations.",
          type: () => [patchOperation],
        },
        PARTITION_KEY_ARGUMENT,
        IF_MATCH,
        {
          name: "condition",
          description:
            "Patch only if the item fulfils this filter predicate, such as `FROM c WHERE c.total > 10`; otherwise PRECONDITION_FAILED.",
          type: () => API_SCALARS.String,
          nullable: true,
        },
      ],
      resolve: async (args, { items }) => {
        const id = idOf(args);
        const place = placeOf(args, items, { itemId: id, isWrite: true });
        const operations = readPatchOperations(args.operations);
        return items.patch(place.container, id, operations, place.partitionKey, {
          ...conditionOf(args),
          ...(typeof args.condition === "string" && { condition: args.condition }),
        });
      },
    },
    {
      kind: "mutation",
      name: "deleteItem",
      complexity: REQUEST_COMPLEXITY,
      description: "Deletes an item and gives its id. NOT_FOUND if there is none of this id.",
      type: () => API_SCALARS.ID,
      arguments: [CONTAINER, ID, PARTITION_KEY_ARGUMENT, IF_MATCH],
      resolve: async (args, { items }) => {
        const id = idOf(args);
        const place = placeOf(args, items, { itemId: id, isWrite: true });
        await items.delete(place.container, id, place.partitionKey, conditionOf(args));
        return id;
      },
    },
  ];
}

const CONTAINER: ApiField = {
  name: "container",
  description: "The id of the container.",
  type: () => API_SCALARS.String,
};

const ID: ApiField = { name: "id", description: "The item's id.", type: () => API_SCALARS.ID };

const NEW_ITEM: ApiField = {
  name: "item",
  description: "The item, a JSON object. Without an `id` it gets a new one.",
  type: () => API_SCALARS.JSON,
};

const IF_MATCH: ApiField = {
  name: "ifMatch",
  description: "Write only if the item's `_etag` is this one; otherwise PRECONDITION_FAILED.",
  type: () => API_SCALARS.String,
  nullable: true,
};

function placeOf(
  args: OperationArguments,
  items: RequestContext["items"],
  about: { readonly itemId?: string; readonly isWrite: boolean },
) {
  const container = String(args.container);
  const given = readPartitionKey(args.partitionKey);
  return { container, partitionKey: choosePartition(items, container, given, about) };
}

function idOf(args: OperationArguments): string {
  return String(args.id);
}

function conditionOf(args: OperationArguments): WriteCondition {
  return typeof args.ifMatch === "string" ? { ifMatch: args.ifMatch } : {};
}

/** @throws GatewayError BAD_USER_INPUT for JSON that is no item. */
function bodyOf({ item }: OperationArguments, createId: () => string): ItemBody {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw new GatewayError("BAD_USER_INPUT", "An item is a JSON object.");
  }
  const { id = createId() } = item as { readonly id?: unknown }; // an object may have any property
  if (typeof id !== "string") {
    throw new GatewayError("BAD_USER_INPUT", "An item's `id` is a text.");
  }
  return { ...item, id };
}
