import { type GraphQLOutputType, type GraphQLResolveInfo, isLeafType, isObjectType } from "graphql";
import { GatewayError } from "../../gateway-error.ts";
import type { ItemOperations } from "../../items/item-operations.ts";
import { groupItems } from "../../items/queries/group-items.ts";
import type { Condition } from "../../items/sql/condition.ts";
import type { PartitionChoice } from "../../items/sql/partition-choice.ts";
import type { OperationArguments } from "../classes/resolver-class.ts";
import type { ModelApi } from "../model-api.ts";
import { selectedAggregates } from "./aggregate-values.ts";
import { groupableFields, groupKeyType } from "./group-classes.ts";

export interface GroupsRequest {
  readonly api: ModelApi;
  readonly items: ItemOperations;
  readonly condition: Condition;
  readonly partitions: PartitionChoice;
  /** Those of `groupBy`. */
  readonly args: OperationArguments;
  readonly info: GraphQLResolveInfo;
}

/** The `[OrderGroup!]!` that `groupBy` asks for: one query a partition. */
export async function readGroups(request: GroupsRequest): Promise<readonly object[]> {
  const { api, items, condition, partitions, args, info } = request;
  const { type, pageSize } = api;
  // GraphQL has coerced the argument to a list of the type's group fields.
  const names = new Set(args.fields as readonly string[]);
  const groupable = groupableFields(type);
  const fields = [...names].flatMap((name) => groupable.filter((field) => field.name === name));
  if (fields.length === 0) {
    throw new GatewayError("BAD_USER_INPUT", "`fields` names at least one property to group by.");
  }
  const keyClass = info.schema.getType(`${type.name}GroupKey`);
  const keyTypes = isObjectType(keyClass) ? keyClass.getFields() : {};
  const selected = selectedAggregates(type, info);
  const groups = await groupItems(items, {
    container: type.container,
    partitions,
    condition,
    by: fields.map((field) => ({
      path: [field.storedName],
      type: groupKeyType(field),
      accepts: (value) => canShow(keyTypes[field.name]?.type, value),
    })),
    aggregates: selected.aggregates,
    maxGroups: pageSize.max,
  });
  return groups.map((group) => {
    const key: Record<string, unknown> = Object.create(null);
    for (const [index, { name }] of fields.entries()) {
      key[name] = group.key[index];
    }
    return { key, ...selected.toApiValue(group) };
  });
}

/** Whether the key's type takes the value: an enum may not have it, and an Int has an end. */
function canShow(keyType: GraphQLOutputType | undefined, value: unknown): boolean {
  try {
    return isLeafType(keyType) && keyType.serialize(value) !== undefined;
  } catch {
    return false;
  }
}
