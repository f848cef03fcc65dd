import type { Filter, FilterOperator, Json, ModelType, StoredItem } from "./terms.ts";

type Content = StoredItem["content"];

/** Whether an item is the type's own: others may share its container. */
export function isOfType({ discriminator }: ModelType, content: Content): boolean {
  return discriminator === undefined || content[discriminator.field] === discriminator.value;
}

/**
 * Whether an item fits a filter (DESIGN §6). A comparison with what is missing, or is of another
 * type, is false, and `not` of it is true.
 */
export function matches(content: Content, filter: Filter | undefined): boolean {
  if (filter === undefined || "and" in filter) {
    return (filter?.and ?? []).every((part) => matches(content, part));
  }
  if ("or" in filter) {
    return filter.or.some((part) => matches(content, part));
  }
  return "not" in filter
    ? !matches(content, filter.not)
    : OPERATORS[filter.is](content[filter.field], filter.value);
}

type Test = (stored: Json | undefined, value: Json) => boolean;

const OPERATORS: Readonly<Record<FilterOperator, Test>> = {
  eq: (stored, value) => stored === value,
  ne: (stored, value) => stored !== value,
  in: (stored, values) => Array.isArray(values) && values.includes(stored),
  notIn: (stored, values) => Array.isArray(values) && !values.includes(stored),
  lt: isOrdered((order) => order < 0),
  lte: isOrdered((order) => order <= 0),
  gt: isOrdered((order) => order > 0),
  gte: isOrdered((order) => order >= 0),
  contains: isText((stored, text) => stored.includes(text)),
  startsWith: isText((stored, text) => stored.startsWith(text)),
  endsWith: isText((stored, text) => stored.endsWith(text)),
  isNull: (stored, value) => (stored === null) === value,
  isDefined: (stored, value) => (stored !== undefined) === value,
  has: (stored, value) => Array.isArray(stored) && stored.includes(value),
};

function isOrdered(holds: (order: number) => boolean): Test {
  return (stored, value) =>
    typeof stored === typeof value && stored !== undefined && holds(compare(stored, value));
}

function isText(holds: (stored: string, text: string) => boolean): Test {
  return (stored, text) =>
    typeof stored === "string" && typeof text === "string" && holds(stored, text);
}

const TYPES = ["undefined", "null", "boolean", "number", "string"];

/** Cosmos DB's order of scalars: by type, then by value, texts by code point. */
export function compare(left: Json | undefined, right: Json | undefined): number {
  if (typeof left === "string" && typeof right === "string") {
    // The bytes of UTF-8 have the order of code points.
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  const rank = (value: Json | undefined) => TYPES.indexOf(value === null ? "null" : typeof value);
  return rank(left) - rank(right) || Number(left ?? 0) - Number(right ?? 0);
}
