import { createLikeMatcher } from "../functions/like-matcher.ts";
import type { Evaluator } from "../row.ts";
import type { LikeExpression } from "../syntax/ast.ts";
import type { SqlValue } from "../values/sql-value.ts";
import type { CompileContext } from "./compile-context.ts";
import { staticValue } from "./static-value.ts";

/** `x LIKE pattern [ESCAPE c]`: undefined unless both are strings. */
export function compileLike(expression: LikeExpression, context: CompileContext): Evaluator {
  const subject = context.compileExpression(expression.subject, context);
  const { negated } = expression;
  const matcher = compileMatcher(expression, context);
  return (row) => {
    const value = subject(row);
    const matches = matcher(row);
    return typeof value === "string" && matches !== undefined
      ? matches(value) !== negated
      : undefined;
  };
}

type Matcher = (text: string) => boolean;

function compileMatcher(
  expression: LikeExpression,
  context: CompileContext,
): (row: SqlValue[]) => Matcher | undefined {
  const create = (pattern: SqlValue): Matcher | undefined =>
    typeof pattern === "string"
      ? createLikeMatcher(pattern, expression.escape, context.budget)
      : undefined;
  const known = staticValue(expression.pattern, context.parameters);
  if (known) {
    const matcher = create(known.value);
    return () => matcher;
  }
  const pattern = context.compileExpression(expression.pattern, context);
  return (row) => create(pattern(row));
}
