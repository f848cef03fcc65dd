import type { Json } from "../../json.ts";
import type { PathRange } from "../body/path-range.ts";
import type { RangeBound, RangeBounds } from "../item-source.ts";
import type {
  BinaryExpression,
  BinaryOperator,
  CallExpression,
  Expression,
  InExpression,
} from "../syntax/ast.ts";
import { compareValues, type SqlValue, typeRank } from "../values/sql-value.ts";
import { valueKey } from "../values/value-key.ts";
import { aliasedPath } from "./aliased-path.ts";
import { staticValue } from "./static-value.ts";

/**
 * What the WHERE clause says about single paths of the item, one range for each: never narrower
 * than the clause. `isItem` tells the alias of the item.
 */
export function pathRanges(
  where: Expression | undefined,
  isItem: (alias: string) => boolean,
  parameters: ReadonlyMap<string, Json>,
): readonly PathRange[] {
  const merged = new Map<string, PathRange>();
  for (const conjunct of conjuncts(where)) {
    const found = conjunctRange(conjunct, isItem, parameters);
    if (found) {
      const key = JSON.stringify(found.path);
      const before = merged.get(key);
      merged.set(key, before ? intersect(before, found) : found);
    }
  }
  return [...merged.values()];
}

function conjuncts(where: Expression | undefined): readonly Expression[] {
  if (where === undefined) {
    return [];
  }
  return where.kind === "logical" && where.operator === "AND"
    ? where.operands.flatMap(conjuncts)
    : [where];
}

function conjunctRange(
  expression: Expression,
  isItem: (alias: string) => boolean,
  parameters: ReadonlyMap<string, Json>,
): PathRange | undefined {
  const pathOf = (one: Expression | undefined) => one && itemPath(one, isItem);
  const staticOf = (one: Expression | undefined) => one && staticValue(one, parameters)?.value;
  switch (expression.kind) {
    case "binary":
      return comparisonRange(expression, pathOf, staticOf);
    case "between": {
      const path = pathOf(expression.subject);
      const lower = boundsOf(">=", staticOf(expression.lower));
      const upper = boundsOf("<=", staticOf(expression.upper));
      return path && lower && upper && !expression.negated
        ? intersect({ path, bounds: lower }, { path, bounds: upper })
        : undefined;
    }
    case "in":
      return listRange(expression, pathOf, staticOf);
    case "call":
      return prefixRange(expression, pathOf, staticOf);
    default:
      return undefined;
  }
}

type PathOf = (expression: Expression | undefined) => readonly string[] | undefined;
type StaticOf = (expression: Expression | undefined) => SqlValue;

function comparisonRange(
  expression: BinaryExpression,
  pathOf: PathOf,
  staticOf: StaticOf,
): PathRange | undefined {
  const { left, right, operator } = expression;
  const path = pathOf(left);
  const bounds = path
    ? boundsOf(operator, staticOf(right))
    : boundsOf(MIRRORED.get(operator) ?? operator, staticOf(left));
  const place = path ?? pathOf(right);
  if (!place || !bounds) {
    return undefined;
  }
  return operator === "=" && bounds.lower
    ? { path: place, bounds, equalTo: bounds.lower.value }
    : { path: place, bounds };
}

/** Values of an IN up to which each is looked up by itself. */
const MAX_LISTED = 100;

function listRange(
  { needle, list, negated }: InExpression,
  pathOf: PathOf,
  staticOf: StaticOf,
): PathRange | undefined {
  const path = pathOf(needle);
  if (!path || negated || list.length > MAX_LISTED) {
    return undefined;
  }
  const values = list.map(staticOf).filter((value) => value !== undefined);
  const oneOf = [...new Map(values.map((value) => [valueKey(value), value])).values()];
  const [lowest, highest] = [
    oneOf.toSorted(compareValues)[0],
    oneOf.toSorted(compareValues).at(-1),
  ];
  return values.length === list.length && lowest !== undefined && highest !== undefined
    ? {
        path,
        bounds: {
          lower: { value: lowest, inclusive: true },
          upper: { value: highest, inclusive: true },
        },
        oneOf,
      }
    : undefined;
}

/** STARTSWITH with regard to case. */
function prefixRange(
  call: CallExpression,
  pathOf: PathOf,
  staticOf: StaticOf,
): PathRange | undefined {
  const [subject, prefix] = call.args;
  const path = pathOf(subject);
  const text = staticOf(prefix);
  const fits =
    call.name.toUpperCase() === "STARTSWITH" && call.args.length === 2 && !call.userDefined;
  return fits && path && typeof text === "string"
    ? { path, bounds: { lower: { value: text, inclusive: true }, upper: endOfPrefix(text) } }
    : undefined;
}

function itemPath(
  expression: Expression,
  isItem: (alias: string) => boolean,
): readonly string[] | undefined {
  const found = aliasedPath(expression);
  return found && isItem(found.root) && found.path.length > 0 && found.path.every(isName)
    ? found.path
    : undefined;
}

function isName(member: string | number): member is string {
  return typeof member === "string";
}

const MIRRORED: ReadonlyMap<BinaryOperator, BinaryOperator> = new Map([
  ["<", ">"],
  [">", "<"],
  ["<=", ">="],
  [">=", "<="],
]);

/** Above every string with this prefix comes the prefix with its last character raised by one. */
function endOfPrefix(prefix: string): RangeBound {
  for (let end = prefix.length; end > 0; ) {
    const start =
      end -
      (/[\ud800-\udbff][\udc00-\udfff]$/.test(prefix.slice(Math.max(0, end - 2), end)) ? 2 : 1);
    const last = prefix.codePointAt(start) ?? 0;
    const next = last === 0xd7ff ? 0xe000 : last + 1; // Surrogates are no characters
    if (next <= 0x10ffff) {
      return { value: prefix.slice(0, start) + String.fromCodePoint(next), inclusive: false };
    }
    end = start;
  }
  return END_OF_STRINGS;
}

/** Above every string comes the empty array. */
const END_OF_STRINGS: RangeBound = { value: [], inclusive: false };

/**
 * What `path operator value` leaves of the order of all values: comparison stays within the value's
 * type.
 */
function boundsOf(operator: BinaryOperator, value: SqlValue): RangeBounds | undefined {
  if (value === undefined) {
    return undefined;
  }
  const type = typeBounds(value);
  switch (operator) {
    case "=":
      return { lower: { value, inclusive: true }, upper: { value, inclusive: true } };
    case ">":
    case ">=":
      return type && { lower: { value, inclusive: operator === ">=" }, upper: type.upper };
    case "<":
    case "<=":
      return type && { lower: type.lower, upper: { value, inclusive: operator === "<=" } };
    default:
      return undefined;
  }
}

function typeBounds(value: Json): Required<RangeBounds> | undefined {
  switch (typeRank(value)) {
    case 1:
      return { lower: { value: null, inclusive: true }, upper: { value: null, inclusive: true } };
    case 2:
      return { lower: { value: false, inclusive: true }, upper: { value: true, inclusive: true } };
    case 3:
      return { lower: { value: true, inclusive: false }, upper: { value: "", inclusive: false } };
    case 4:
      return { lower: { value: "", inclusive: true }, upper: END_OF_STRINGS };
    default:
      return undefined;
  }
}

function intersect(left: PathRange, right: PathRange): PathRange {
  if (left.equalTo !== undefined || right.equalTo !== undefined) {
    return left.equalTo !== undefined ? left : right;
  }
  if (left.oneOf || right.oneOf) {
    return left.oneOf ? left : right;
  }
  const lower = tighter(left.bounds.lower, right.bounds.lower, 1);
  const upper = tighter(left.bounds.upper, right.bounds.upper, -1);
  return { path: left.path, bounds: { ...(lower && { lower }), ...(upper && { upper }) } };
}

function tighter(
  left: RangeBound | undefined,
  right: RangeBound | undefined,
  direction: 1 | -1,
): RangeBound | undefined {
  if (!left || !right) {
    return left ?? right;
  }
  const difference = compareValues(left.value, right.value) * direction;
  return difference > 0 || (difference === 0 && !left.inclusive) ? left : right;
}
