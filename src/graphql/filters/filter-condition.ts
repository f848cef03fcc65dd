import { GatewayError } from "../../gateway-error.ts";
import { all, any, type Condition, not } from "../../items/sql/condition.ts";
import type { PropertyPath } from "../../items/sql/property-path.ts";
import type { Model, ModelField } from "../../model/model.ts";
import { operatorCondition } from "./filter-operators.ts";
import { nullInFilter } from "./given-filter.ts";

/** How deep filters may nest: as deep as an item, which Cosmos DB limits to 128 levels. */
const MAX_DEPTH = 128;

/**
 * How many values, lists and objects a filter may have. Each becomes SQL, again for every alias
 * that takes the same variable, so that a body of some 100,000 would stop the process for seconds.
 */
const MAX_PARTS = 5000;

type Filter = Readonly<Record<string, unknown>>;

/**
 * What a filter argument asks for.
 *
 * @throws GatewayError BAD_USER_INPUT for a null anywhere but as the value of `eq` and `ne`,
 * QUERY_TOO_EXPENSIVE for a filter that is too large or too deep.
 */
export function filterCondition(
  model: Model,
  fields: readonly ModelField[],
  filter: Filter,
): Condition {
  checkSize(filter);
  return conditionAt({ model, depth: 0, path: [] }, fields, filter);
}

/** Without recursion, as a filter that stands in the operation's text may be deep. */
function checkSize(filter: Filter): void {
  const waiting: unknown[] = [filter];
  for (let parts = 0; waiting.length > 0; parts += 1) {
    const part = waiting.pop();
    const inner = typeof part === "object" && part !== null ? Object.values(part) : [];
    if (parts + inner.length > MAX_PARTS) {
      throw new GatewayError(
        "QUERY_TOO_EXPENSIVE",
        `A filter has ${MAX_PARTS} values, lists and objects at most.`,
      );
    }
    for (const each of inner) {
      waiting.push(each);
    }
  }
}

/** Where in a filter, and in an item or an element, conditions stand. */
interface Place {
  readonly model: Model;
  readonly depth: number;
  readonly path: PropertyPath;
}

function conditionAt(place: Place, fields: readonly ModelField[], filter: Filter): Condition {
  const inner = deeper(place);
  const conditions = Object.entries(filter).flatMap(([name, value]): readonly Condition[] => {
    if (value === undefined) {
      return [];
    }
    if (value === null) {
      throw nullInFilter(name, insteadOfNull(fields.find((field) => field.name === name)));
    }
    const below = (part: unknown) => conditionAt(inner, fields, part as Filter);
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
        return field === undefined ? [] : [fieldCondition(inner, field, value as Filter)];
      }
    }
  });
  return all(...conditions);
}

/** `field` is absent for `and`, `or` and `not`. */
function insteadOfNull(field: ModelField | undefined): string {
  return field === undefined || (field.type.kind === "embedded" && field.type.listDepth === 0)
    ? "Leave it out."
    : `Leave it out; what is stored as null is \`${field.name}: { isNull: true }\`.`;
}

function deeper(place: Place): Place {
  if (place.depth >= MAX_DEPTH) {
    throw new GatewayError("QUERY_TOO_EXPENSIVE", `A filter nests ${MAX_DEPTH} levels at most.`);
  }
  return { ...place, depth: place.depth + 1 };
}

function fieldCondition(outer: Place, field: ModelField, filter: Filter): Condition {
  const place = { ...outer, path: [...outer.path, field.storedName] };
  const embedded =
    field.type.kind === "embedded" ? outer.model.embeddedTypes.get(field.type.name) : undefined;
  if (embedded === undefined) {
    return all(
      ...Object.entries(filter)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => operatorCondition(name, place.path, value)),
    );
  }
  return field.type.listDepth === 0
    ? conditionAt(place, embedded.fields, filter)
    : elementsCondition(place, embedded.fields, filter);
}

function elementsCondition(place: Place, fields: readonly ModelField[], filter: Filter): Condition {
  const { path } = place;
  const conditions = Object.entries(filter).flatMap(([name, value]): readonly Condition[] => {
    if (value === undefined) {
      return [];
    }
    if (name !== "some" && name !== "every" && name !== "none") {
      return [operatorCondition(name, path, value)];
    }
    if (value === null) {
      throw nullInFilter(name, "Leave it out; any element at all is `{}`.");
    }
    const element = conditionAt({ ...place, path: [] }, fields, value as Filter);
    const some = (condition: Condition): Condition => ({ kind: "some", path, condition });
    return [name === "some" ? some(element) : not(some(name === "every" ? not(element) : element))];
  });
  return all(...conditions);
}
