import { isAddressableId } from "../../cosmos/addressable-id.ts";
import { REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { CONTAINER_ARGUMENT, ID_ARGUMENT, idOf, placeOf } from "./generic-arguments.ts";
import { PARTITION_KEY_ARGUMENT } from "./generic-partition.ts";

/** `item(container, id, partitionKey): JSON` */
export function genericItemOperation(): ApiOperation {
  return {
    kind: "query",
    name: "item",
    complexity: REQUEST_COMPLEXITY,
    description: "The item with this id as Cosmos DB stores it, or null.",
    type: () => API_SCALARS.JSON,
    arguments: [CONTAINER_ARGUMENT, ID_ARGUMENT, PARTITION_KEY_ARGUMENT],
    resolve: async (args, { items }) => {
      const place = placeOf(args, items, { itemId: idOf(args), isWrite: false });
      // What Cosmos DB doesn't allow as an id, no item has.
      return isAddressableId(idOf(args))
        ? ((await items.read(place.container, idOf(args), place.partitionKey)) ?? null)
        : null;
    },
  };
}
