import { type GraphQLResolveInfo, getNamedType, isObjectType } from "graphql";
import {
  type Aggregate,
  type AggregateResult,
  aggregateItems,
} from "../items/sql/aggregate-items.ts";
import type { ModelField, ModelType } from "../model/model.ts";
import {
  AGGREGATE_KINDS,
  type AggregateKind,
  aggregatedFields,
  valueTestOf,
} from "./aggregate-classes.ts";
import { REQUEST_COMPLEXITY } from "./api-class.ts";
import { choosePartitions } from "./choose-partitions.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { itemsCondition } from "./items-condition.ts";
import type { ModelApi } from "./model-api.ts";
import { givenPartitionKey, partitionArguments } from "./partition-arguments.ts";
import type { ApiOperation } from "./resolver-class.ts";
import { selectionOf } from "./selection.ts";

/** `ordersAggregate(filter, tenantId): OrderAggregate!` */
export function aggregateOperation(api: ModelApi): ApiOperation {
  const { type, names } = api;
  return {
    kind: "query",
    name: names.aggregate,
    complexity: REQUEST_COMPLEXITY,
    description: `Numbers about ${type.name} items: how many, and sums, averages and extremes of their properties.`,
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
    async resolve(args, { items }, info) {
      const condition = itemsCondition(api, args.filter);
      const partitions = choosePartitions(
        type,
        givenPartitionKey(type, args),
        items.grantsOn(type.container),
      );
      const wanted = selectedValues(type, info);
      const aggregates = wanted.flatMap(({ aggregates: some }) => some);
      const result = await aggregateItems(
        items,
        type.container,
        partitions,
        condition,
        aggregates,
      ).catch((error: unknown) => {
        throw explainRefusal(type, partitions, error);
      });
      return toApiValue(wanted, aggregates, result);
    },
  };
}

/** One value that the operation selects, and what it is made from. */
interface WantedValue {
  readonly kind: AggregateKind;
  readonly field: ModelField;
  readonly aggregates: readonly Aggregate[];
}

function selectedValues(type: ModelType, info: GraphQLResolveInfo): readonly WantedValue[] {
  const aggregateType = getNamedType(info.returnType);
  if (!isObjectType(aggregateType)) {
    return [];
  }
  const selection = selectionOf(info.fieldNodes, aggregateType, info);
  return AGGREGATE_KINDS.flatMap((kind) => {
    const nodes = selection.get(kind) ?? [];
    const kindField = aggregateType.getFields()[kind];
    const kindType = kindField === undefined ? undefined : getNamedType(kindField.type);
    const selected = isObjectType(kindType) ? selectionOf(nodes, kindType, info) : new Map();
    return aggregatedFields(type, kind)
      .filter((field) => selected.has(field.name))
      .map((field) => ({ kind, field, aggregates: aggregatesOf(kind, field) }));
  });
}

function aggregatesOf(kind: AggregateKind, field: ModelField): readonly Aggregate[] {
  const type = valueTestOf(field);
  if (type === undefined) {
    return [];
  }
  const of = (operator: Aggregate["operator"]): Aggregate => ({
    operator,
    path: [field.storedName],
    type,
  });
  switch (kind) {
    case "sum":
      return [of("SUM")];
    // Averages of partitions can't be put together; sums and counts can.
    case "average":
      return [of("SUM"), of("COUNT")];
    case "min":
      return [of("MIN")];
    case "max":
      return [of("MAX")];
  }
}

function toApiValue(
  wanted: readonly WantedValue[],
  aggregates: readonly Aggregate[],
  result: AggregateResult,
): object {
  const value: Record<string, unknown> = { count: result.count };
  for (const kind of AGGREGATE_KINDS) {
    const fields: Record<string, unknown> = Object.create(null);
    for (const { field, aggregates: parts } of wanted.filter((one) => one.kind === kind)) {
      const values = parts.map((part) => result.values[aggregates.indexOf(part)]);
      fields[field.name] = finalValue(kind, values);
    }
    value[kind] = fields;
  }
  return value;
}

function finalValue(kind: AggregateKind, [value, count]: readonly unknown[]): unknown {
  switch (kind) {
    case "sum":
      return value ?? 0;
    case "average":
      return typeof value === "number" && typeof count === "number" && count > 0
        ? value / count
        : null;
    case "min":
    case "max":
      return value ?? null;
  }
}
