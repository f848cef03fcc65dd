import { isAddressableId } from "../../cosmos/addressable-id.ts";
import type { Item } from "../../items/item-operations.ts";
import { all, equal } from "../../items/sql/condition.ts";
import { selectQuery } from "../../items/sql/select-query.ts";
import { REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import { withDescription } from "../classes/field-type.ts";
import type { ApiOperation, OperationArguments } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { typeCondition } from "../filters/type-condition.ts";
import { isOfType, toQueriedValue } from "../item-conversion.ts";
import type { QueryApi } from "../model-api.ts";
import { argumentNeeded, choosePartitions } from "../partitions/choose-partitions.ts";
import { namePartitionArguments } from "../partitions/name-partition-arguments.ts";
import {
  givenPartitionKey,
  partitionArgumentList,
  partitionArguments,
} from "../partitions/partition-arguments.ts";
import type { RequestContext } from "../request-context.ts";

/** `order(id: ID!, tenantId: String): Order` */
export function pointReadOperation(api: QueryApi): ApiOperation {
  const { type, names } = api;
  return {
    kind: "query",
    name: names.pointRead,
    complexity: REQUEST_COMPLEXITY,
    description: withDescription(`The ${type.name} with this id, or null.`, type.description),
    type: () => api.classes.outputOf(type.name),
    arguments: [
      { name: "id", description: `The ${type.name}'s id.`, type: () => API_SCALARS.ID },
      ...partitionArguments(type, api.classes.inputOf),
    ],
    async resolve(args, context) {
      const items = await readItems(api, String(args.id), args, context);
      const found = items.filter((item) => isOfType(type, item));
      const [only] = found;
      if (found.length > 1) {
        throw argumentNeeded(type, "Several partitions that you may read have an item of this id");
      }
      return only === undefined ? null : toQueriedValue(api.model, type, only);
    },
  };
}

async function readItems(
  { type }: QueryApi,
  id: string,
  args: OperationArguments,
  { items }: RequestContext,
): Promise<readonly Item[]> {
  const partitions = choosePartitions(
    type,
    givenPartitionKey(type, args),
    items.grantsOn(type.container),
    id,
  );
  // What Cosmos DB doesn't allow as an id, no item has.
  if (!isAddressableId(id)) {
    return [];
  }
  const levels = type.partitionKey.length;
  if (partitions.kind === "several") {
    const reads = partitions.partitionKeys.map((key) => items.read(type.container, id, key));
    return (await Promise.all(reads)).filter((item) => item !== undefined);
  }
  if (partitions.kind === "one" && partitions.partitionKey.length === levels) {
    const item = await items.read(type.container, id, partitions.partitionKey);
    return item === undefined ? [] : [item];
  }
  const condition = all(equal(["id"], id), typeCondition(type));
  const prefix = partitions.kind === "one" ? partitions.partitionKey : undefined;
  // Two are enough to see that the id is not the only one.
  return items
    .query(type.container, selectQuery({ condition, orderBy: [] }), prefix, { limit: 2 })
    .catch(namePartitionArguments(partitionArgumentList(type)));
}
