import type { CallExpression, Expression } from "../syntax/ast.ts";
import type { AggregateType } from "./query-plan-info.ts";

const AGGREGATE_TYPES: ReadonlyMap<string, AggregateType> = new Map([
  ["AVG", "Average"],
  ["COUNT", "Count"],
  ["COUNTIF", "CountIf"],
  ["MAKELIST", "MakeList"],
  ["MAKESET", "MakeSet"],
  ["MAX", "Max"],
  ["MIN", "Min"],
  ["SUM", "Sum"],
]);

/** What an expression is, if it is a call of an aggregate function and nothing else. */
export function aggregateTypeOf(expression: Expression): AggregateType | undefined {
  return expression.kind === "call" && !expression.userDefined
    ? AGGREGATE_TYPES.get(expression.name.toUpperCase())
    : undefined;
}

/**
 * What a partition answers in place of an aggregate, so that the client can put several together:
 * sum and count for an average, `item2` with a count for MIN and MAX, where a partition without
 * values must not take part.
 */
export function partialAggregate(call: CallExpression): Expression {
  const of = (name: string): Expression => ({ ...call, name });
  switch (aggregateTypeOf(call)) {
    case "Average":
      return object({ item: object({ sum: of("SUM"), count: of("COUNT") }) });
    case "Max":
      return object({ item: call, item2: object({ max: call, count: of("COUNT") }) });
    case "Min":
      return object({ item: call, item2: object({ min: call, count: of("COUNT") }) });
    default:
      return object({ item: call });
  }
}

/** An object expression. */
export function object(properties: Readonly<Record<string, Expression>>): Expression {
  return {
    kind: "object",
    properties: Object.entries(properties).map(([name, value]) => ({ name, value })),
  };
}
