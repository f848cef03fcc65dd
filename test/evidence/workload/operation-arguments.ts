import { operationNames } from "../../../src/model/operation-names.ts";
import type { Filter, Input, ItemWrite, Json, Operation, Patch, Where } from "../../model/terms.ts";
import { planOf, type TypePlan } from "../world/type-plans.ts";
import { EnumValue, type GraphQLValue } from "./graphql-value.ts";

export interface Argument {
  readonly name: string;
  /** The type of a variable that is given for it. */
  readonly type: string;
  readonly value: GraphQLValue;
}

/** What stands for `ifMatch` of a write; the world knows no etags. */
export type Etags = (write: ItemWrite) => string;

/** The root field of an operation. Raw SQL goes to `items`. */
export function rootFieldOf(operation: Operation): string {
  if (operation.do === "viewer") {
    return "viewer";
  }
  const names = operationNames(operation.type);
  switch (operation.do) {
    case "read":
      return names.pointRead;
    case "query":
      return "items";
    default:
      return names[operation.do];
  }
}

/** The arguments of an operation's root field; of a list those of its first page. */
export function argumentsOf(operation: Operation, etags: Etags): readonly Argument[] {
  if (operation.do === "viewer") {
    return [];
  }
  const plan = planOf(operation.type);
  switch (operation.do) {
    case "read":
      return [idArgument(operation.id), ...partitionArguments(plan, operation)];
    case "list":
      return [
        ...filterArgument(plan, "filter", operation.filter),
        ...(operation.orderBy === undefined ? [] : [orderArgument(plan, operation.orderBy)]),
        { name: "first", type: "Int", value: operation.pageSize },
        ...partitionArguments(plan, operation),
      ];
    case "aggregate":
      return [
        ...filterArgument(plan, "filter", operation.filter),
        ...partitionArguments(plan, operation),
      ];
    case "query":
      return [
        { name: "container", type: "String!", value: plan.container },
        { name: "query", type: "String!", value: operation.text },
        { name: "first", type: "Int", value: MAX_ROWS },
        ...(operation.partitionKey === undefined
          ? []
          : [{ name: "partitionKey", type: "JSON", value: operation.partitionKey }]),
      ];
    case "transact":
      return [
        {
          name: "operations",
          type: `[${plan.name}Operation!]!`,
          value: operation.operations.map((write) => ({
            [write.do]: Object.fromEntries(
              writeArguments(plan, write, etags).map(({ name, value }) => [name, value]),
            ),
          })),
        },
        ...partitionArguments(plan, operation),
      ];
    default:
      return [
        ...writeArguments(plan, operation, etags),
        ...(operation.do === "create" || operation.do === "upsert"
          ? []
          : partitionArguments(plan, operation)),
      ];
  }
}

/** Of raw SQL; a query across partitions has no second page. */
const MAX_ROWS = 1000;

/** Of one write, alone or in a transaction: everything but the partition. */
function writeArguments(plan: TypePlan, write: ItemWrite, etags: Etags): readonly Argument[] {
  const { name } = plan;
  const ifMatch =
    "ifMatch" in write && write.ifMatch !== undefined
      ? [{ name: "ifMatch", type: "String", value: etags(write) }]
      : [];
  switch (write.do) {
    case "create":
      return [inputArgument(plan, write.input)];
    case "upsert":
      return [inputArgument(plan, write.input), ...ifMatch];
    case "replace":
      return [idArgument(write.id), inputArgument(plan, write.input), ...ifMatch];
    case "patch":
      return [
        idArgument(write.id),
        { name: "patch", type: `${name}Patch!`, value: patchValue(plan, write.patch) },
        ...filterArgument(plan, "condition", write.condition),
        ...ifMatch,
      ];
    case "delete":
      return [idArgument(write.id), ...ifMatch];
  }
}

function idArgument(id: string): Argument {
  return { name: "id", type: "ID!", value: id };
}

function inputArgument(plan: TypePlan, input: Input): Argument {
  return { name: "input", type: `${plan.name}Input!`, value: fieldValues(plan, input) };
}

/** As many levels as are given; that of `id` is no argument. */
export function partitionArguments(
  plan: TypePlan,
  { partitionKey = [] }: Where,
): readonly Argument[] {
  return plan.partitionKeyFields.flatMap((name, level) => {
    const value = partitionKey[level];
    return value === undefined || name === "id" ? [] : [{ name, type: "String", value }];
  });
}

function orderArgument(
  plan: TypePlan,
  { field, descending }: { readonly field: string; readonly descending: boolean },
): Argument {
  return {
    name: "orderBy",
    type: `[${plan.name}OrderBy!]`,
    value: [{ [field]: new EnumValue(descending ? "DESC" : "ASC") }],
  };
}

function filterArgument(plan: TypePlan, name: string, filter: Filter | undefined) {
  return filter === undefined
    ? []
    : [{ name, type: `${plan.name}Filter`, value: filterValue(plan, filter) }];
}

function filterValue(plan: TypePlan, filter: Filter): GraphQLValue {
  if ("and" in filter) {
    return { and: filter.and.map((part) => filterValue(plan, part)) };
  }
  if ("or" in filter) {
    return { or: filter.or.map((part) => filterValue(plan, part)) };
  }
  if ("not" in filter) {
    return { not: filterValue(plan, filter.not) };
  }
  const { field, is, value } = filter;
  const isPlain = is === "isNull" || is === "isDefined";
  return { [field]: { [is]: isPlain ? value : fieldValueOf(plan, field, value) } };
}

function patchValue(plan: TypePlan, patch: Patch): GraphQLValue {
  const { set, increment, append, unset } = patch;
  return {
    ...(set === undefined ? {} : { set: fieldValues(plan, set) }),
    ...(increment === undefined ? {} : { increment }),
    ...(append === undefined ? {} : { append: fieldValues(plan, append) }),
    ...(unset === undefined ? {} : { unset: unset.map((name) => new EnumValue(name)) }),
  };
}

function fieldValues(plan: TypePlan, values: Readonly<Record<string, Json>>): GraphQLValue {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fieldValueOf(plan, name, value)]),
  );
}

/** A field's value, or a list of such for `in`. */
function fieldValueOf(plan: TypePlan, name: string, value: Json): GraphQLValue {
  const field = plan.fields.find((one) => one.name === name);
  if (field?.kind !== "status") {
    return value;
  }
  return Array.isArray(value) ? value.map((one) => asEnum(one)) : asEnum(value);
}

function asEnum(value: Json): GraphQLValue {
  return typeof value === "string" ? new EnumValue(value) : (value as GraphQLValue);
}
