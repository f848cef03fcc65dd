import { all, any, type Condition, not } from "../items/sql/condition.ts";
import type { PropertyPath } from "../items/sql/property-path.ts";
import type { Model, ModelField } from "../model/model.ts";
import { operatorCondition } from "./filter-operators.ts";

type Filter = Readonly<Record<string, unknown>>;

/**
 * What a filter argument asks for. A null in place of a field's conditions, or of `and`, `or` or
 * `not`, counts as left out, so that a variable may be null.
 *
 * @throws GatewayError BAD_USER_INPUT for a null as the value of an operator that can't take it.
 */
export function filterCondition(
  model: Model,
  fields: readonly ModelField[],
  filter: Filter,
  path: PropertyPath = [],
): Condition {
  const conditions = Object.entries(filter).flatMap(([name, value]): readonly Condition[] => {
    if (value === null || value === undefined) {
      return [];
    }
    const below = (part: unknown) => filterCondition(model, fields, part as Filter, path);
    switch (name) {
      // The casts: GraphQL has coerced the argument to the filter's type.
      case "and":
        return [all(...(value as readonly unknown[]).map(below))];
      case "or":
        return [any(...(value as readonly unknown[]).map(below))];
      case "not":
        return [not(below(value))];
      default: {
        const field = fields.find((candidate) => candidate.name === name);
        return field === undefined
          ? []
          : [fieldCondition(model, field, value as Filter, [...path, field.storedName])];
      }
    }
  });
  return all(...conditions);
}

function fieldCondition(
  model: Model,
  field: ModelField,
  filter: Filter,
  path: PropertyPath,
): Condition {
  const embedded =
    field.type.kind === "embedded" ? model.embeddedTypes.get(field.type.name) : undefined;
  if (embedded === undefined) {
    return all(
      ...Object.entries(filter)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => operatorCondition(name, path, value)),
    );
  }
  return field.type.listDepth === 0
    ? filterCondition(model, embedded.fields, filter, path)
    : elementsCondition(model, embedded.fields, filter, path);
}

function elementsCondition(
  model: Model,
  fields: readonly ModelField[],
  filter: Filter,
  path: PropertyPath,
): Condition {
  const conditions = Object.entries(filter).flatMap(([name, value]): readonly Condition[] => {
    if (value === undefined) {
      return [];
    }
    if (name !== "some" && name !== "every" && name !== "none") {
      return [operatorCondition(name, path, value)];
    }
    if (value === null) {
      return [];
    }
    const element = filterCondition(model, fields, value as Filter);
    const some = (condition: Condition): Condition => ({ kind: "some", path, condition });
    return [name === "some" ? some(element) : not(some(name === "every" ? not(element) : element))];
  });
  return all(...conditions);
}
