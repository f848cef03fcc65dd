import { AGGREGATE_FUNCTIONS } from "../functions/aggregate-functions.ts";
import type { Expression, Selection } from "../syntax/ast.ts";

/**
 * Whether a select list calls an aggregate function of its own query, and not only of a sub-query.
 */
export function hasAggregate(selection: Selection): boolean {
  switch (selection.kind) {
    case "value":
      return callsAggregate(selection.expression);
    case "list":
      return selection.items.some(({ expression }) => callsAggregate(expression));
    default:
      return false;
  }
}

/** Whether the expression calls an aggregate function, outside of sub-queries. */
export function callsAggregate(expression: Expression): boolean {
  return isAggregateCall(expression) || subexpressions(expression).some(callsAggregate);
}

/** Whether the expression is a call of an aggregate function and nothing else. */
export function isAggregateCall(expression: Expression): boolean {
  return (
    expression.kind === "call" &&
    !expression.userDefined &&
    AGGREGATE_FUNCTIONS.has(expression.name.toUpperCase())
  );
}

/** The expressions that this one is made of, without the insides of sub-queries. */
function subexpressions(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "parameter":
    case "identifier":
    case "subquery":
      return [];
    case "member":
      return [expression.target, expression.member];
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "logical":
      return expression.operands;
    case "conditional":
      return [expression.test, expression.consequent, expression.alternative];
    case "in":
      return [expression.needle, ...expression.list];
    case "between":
      return [expression.subject, expression.lower, expression.upper];
    case "like":
      return [expression.subject, expression.pattern];
    case "array":
      return expression.elements;
    case "object":
      return expression.properties.map(({ value }) => value);
    default:
      return expression.args;
  }
}
