import { isJsonObject } from "../../cosmos/json-object.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { ItemBody } from "../../items/item-operations.ts";
import type { ApiField } from "../classes/api-class.ts";
import type { OperationArguments } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import type { RequestContext } from "../request-context.ts";
import { choosePartition, readPartitionKey } from "./generic-partition.ts";

export const CONTAINER_ARGUMENT: ApiField = {
  name: "container",
  description: "The id of the container.",
  type: () => API_SCALARS.String,
};

export const ID_ARGUMENT: ApiField = {
  name: "id",
  description: "The item's id.",
  type: () => API_SCALARS.ID,
};

export const ITEM_ARGUMENT: ApiField = {
  name: "item",
  description: "The item, a JSON object. Without an `id` it gets a new one.",
  type: () => API_SCALARS.JSON,
};

/** Where an operation is about an item that may be there already: see `choosePartition`. */
export function placeOf(
  args: OperationArguments,
  items: RequestContext["items"],
  about: { readonly itemId?: string; readonly isWrite: boolean },
) {
  const container = String(args.container);
  const given = readPartitionKey(args.partitionKey);
  return { container, partitionKey: choosePartition(items, container, given, about) };
}

/** The argument `id`, which GraphQL has checked. */
export function idOf(args: OperationArguments): string {
  return String(args.id);
}

/**
 * The item to write, with its own id or a made one.
 *
 * @throws GatewayError BAD_USER_INPUT for JSON that is no item.
 */
export function bodyOf({ item }: OperationArguments, createId: () => string): ItemBody {
  if (!isJsonObject(item)) {
    throw new GatewayError("BAD_USER_INPUT", "An item is a JSON object.");
  }
  const { id = createId() } = item;
  if (typeof id !== "string") {
    throw new GatewayError("BAD_USER_INPUT", "An item's `id` is a text.");
  }
  return { ...item, id };
}
