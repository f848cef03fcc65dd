import type { Json } from "../../json.ts";
import { queryError } from "../query-error.ts";
import type { Expression, ParameterExpression } from "../syntax/ast.ts";
import type { SqlValue } from "../values/sql-value.ts";

/** The value of an expression that is known without any item; undefined if it is not. */
export function staticValue(
  expression: Expression,
  parameters: ReadonlyMap<string, Json>,
): { readonly value: SqlValue } | undefined {
  switch (expression.kind) {
    case "literal":
      return { value: expression.value };
    case "parameter":
      return { value: parameterValue(expression, parameters) };
    case "unary": {
      const operand = staticValue(expression.operand, parameters)?.value;
      return expression.operator === "-" && typeof operand === "number"
        ? { value: -operand }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** @throws CosmosError 400 for a parameter that the request does not carry. */
export function parameterValue(
  expression: ParameterExpression,
  parameters: ReadonlyMap<string, Json>,
): Json {
  const value = parameters.get(expression.name);
  if (value === undefined) {
    const message = `Identifier '${expression.name}' could not be resolved.`;
    throw queryError("SC2001", message, expression.span);
  }
  return value;
}
