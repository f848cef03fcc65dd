import type { Condition } from "./condition.ts";
import { type PropertyPath, propertyPathSql } from "./property-path.ts";
import type { SqlParameters } from "./sql-parameters.ts";

/**
 * A condition as the text of a WHERE clause. Values go to `parameters`.
 *
 * Cosmos DB has three truth values: a comparison with something missing is undefined, and so is
 * its NOT. Where a condition stands plainly, undefined and false mean the same and the simple form
 * lets the index work; below a NOT, `??` makes false of undefined.
 */
export function conditionSql(
  condition: Condition,
  alias: string,
  parameters: SqlParameters,
): string {
  return compile(condition, { alias, parameters, depth: 0, negated: false });
}

interface Place {
  readonly alias: string;
  readonly parameters: SqlParameters;
  /** How many arrays deep, for names of elements that no other has. */
  readonly depth: number;
  readonly negated: boolean;
}

function compile(condition: Condition, place: Place): string {
  switch (condition.kind) {
    case "all":
    case "any":
      return combine(condition, place);
    case "not":
      return compile(condition.condition, { ...place, negated: !place.negated });
    case "some":
      return negate(someSql(condition, place), place);
    case "type":
      return negate(`${condition.test}(${sqlOf(condition.path, place)})`, place);
    default: {
      const sql = undefinedOrBoolean(condition, place);
      return place.negated ? `NOT ((${sql}) ?? false)` : sql;
    }
  }
}

/** De Morgan moves a NOT inwards, so that each leaf sees whether it is below one. */
function combine(condition: Extract<Condition, { kind: "all" | "any" }>, place: Place): string {
  const isAnd = (condition.kind === "all") !== place.negated;
  const parts = condition.conditions.map((part) => compile(part, place));
  if (parts.length === 0) {
    return isAnd ? "true" : "false";
  }
  return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(isAnd ? " AND " : " OR ")})`;
}

function someSql(condition: Extract<Condition, { kind: "some" }>, place: Place): string {
  const element = `e${place.depth}`;
  const inner = compile(condition.condition, {
    ...place,
    alias: element,
    depth: place.depth + 1,
    negated: false,
  });
  return `EXISTS(SELECT VALUE ${element} FROM ${element} IN ${sqlOf(condition.path, place)} WHERE ${inner})`;
}

function undefinedOrBoolean(
  condition: Exclude<Condition, { kind: "all" | "any" | "not" | "some" | "type" }>,
  place: Place,
): string {
  const { parameters } = place;
  switch (condition.kind) {
    case "compare": {
      const path = sqlOf(condition.path, place);
      return condition.value === null
        ? condition.operator === "="
          ? `IS_NULL(${path})`
          : "false"
        : `${path} ${condition.operator} ${parameters.add(condition.value)}`;
    }
    case "in": {
      const path = sqlOf(condition.path, place);
      const values = condition.values.filter((value) => value !== null);
      const parts = [
        ...(values.length === 0
          ? []
          : [`${path} IN (${values.map((value) => parameters.add(value)).join(", ")})`]),
        ...(values.length < condition.values.length ? [`IS_NULL(${path})`] : []),
      ];
      return parts.length === 0
        ? "false"
        : parts.length === 1
          ? (parts[0] ?? "")
          : `(${parts.join(" OR ")})`;
    }
    case "text":
      return `${condition.test}(${sqlOf(condition.path, place)}, ${parameters.add(condition.value)})`;
    case "has":
      return `ARRAY_CONTAINS(${sqlOf(condition.path, place)}, ${parameters.add(condition.value)})`;
    case "hasElements":
      return `ARRAY_LENGTH(${sqlOf(condition.path, place)}) > 0`;
  }
}

function sqlOf(path: PropertyPath, place: Place): string {
  return propertyPathSql(place.alias, path);
}

function negate(sql: string, place: Place): string {
  return place.negated ? `NOT ${sql}` : sql;
}
