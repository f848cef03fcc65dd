import { runSubquery } from "../execute/run-subquery.ts";
import { queryError } from "../query-error.ts";
import type { Evaluator } from "../row.ts";
import type { SubqueryExpression } from "../syntax/ast.ts";
import type { CompileContext } from "./compile-context.ts";

/** `(SELECT …)`, `EXISTS(SELECT …)` and `ARRAY(SELECT …)` within an expression. */
export function compileSubquery(
  expression: SubqueryExpression,
  context: CompileContext,
): Evaluator {
  const body = context.compileBody(expression.query, context, false);
  switch (expression.form) {
    case "exists":
      return (row) => runSubquery(body, row, 1).length > 0;
    case "array":
      return (row) => runSubquery(body, row);
    default:
      return (row) => {
        const values = runSubquery(body, row, 2);
        if (values.length > 1) {
          throw queryError(
            "SC2106",
            "Cardinality of a scalar subquery result set cannot be greater than one.",
          );
        }
        return values[0];
      };
  }
}
