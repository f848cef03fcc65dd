import type { Aggregate } from "../../items/sql/aggregate-columns.ts";
import type { ModelField, ModelType } from "../../model/model.ts";
import { type ApiClass, type ApiField, createObjectClass } from "../classes/api-class.ts";
import { type FindType, namedType } from "../classes/field-type.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { groupByFields } from "./group-classes.ts";

const NUMBER_SCALARS: readonly string[] = ["Int", "Float", "BigInt", "Long"];
const TEXT_SCALARS: readonly string[] = ["ID", "String", "DateTime", "Date"];

/** The kinds of values that an aggregate gives, each an object with a field for each property. */
export const AGGREGATE_KINDS = ["sum", "average", "min", "max"] as const;

export type AggregateKind = (typeof AGGREGATE_KINDS)[number];

/**
 * `OrderAggregate` and `OrderGroup`, with `OrderSum`, `OrderAverage`, `OrderMin` and `OrderMax`.
 *
 * @param maxGroups how many groups an operation may give.
 */
export function createAggregateClass(
  type: ModelType,
  findType: FindType,
  maxGroups: number,
): ApiClass {
  const numbers: readonly ApiField[] = [
    { name: "count", description: "How many items there are.", type: () => API_SCALARS.Int },
    ...AGGREGATE_KINDS.filter((kind) => aggregatedFields(type, kind).length > 0).map((kind) => {
      const kindClass = createKindClass(type, kind, findType);
      return { name: kind, description: KIND_DESCRIPTIONS[kind], type: () => kindClass };
    }),
  ];
  return createObjectClass(
    `${type.name}Aggregate`,
    `Numbers about all ${type.name} items of a filter.`,
    [...numbers, ...groupByFields({ type, findType, numbers, maxGroups })],
  );
}

const KIND_DESCRIPTIONS: Readonly<Record<AggregateKind, string>> = {
  sum: "Sums of numbers. Items without one add nothing; null where the sum is beyond the range of a double.",
  average: "Averages of numbers. Items without one don't count; null if none has one.",
  min: "The least value of each property. Null if no item has one.",
  max: "The greatest value of each property. Null if no item has one.",
};

function createKindClass(type: ModelType, kind: AggregateKind, findType: FindType): ApiClass {
  const name = `${type.name}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return createObjectClass(
    name,
    KIND_DESCRIPTIONS[kind],
    aggregatedFields(type, kind).map((field) => ({
      name: field.name,
      description: `The ${kind} of \`${field.name}\`.`,
      type: () =>
        kind === "sum" || kind === "average" ? API_SCALARS.Float : namedType(field.type, findType),
      nullable: true,
    })),
  );
}

/** The fields that a kind of aggregate has a value for. */
export function aggregatedFields(type: ModelType, kind: AggregateKind): readonly ModelField[] {
  return type.fields.filter(
    (field) =>
      valueTestOf(field) === "IS_NUMBER" ||
      (valueTestOf(field) === "IS_STRING" && (kind === "min" || kind === "max")),
  );
}

/** Which numbers a field of whole ones can show; undefined for any other field. */
export function wholeRangeOf(field: ModelField): Aggregate["whole"] {
  switch (field.type.name) {
    case "Int":
      return [-(2 ** 31), 2 ** 31 - 1];
    case "BigInt":
    case "Long":
      return [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    default:
      return undefined;
  }
}

/** What tells the values of a field that aggregates take; undefined where they take none. */
export function valueTestOf(field: ModelField): Aggregate["type"] | undefined {
  if (field.type.kind !== "scalar" || field.type.listDepth > 0) {
    return undefined;
  }
  if (NUMBER_SCALARS.includes(field.type.name)) {
    return "IS_NUMBER";
  }
  return TEXT_SCALARS.includes(field.type.name) ? "IS_STRING" : undefined;
}
