import type { Json } from "../../json.ts";
import { notImplemented, queryError } from "../query-error.ts";
import type { Evaluator } from "../row.ts";
import type {
  ArrayExpression,
  ConditionalExpression,
  Expression,
  IdentifierExpression,
} from "../syntax/ast.ts";
import { printExpression } from "../syntax/print-query.ts";
import { answerable } from "../values/value-types.ts";
import { compileCall } from "./compile-call.ts";
import type { CompileContext } from "./compile-context.ts";
import { compileLike } from "./compile-like.ts";
import { compileMember } from "./compile-member.ts";
import { compileBinary, compileLogical, compileUnary } from "./compile-operators.ts";
import { compileBetween, compileIn } from "./compile-predicates.ts";
import { compileProperties } from "./compile-properties.ts";
import { compileSubquery } from "./compile-subquery.ts";
import { findGroupSlot, type Grouping } from "./grouping.ts";
import { parameterValue } from "./static-value.ts";

/**
 * An expression as a closure.
 *
 * @throws CosmosError 400 for names that are not known and calls that can't be.
 */
export function compileExpression(expression: Expression, context: CompileContext): Evaluator {
  const groupSlot = context.grouping && findGroupSlot(context.grouping, expression);
  if (groupSlot !== undefined) {
    return (row) => row[groupSlot];
  }
  assertNotGrouped(expression, context);
  switch (expression.kind) {
    case "literal": {
      const { value } = expression;
      return () => value;
    }
    case "parameter": {
      const value = parameterValue(expression, context.parameters);
      return () => value;
    }
    case "identifier":
      return compileIdentifier(expression, context);
    case "member":
      return compileMember(expression, context);
    case "unary":
      return compileUnary(expression, context);
    case "binary":
      return compileBinary(expression, context);
    case "logical":
      return compileLogical(expression, context);
    case "conditional":
      return compileConditional(expression, context);
    case "in":
      return compileIn(expression, context);
    case "between":
      return compileBetween(expression, context);
    case "like":
      return compileLike(expression, context);
    case "array":
      return compileArray(expression, context);
    case "object":
      return compileProperties(expression.properties, context);
    case "call":
      return compileCall(expression, context);
    case "subquery":
      return compileSubquery(expression, context);
    default:
      throw notImplemented(`the expression ${String(expression satisfies never)}`);
  }
}

/**
 * Refuses an alias, or a path from one, that stands for many rows by now. A path below a group key
 * is fine.
 *
 * @throws CosmosError 400
 */
function assertNotGrouped(expression: Expression, { grouping, scope }: CompileContext): void {
  const root = grouping && rootIdentifier(expression, grouping);
  const slot = root && scope.find(root.name);
  if (slot !== undefined && grouping?.groupedSlots.has(slot) && "span" in expression) {
    throw queryError(
      "SC2102",
      `Property reference '${printExpression(expression)}' is invalid in the select list because it is not contained ` +
        "in either an aggregate function or the GROUP BY clause.",
      expression.span,
    );
  }
}

/** The alias that a path starts from; undefined where the path starts from a group key. */
function rootIdentifier(
  expression: Expression,
  grouping: Grouping,
): IdentifierExpression | undefined {
  let current = expression;
  while (current.kind === "member") {
    current = current.target;
    if (findGroupSlot(grouping, current) !== undefined) {
      return undefined;
    }
  }
  return current.kind === "identifier" ? current : undefined;
}

/**
 * The only names that are values of their own; both are left out of results, where JSON has no
 * number for them.
 */
const NUMBER_NAMES: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
]);

function compileIdentifier(expression: IdentifierExpression, context: CompileContext): Evaluator {
  const { name, span } = expression;
  const slot = context.scope.find(name);
  const number = NUMBER_NAMES.get(name);
  if (slot === undefined && number !== undefined) {
    return () => number;
  }
  if (slot === undefined) {
    throw queryError("SC2001", `Identifier '${name}' could not be resolved.`, span);
  }
  return (row) => row[slot];
}

function compileConditional(expression: ConditionalExpression, context: CompileContext): Evaluator {
  const test = context.compileExpression(expression.test, context);
  const consequent = context.compileExpression(expression.consequent, context);
  const alternative = context.compileExpression(expression.alternative, context);
  return (row) => (test(row) === true ? consequent(row) : alternative(row));
}

/** Elements and properties that are undefined are left out. */
function compileArray(expression: ArrayExpression, context: CompileContext): Evaluator {
  const elements = expression.elements.map((one) => context.compileExpression(one, context));
  return (row) => {
    const array: Json[] = [];
    for (const element of elements) {
      const value = answerable(element(row));
      if (value !== undefined) {
        array.push(value);
      }
    }
    return array;
  };
}
