import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { isJsonObject } from "../../cosmos/json-object.ts";
import { selectionOf } from "../selection/selection.ts";

/** What keeps a value from being shown. */
export interface ValueFault {
  /** Fields and indexes on the way to it, from the value that was checked. */
  readonly path: readonly (string | number)[];
  /** Such as `is missing` or `is no Float`. Never with what is there. */
  readonly what: string;
}

export type ValueCheck = (value: unknown) => ValueFault | undefined;

/** What an operation selects, and what of it is read from the value itself. */
export interface CheckedSelection {
  readonly info: GraphQLResolveInfo;
  /** Fields without a resolver. What resolvers give, GraphQL alone judges. */
  readonly storedFields: ReadonlySet<GraphQLField<unknown, unknown>>;
}

/**
 * Finds the first fault of an object in those of its stored fields that `nodes` select: what
 * GraphQL would fail at when it completes the value, by the same functions, `serialize` of scalars
 * and enums, and what it would show as something else than is stored (see `isOfOtherType`).
 *
 * A function or a promise in a property, which a team's own resolver may answer, is let pass.
 */
export function createObjectCheck(
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  selection: CheckedSelection,
): ValueCheck {
  const fields = type.getFields();
  const selected = selectionOf(nodes, type, selection.info);
  const checks = [...selected].flatMap(([name, fieldNodes]) => {
    const field = fields[name];
    return field !== undefined && selection.storedFields.has(field)
      ? [{ name, check: createCheck(field.type, fieldNodes, selection) }]
      : [];
  });
  return (value) => {
    if (!isJsonObject(value)) {
      return { path: [], what: `is no ${type.name}` };
    }
    for (const { name, check } of checks) {
      const property = value[name];
      const fault =
        typeof property === "function" || isPromise(property) ? undefined : check(property);
      if (fault !== undefined) {
        return { ...fault, path: [name, ...fault.path] };
      }
    }
    return undefined;
  };
}

function createCheck(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  selection: CheckedSelection,
): ValueCheck {
  const check = createValueCheck(getNullableType(type), nodes, selection);
  const whenEmpty = isNonNullType(type) ? MISSING : undefined;
  return (value) => (value === undefined || value === null ? whenEmpty : check(value));
}

const MISSING: ValueFault = { path: [], what: "is missing" };

function createValueCheck(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  selection: CheckedSelection,
): ValueCheck {
  if (isListType(type)) {
    return createListCheck(createCheck(type.ofType, nodes, selection));
  }
  if (isObjectType(type)) {
    return createObjectCheck(type, nodes, selection);
  }
  if (!("serialize" in type)) {
    throw new Error(`${type} is not stored.`);
  }
  const wrong: ValueFault = { path: [], what: `is no ${type.name}` };
  return (value) => {
    if (isOfOtherType(type.name, value)) {
      return wrong;
    }
    try {
      const shown: unknown = type.serialize(value);
      return shown === undefined || shown === null ? wrong : undefined;
    } catch {
      return wrong;
    }
  };
}

/**
 * Whether a stored value is of another type than its field, though GraphQL would convert it: the
 * text "5" to an Int, 5 to a String, 1 to a Boolean. Cosmos DB compares without converting, so no
 * filter finds such a value. An ID alone is GraphQL's for texts and whole numbers.
 */
function isOfOtherType(scalar: string, value: unknown): boolean {
  const stored = STORED_TYPES.get(scalar);
  return stored !== undefined && typeof value !== stored;
}

const STORED_TYPES: ReadonlyMap<string, string> = new Map([
  ["String", "string"],
  ["Int", "number"],
  ["Float", "number"],
  ["BigInt", "number"],
  ["Long", "number"],
  ["Boolean", "boolean"],
]);

function createListCheck(check: ValueCheck): ValueCheck {
  return (value) => {
    if (!Array.isArray(value)) {
      return { path: [], what: "is no list" };
    }
    for (const [index, element] of value.entries()) {
      const fault = check(element);
      if (fault !== undefined) {
        return { ...fault, path: [index, ...fault.path] };
      }
    }
    return undefined;
  };
}

/** As GraphQL tells one. No JSON has a function `then`. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}
