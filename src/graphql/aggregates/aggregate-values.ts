import { type GraphQLResolveInfo, getNamedType, isObjectType } from "graphql";
import type { Aggregate, AggregateResult } from "../../items/sql/aggregate-columns.ts";
import type { ModelField, ModelType } from "../../model/model.ts";
import { type Selection, selectionOf } from "../selection/selection.ts";
import {
  AGGREGATE_KINDS,
  type AggregateKind,
  aggregatedFields,
  valueTestOf,
  wholeRangeOf,
} from "./aggregate-classes.ts";

/** The numbers that an operation selects of an `OrderAggregate` or an `OrderGroup`. */
export interface SelectedAggregates {
  /** Everything that is selected of the object. */
  readonly selection: Selection;
  /** What to ask Cosmos DB for. */
  readonly aggregates: readonly Aggregate[];
  /** The object's `count`, `sum`, `average`, `min` and `max`. */
  toApiValue(result: AggregateResult): Readonly<Record<string, unknown>>;
}

/** @param info of the field whose type, or whose list's type, is the object. */
export function selectedAggregates(type: ModelType, info: GraphQLResolveInfo): SelectedAggregates {
  const ownerType = getNamedType(info.returnType);
  const selection: Selection = isObjectType(ownerType)
    ? selectionOf(info.fieldNodes, ownerType, info)
    : new Map();
  const wanted = AGGREGATE_KINDS.flatMap((kind) => {
    const kindField = isObjectType(ownerType) ? ownerType.getFields()[kind] : undefined;
    const kindType = kindField === undefined ? undefined : getNamedType(kindField.type);
    const selected = isObjectType(kindType)
      ? selectionOf(selection.get(kind) ?? [], kindType, info)
      : new Map();
    return aggregatedFields(type, kind)
      .filter((field) => selected.has(field.name))
      .map((field): WantedValue => ({ kind, field, aggregates: aggregatesOf(kind, field) }));
  });
  const aggregates = wanted.flatMap(({ aggregates: some }) => some);
  return {
    selection,
    aggregates,
    toApiValue: (result) => toApiValue(wanted, aggregates, result),
  };
}

/** One value that the operation selects, and what it is made from. */
interface WantedValue {
  readonly kind: AggregateKind;
  readonly field: ModelField;
  readonly aggregates: readonly Aggregate[];
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
    whole: wholeRangeOf(field),
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
): Readonly<Record<string, unknown>> {
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
      return value === undefined || isHeld(value) ? (value ?? 0) : null;
    case "average":
      return isHeld(value) && typeof count === "number" && count > 0 ? value / count : null;
    case "min":
    case "max":
      return value ?? null;
  }
}

/** Whether a sum is in the range of a double. */
function isHeld(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
