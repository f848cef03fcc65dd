import type { Json } from "../../json.ts";
import { setOwnProperty } from "../own-property.ts";
import { notImplemented, queryError } from "../query-error.ts";
import type {
  ArrayExpression,
  ConditionalExpression,
  Expression,
  IdentifierExpression,
  ObjectExpression,
} from "../syntax/ast.ts";
import { compileCall } from "./compile-call.ts";
import type { CompileContext, Evaluator } from "./compile-context.ts";
import { compileLike } from "./compile-like.ts";
import { compileMember } from "./compile-member.ts";
import { compileBinary, compileLogical, compileUnary } from "./compile-operators.ts";
import { compileBetween, compileIn } from "./compile-predicates.ts";
import { compileSubquery } from "./compile-subquery.ts";
import { findGroupSlot } from "./grouping.ts";
import { parameterValue } from "./static-value.ts";

/** An expression as a closure. Throws 400 for names that are not known and calls that can't be. */
export function compileExpression(expression: Expression, context: CompileContext): Evaluator {
  const groupSlot = context.grouping && findGroupSlot(context.grouping, expression);
  if (groupSlot !== undefined) {
    return (row) => row[groupSlot];
  }
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
      return compileObject(expression, context);
    case "call":
      return compileCall(expression, context);
    case "subquery":
      return compileSubquery(expression, context);
    default:
      throw notImplemented(`the expression ${String(expression satisfies never)}`);
  }
}

function compileIdentifier(expression: IdentifierExpression, context: CompileContext): Evaluator {
  const { name, span } = expression;
  const slot = context.scope.find(name);
  if (slot === undefined) {
    throw queryError("SC2001", `Identifier '${name}' could not be resolved.`, span);
  }
  if (context.grouping?.groupedSlots.has(slot)) {
    throw queryError(
      "SC2103",
      `Property reference '${name}' is invalid in the select list because it is not contained in either an aggregate ` +
        "function or the GROUP BY clause.",
      span,
    );
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
      const value = element(row);
      if (value !== undefined) {
        array.push(value);
      }
    }
    return array;
  };
}

function compileObject(expression: ObjectExpression, context: CompileContext): Evaluator {
  const properties = expression.properties.map(({ name, value }) => ({
    name,
    evaluate: context.compileExpression(value, context),
  }));
  return (row) => {
    const object: Record<string, Json> = {};
    for (const { name, evaluate } of properties) {
      const value = evaluate(row);
      if (value !== undefined) {
        setOwnProperty(object, name, value);
      }
    }
    return object;
  };
}
