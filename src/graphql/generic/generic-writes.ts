import { GatewayError } from "../../gateway-error.ts";
import { REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { ifMatchArgument, ifMatchCondition } from "../writes/if-match.ts";
import { upsertWithoutId } from "../writes/write-operations.ts";
import {
  bodyOf,
  CONTAINER_ARGUMENT,
  ID_ARGUMENT,
  ITEM_ARGUMENT,
  idOf,
  placeOf,
} from "./generic-arguments.ts";
import { PARTITION_KEY_ARGUMENT } from "./generic-partition.ts";

/**
 * `createItem(container, item, partitionKey): JSON`. `createId` makes the id where none is given.
 */
export function genericCreateOperation(createId: () => string): ApiOperation {
  return {
    kind: "mutation",
    name: "createItem",
    complexity: REQUEST_COMPLEXITY,
    description:
      "Creates an item and gives it as stored. CONFLICT if its id is taken in its partition.",
    type: () => API_SCALARS.JSON,
    arguments: [CONTAINER_ARGUMENT, ITEM_ARGUMENT, PARTITION_KEY_ARGUMENT],
    resolve: async (args, { items }) => {
      const place = placeOf(args, items, { isWrite: true });
      const body = bodyOf(args, createId);
      return items.create(place.container, body, place.partitionKey);
    },
  };
}

/**
 * `upsertItem(container, item, partitionKey, ifMatch): JSON`. `createId` makes the id where none is
 * given.
 */
export function genericUpsertOperation(createId: () => string): ApiOperation {
  return {
    kind: "mutation",
    name: "upsertItem",
    complexity: REQUEST_COMPLEXITY,
    description:
      "Creates an item, or replaces the one with its id, and gives it as stored. With `ifMatch` it must exist.",
    type: () => API_SCALARS.JSON,
    arguments: [CONTAINER_ARGUMENT, ITEM_ARGUMENT, PARTITION_KEY_ARGUMENT, ifMatchArgument("item")],
    resolve: async (args, { items }) => {
      const condition = ifMatchCondition(args);
      const body = bodyOf(args, () => {
        if (condition !== undefined) {
          throw upsertWithoutId("item");
        }
        return createId();
      });
      // With a condition it replaces, which a permission on the item allows.
      const about = condition === undefined ? {} : { itemId: body.id };
      const place = placeOf(args, items, { ...about, isWrite: true });
      return items.upsert(place.container, body, place.partitionKey, condition);
    },
  };
}

/** `replaceItem(container, id, item, partitionKey, ifMatch): JSON` */
export function genericReplaceOperation(): ApiOperation {
  return {
    kind: "mutation",
    name: "replaceItem",
    complexity: REQUEST_COMPLEXITY,
    description:
      "Replaces an item as a whole and gives it as stored. NOT_FOUND if there is none of this id.",
    type: () => API_SCALARS.JSON,
    arguments: [
      CONTAINER_ARGUMENT,
      ID_ARGUMENT,
      {
        name: "item",
        description: "The item as it is to be. Its id may be left out.",
        type: () => API_SCALARS.JSON,
      },
      PARTITION_KEY_ARGUMENT,
      ifMatchArgument("item"),
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
      return items.replace(place.container, id, body, place.partitionKey, ifMatchCondition(args));
    },
  };
}

/** `deleteItem(container, id, partitionKey, ifMatch): ID` */
export function genericDeleteOperation(): ApiOperation {
  return {
    kind: "mutation",
    name: "deleteItem",
    complexity: REQUEST_COMPLEXITY,
    description: "Deletes an item and gives its id. NOT_FOUND if there is none of this id.",
    type: () => API_SCALARS.ID,
    arguments: [CONTAINER_ARGUMENT, ID_ARGUMENT, PARTITION_KEY_ARGUMENT, ifMatchArgument("item")],
    resolve: async (args, { items }) => {
      const id = idOf(args);
      const place = placeOf(args, items, { itemId: id, isWrite: true });
      await items.delete(place.container, id, place.partitionKey, ifMatchCondition(args));
      return id;
    },
  };
}
