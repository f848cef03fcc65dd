import type { GraphQLResolveInfo } from "graphql";
import { aggregateItems } from "../../items/queries/aggregate-items.ts";
import { REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation, OperationArguments } from "../classes/resolver-class.ts";
import { itemsCondition } from "../filters/items-condition.ts";
import type { ModelApi } from "../model-api.ts";
import { choosePartitions } from "../partitions/choose-partitions.ts";
import { namePartitionArguments } from "../partitions/name-partition-arguments.ts";
import {
  givenPartitionKey,
  partitionArgumentList,
  partitionArguments,
} from "../partitions/partition-arguments.ts";
import type { RequestContext } from "../request-context.ts";
import { type SelectedAggregates, selectedAggregates } from "./aggregate-values.ts";
import { readGroups } from "./read-groups.ts";

/** `ordersAggregate(filter, tenantId): OrderAggregate` */
export function aggregateOperation(api: ModelApi): ApiOperation {
  const { type, names } = api;
  return {
    kind: "query",
    name: names.aggregate,
    complexity: REQUEST_COMPLEXITY,
    description: `Numbers about ${type.name} items: how many, and sums, averages and extremes of their properties, of all of them and of groups.`,
    type: () => api.aggregate,
    arguments: [
      {
        name: "filter",
        description: "Which items. Left out, all.",
        type: () => api.filters.filterOf(type.name),
        nullable: true,
      },
      ...partitionArguments(type, api.classes.inputOf),
    ],
    resolve: (args, context, info) => resolveAggregate(api, args, context, info),
  };
}

async function resolveAggregate(
  api: ModelApi,
  args: OperationArguments,
  { items }: RequestContext,
  info: GraphQLResolveInfo,
): Promise<object> {
  const { type } = api;
  const condition = itemsCondition(api, args.filter);
  const partitions = choosePartitions(
    type,
    givenPartitionKey(type, args),
    items.grantsOn(type.container),
  );
  const nameArguments = namePartitionArguments(partitionArgumentList(type));
  const selected = selectedAggregates(type, info);
  const readAll = (): Promise<object> =>
    aggregateItems(items, type.container, partitions, condition, selected.aggregates)
      .then(selected.toApiValue)
      .catch(nameArguments);
  return {
    ...(isMoreThanGroups(selected) ? await readAll() : {}),
    // GraphQL calls it once for each `groupBy` that is selected.
    groupBy: (groupArgs: OperationArguments, _context: RequestContext, of: GraphQLResolveInfo) =>
      readGroups({ api, items, condition, partitions, args: groupArgs, info: of }).catch(
        nameArguments,
      ),
  };
}

/** Whether anything is selected that takes a query over all items. */
function isMoreThanGroups({ selection }: SelectedAggregates): boolean {
  return [...selection.keys()].some((name) => name !== "groupBy" && name !== "__typename");
}
