import { all, any, type Condition, equal, not } from "../../items/sql/condition.ts";
import type { PropertyPath } from "../../items/sql/property-path.ts";
import type { FieldType } from "../../model/model.ts";
import { nullInFilter } from "./given-filter.ts";

/** One operator of a filter, such as `eq` or `has`. */
export interface FilterOperator {
  readonly description: string;
  /** What its value is: like the field, a list of such, a truth value, or a text. */
  readonly takes: "value" | "values" | "boolean" | "text";
  readonly condition: (path: PropertyPath, value: unknown) => Condition;
}

type Operators = Readonly<Record<string, FilterOperator>>;

const EQUALITY: Operators = {
  eq: {
    description: "Is this value. Null is `isNull: true`.",
    takes: "value",
    condition: equal,
  },
  ne: {
    description: "Is anything but this value: also null, or not there at all.",
    takes: "value",
    condition: (path, value) => not(equal(path, value)),
  },
};

const MEMBERSHIP: Operators = {
  in: {
    description: "Is one of these values. An empty list fits nothing.",
    takes: "values",
    condition: (path, value) => ({ kind: "in", path, values: listOf(value) }),
  },
  notIn: {
    description: "Is none of these values. An empty list fits everything.",
    takes: "values",
    condition: (path, value) => not({ kind: "in", path, values: listOf(value) }),
  },
};

const COMPARISON: Operators = {
  lt: compare("<", "Is less than this."),
  lte: compare("<=", "Is this or less."),
  gt: compare(">", "Is more than this."),
  gte: compare(">=", "Is this or more."),
};

const TEXT: Operators = {
  contains: text("CONTAINS", "Has this text in it, upper and lower case as given."),
  startsWith: text("STARTSWITH", "Begins with this text, upper and lower case as given."),
  endsWith: text("ENDSWITH", "Ends with this text, upper and lower case as given."),
  matches: text("RegexMatch", "Matches this regular expression, in Cosmos DB's (PCRE) notation."),
};

const PRESENCE: Operators = {
  isNull: {
    description: "Is stored as null. What isn't stored at all is not: see `isDefined`.",
    takes: "boolean",
    condition: (path, value) => when(value, { kind: "type", path, test: "IS_NULL" }),
  },
  isDefined: {
    description: "Is stored, even if as null.",
    takes: "boolean",
    condition: (path, value) => when(value, { kind: "type", path, test: "IS_DEFINED" }),
  },
};

const ELEMENTS: Operators = {
  has: {
    description: "Has this element.",
    takes: "value",
    condition: has,
  },
  hasAny: {
    description: "Has at least one of these elements. An empty list fits nothing.",
    takes: "values",
    condition: (path, value) => any(...listOf(value).map((element) => has(path, element))),
  },
  hasAll: {
    description: "Has each of these elements. An empty list fits everything.",
    takes: "values",
    condition: (path, value) => all(...listOf(value).map((element) => has(path, element))),
  },
};

const EMPTINESS: Operators = {
  isEmpty: {
    description: "Has no elements: is empty, null, or not there.",
    takes: "boolean",
    condition: (path, value) => when(value, not({ kind: "hasElements", path })),
  },
};

const TEXT_SCALARS: readonly string[] = ["String", "ID"];
const ORDERED_SCALARS: readonly string[] = [
  ...TEXT_SCALARS,
  "Int",
  "Float",
  "BigInt",
  "Long",
  "DateTime",
  "Date",
];

/** The operators of a single value of a scalar or an enum. */
export function valueOperators(kind: FieldType["kind"], name: string): Operators {
  return {
    ...EQUALITY,
    ...(name === "JSON" ? {} : MEMBERSHIP),
    ...(kind === "scalar" && ORDERED_SCALARS.includes(name) ? COMPARISON : {}),
    ...(kind === "scalar" && TEXT_SCALARS.includes(name) ? TEXT : {}),
    ...PRESENCE,
  };
}

/** The operators of a list of scalars or enum values. */
export const LIST_OPERATORS: Operators = { ...ELEMENTS, ...EMPTINESS, ...PRESENCE };

/** The operators of a list of objects, beside `some`, `every` and `none`. */
export const OBJECT_LIST_OPERATORS: Operators = { ...EMPTINESS, ...PRESENCE };

/** All operators by name: a name means the same in every filter. */
const OPERATORS: Operators = {
  ...EQUALITY,
  ...MEMBERSHIP,
  ...COMPARISON,
  ...TEXT,
  ...PRESENCE,
  ...ELEMENTS,
  ...EMPTINESS,
};

/** @throws GatewayError BAD_USER_INPUT for a null, which only `eq` and `ne` can compare with. */
export function operatorCondition(name: string, path: PropertyPath, value: unknown): Condition {
  const operator = OPERATORS[name];
  if (operator === undefined) {
    throw new Error(`The schema has a filter operator "${name}" that has no meaning.`);
  }
  if (value === null && !Object.hasOwn(EQUALITY, name)) {
    throw nullInFilter(
      name,
      operator.takes === "boolean"
        ? "Write true or false, or leave it out."
        : "Leave it out; what is stored as null is `isNull: true`.",
    );
  }
  return operator.condition(path, value);
}

function compare(operator: "<" | "<=" | ">" | ">=", description: string): FilterOperator {
  return {
    description,
    takes: "value",
    condition: (path, value) => ({ kind: "compare", path, operator, value }),
  };
}

function text(
  test: "CONTAINS" | "STARTSWITH" | "ENDSWITH" | "RegexMatch",
  description: string,
): FilterOperator {
  return {
    description,
    takes: "text",
    condition: (path, value) => ({ kind: "text", path, test, value: String(value) }),
  };
}

function has(path: PropertyPath, value: unknown): Condition {
  return { kind: "has", path, value };
}

function when(value: unknown, condition: Condition): Condition {
  return value === true ? condition : not(condition);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
