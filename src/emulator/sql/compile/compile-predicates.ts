import type { Evaluator } from "../row.ts";
import type { BetweenExpression, InExpression } from "../syntax/ast.ts";
import { equalValues } from "../values/equal-values.ts";
import { compareValues, type SqlValue, typeRank } from "../values/sql-value.ts";
import { valueKey } from "../values/value-key.ts";
import type { CompileContext } from "./compile-context.ts";
import { staticValue } from "./static-value.ts";

/** `x IN (…)`: undefined if x is; elements that are undefined are no match. */
export function compileIn(expression: InExpression, context: CompileContext): Evaluator {
  const needle = context.compileExpression(expression.needle, context);
  const { negated } = expression;
  const contains = compileContains(expression, context);
  return (row) => {
    const value = needle(row);
    return value === undefined ? undefined : contains(value, row) !== negated;
  };
}

function compileContains(
  expression: InExpression,
  context: CompileContext,
): (value: SqlValue, row: SqlValue[]) => boolean {
  const known = expression.list.map((one) => staticValue(one, context.parameters));
  if (known.every((one) => one !== undefined)) {
    const keys = new Set(
      known.filter(({ value }) => value !== undefined).map(({ value }) => valueKey(value)),
    );
    return (value) => keys.has(valueKey(value));
  }
  const list = expression.list.map((one) => context.compileExpression(one, context));
  return (value, row) => list.some((one) => equalValues(one(row), value));
}

/** `x BETWEEN a AND b` is `x >= a AND x <= b`, with its undefined. */
export function compileBetween(expression: BetweenExpression, context: CompileContext): Evaluator {
  const subject = context.compileExpression(expression.subject, context);
  const lower = context.compileExpression(expression.lower, context);
  const upper = context.compileExpression(expression.upper, context);
  const { negated } = expression;
  return (row) => {
    const value = subject(row);
    const aboveLower = notBelow(value, lower(row));
    const belowUpper = notBelow(upper(row), value);
    if (aboveLower === false || belowUpper === false) {
      return negated;
    }
    return aboveLower === undefined || belowUpper === undefined ? undefined : !negated;
  };
}

function notBelow(left: SqlValue, right: SqlValue): boolean | undefined {
  const rank = typeRank(left);
  return rank === 0 || rank > 4 || rank !== typeRank(right)
    ? undefined
    : compareValues(left, right) >= 0;
}
