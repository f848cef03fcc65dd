import type { Json } from "../../json.ts";
import { aliasedPath } from "../compile/aliased-path.ts";
import { staticValue } from "../compile/static-value.ts";
import type { BinaryExpression, CallExpression, Expression } from "../syntax/ast.ts";
import type { SqlValue } from "../values/sql-value.ts";
import { isPrimitive } from "../values/value-types.ts";

/**
 * One level of a partition key. Undefined: the item has no such property, or an object in its
 * place.
 */
export type KeyComponent = null | boolean | number | string | undefined;

/**
 * Partition keys with these values at these levels, counted from 0, and any values at the others.
 */
export type KeyPattern = ReadonlyMap<number, KeyComponent>;

/** What the filter is read against. */
export interface KeyContext {
  /** Property names of each level of the container's partition key. */
  readonly levels: readonly (readonly string[])[];
  /** The name of the item in the query. */
  readonly alias: string;
  readonly parameters: ReadonlyMap<string, Json>;
}

/**
 * More patterns than this are not followed: then the filter counts as one that says nothing about
 * the key.
 */
const MAX_PATTERNS = 2000;

const ANY_KEY: readonly KeyPattern[] = [new Map()];
const NO_KEY: readonly KeyPattern[] = [];

/**
 * Patterns that cover every partition key whose items can pass the filter. None: the filter is
 * never true. They may be wider than the filter, never narrower.
 */
export function keyPatterns(
  filter: Expression | undefined,
  context: KeyContext,
): readonly KeyPattern[] {
  switch (filter?.kind) {
    case "logical": {
      const operands = filter.operands.map((one) => keyPatterns(one, context));
      return filter.operator === "AND" ? operands.reduce(both, ANY_KEY) : bounded(operands.flat());
    }
    case "binary":
      return filter.operator === "=" ? equality(filter, context) : ANY_KEY;
    case "in":
      return filter.negated ? ANY_KEY : oneOf(filter.needle, filter.list, context);
    case "call":
      return filter.userDefined ? ANY_KEY : call(filter, context);
    default:
      return ANY_KEY;
  }
}

function bounded(patterns: readonly KeyPattern[]): readonly KeyPattern[] {
  return patterns.length > MAX_PATTERNS ? ANY_KEY : patterns;
}

/**
 * Keys that fit one of the left and one of the right. With too many pairs, one side says enough.
 */
function both(left: readonly KeyPattern[], right: readonly KeyPattern[]): readonly KeyPattern[] {
  if (left.length * right.length > MAX_PATTERNS) {
    return left.length < right.length ? left : right;
  }
  return left.flatMap((one) =>
    right.filter((other) => agree(one, other)).map((other) => new Map([...one, ...other])),
  );
}

function agree(left: KeyPattern, right: KeyPattern): boolean {
  return [...left].every(([level, value]) => !right.has(level) || right.get(level) === value);
}

function equality({ left, right }: BinaryExpression, context: KeyContext): readonly KeyPattern[] {
  return equalTo(left, right, context) ?? equalTo(right, left, context) ?? ANY_KEY;
}

/** Patterns of `path = value` and of `ABS(path) = value`; undefined for anything else. */
function equalTo(
  subject: Expression,
  expression: Expression,
  context: KeyContext,
): readonly KeyPattern[] | undefined {
  const level = levelOf(subject, context);
  const given = staticValue(expression, context.parameters);
  if (level !== undefined && given !== undefined) {
    return isObjectOrArray(given.value) ? ANY_KEY : withValues(level, known(given.value));
  }
  const value = given?.value;
  const absolute = levelOf(argumentOf(subject, "ABS"), context);
  if (absolute === undefined || typeof value !== "number") {
    return undefined;
  }
  return value < 0 ? NO_KEY : withValues(absolute, value === 0 ? [0] : [value, -value]);
}

/** Patterns of a path that equals one of the elements. */
function oneOf(
  subject: Expression | undefined,
  elements: readonly Expression[],
  context: KeyContext,
): readonly KeyPattern[] {
  const level = levelOf(subject, context);
  const values = elements.map((one) => elementValues(one, context));
  return level === undefined || values.includes(undefined)
    ? ANY_KEY
    : withValues(
        level,
        values.flatMap((one) => one ?? []),
      );
}

/**
 * What an item's key can be where its value equals the element; undefined where only the item
 * tells.
 */
function elementValues(
  element: Expression,
  { parameters }: KeyContext,
): readonly KeyComponent[] | undefined {
  if (element.kind === "array" || element.kind === "object") {
    return [undefined];
  }
  const given = staticValue(element, parameters);
  return given && known(given.value);
}

/** Nothing equals undefined, and an item with an object at the path has no value in its key. */
function known(value: SqlValue): readonly KeyComponent[] {
  if (value === undefined) {
    return [];
  }
  return [isPrimitive(value) ? value : undefined];
}

function call(expression: CallExpression, context: KeyContext): readonly KeyPattern[] {
  const [first, second] = expression.args;
  const level = levelOf(first, context);
  switch (expression.name.toUpperCase()) {
    case "ARRAY_CONTAINS":
      return listContains(first, second, context);
    case "IS_NULL":
      return level === undefined ? ANY_KEY : withValues(level, [null]);
    case "IS_BOOL":
      return level === undefined ? ANY_KEY : withValues(level, [false, true]);
    default:
      return ANY_KEY;
  }
}

/** `ARRAY_CONTAINS(list, path)`, with a list that is written there or a parameter. */
function listContains(
  list: Expression | undefined,
  subject: Expression | undefined,
  context: KeyContext,
): readonly KeyPattern[] {
  if (list?.kind === "array") {
    return oneOf(subject, list.elements, context);
  }
  const value = list?.kind === "parameter" ? context.parameters.get(list.name) : undefined;
  const level = levelOf(subject, context);
  return level === undefined || !Array.isArray(value)
    ? ANY_KEY
    : withValues(level, (value as readonly Json[]).flatMap(known));
}

function withValues(level: number, values: readonly KeyComponent[]): readonly KeyPattern[] {
  return bounded([...new Set(values)].map((value) => new Map([[level, value]])));
}

function isObjectOrArray(value: SqlValue): boolean {
  return value !== undefined && !isPrimitive(value);
}

/** The level of the partition key that the expression is the path of. */
function levelOf(
  expression: Expression | undefined,
  { alias, levels }: KeyContext,
): number | undefined {
  const found = expression && aliasedPath(expression);
  if (found === undefined || found.root !== alias) {
    return undefined;
  }
  const level = levels.findIndex(
    (names) =>
      names.length === found.path.length && names.every((name, at) => name === found.path[at]),
  );
  return level === -1 ? undefined : level;
}

function argumentOf(expression: Expression, name: string): Expression | undefined {
  return expression.kind === "call" &&
    !expression.userDefined &&
    expression.name.toUpperCase() === name
    ? expression.args[0]
    : undefined;
}
