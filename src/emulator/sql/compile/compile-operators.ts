import { assertTextLength } from "../limits.ts";
import type { Evaluator } from "../row.ts";
import type {
  BinaryExpression,
  BinaryOperator,
  LogicalExpression,
  UnaryExpression,
  UnaryOperator,
} from "../syntax/ast.ts";
import { equalValues } from "../values/equal-values.ts";
import { compareValues, type SqlValue, typeRank } from "../values/sql-value.ts";
import { finite } from "../values/value-types.ts";
import type { CompileContext } from "./compile-context.ts";

export function compileUnary(expression: UnaryExpression, context: CompileContext): Evaluator {
  const operand = context.compileExpression(expression.operand, context);
  const apply = UNARY_OPERATIONS[expression.operator];
  return (row) => apply(operand(row));
}

export function compileBinary(expression: BinaryExpression, context: CompileContext): Evaluator {
  const left = context.compileExpression(expression.left, context);
  const right = context.compileExpression(expression.right, context);
  if (expression.operator === "??") {
    return (row) => {
      const value = left(row);
      return value === undefined ? right(row) : value;
    };
  }
  const apply = BINARY_OPERATIONS[expression.operator];
  return (row) => apply(left(row), right(row));
}

/**
 * AND is false as soon as one operand is, OR true as soon as one is; what is no boolean makes the
 * rest undefined.
 */
export function compileLogical(expression: LogicalExpression, context: CompileContext): Evaluator {
  const operands = expression.operands.map((one) => context.compileExpression(one, context));
  const decisive = expression.operator === "OR";
  return (row) => {
    let result: SqlValue = !decisive;
    for (const operand of operands) {
      const value = operand(row);
      if (value === decisive) {
        return decisive;
      }
      if (value !== !decisive) {
        result = undefined;
      }
    }
    return result;
  };
}

const UNARY_OPERATIONS: Readonly<Record<UnaryOperator, (value: SqlValue) => SqlValue>> = {
  NOT: (value) => (typeof value === "boolean" ? !value : undefined),
  "-": (value) => (typeof value === "number" ? -value : undefined),
  "+": (value) => (typeof value === "number" ? value : undefined),
  "~": (value) => (typeof value === "number" ? ~value : undefined),
};

type BinaryOperation = (left: SqlValue, right: SqlValue) => SqlValue;

const BINARY_OPERATIONS: Readonly<Record<Exclude<BinaryOperator, "??">, BinaryOperation>> = {
  "=": equality(true),
  "!=": equality(false),
  "<": ordering((difference) => difference < 0),
  ">": ordering((difference) => difference > 0),
  "<=": ordering((difference) => difference <= 0),
  ">=": ordering((difference) => difference >= 0),
  "+": arithmetic((left, right) => left + right),
  "-": arithmetic((left, right) => left - right),
  "*": arithmetic((left, right) => left * right),
  "/": arithmetic((left, right) => left / right),
  "%": arithmetic((left, right) => left % right),
  // Bitwise operators work on 32 bits, as in JavaScript ("Bitwise operators", the query language's
  // documentation)
  "<<": arithmetic((left, right) => left << right),
  ">>": arithmetic((left, right) => left >> right),
  ">>>": arithmetic((left, right) => left >>> right),
  "&": arithmetic((left, right) => left & right),
  "|": arithmetic((left, right) => left | right),
  "^": arithmetic((left, right) => left ^ right),
  "||": concatenate,
};

/**
 * Undefined only if an operand is; values of two types are different, so `"a" != null` is true. The
 * documentation's table says undefined there, but Microsoft's own model of the service
 * (azure-cosmos-dotnet-v3, tests/…/OfflineEngine/ScalarExpressionEvaluator.cs) and every `c.x !=
 * null` in use say this.
 */
function equality(whenEqual: boolean): BinaryOperation {
  return (left, right) =>
    left === undefined || right === undefined ? undefined : equalValues(left, right) === whenEqual;
}

/** Undefined across types, and for arrays and objects. */
function ordering(holds: (difference: number) => boolean): BinaryOperation {
  return (left, right) => {
    if (typeof left === "number" && typeof right === "number") {
      return holds(left - right);
    }
    const rank = typeRank(left);
    return rank === 0 || rank > 4 || rank !== typeRank(right)
      ? undefined
      : holds(compareValues(left, right));
  };
}

/** Undefined unless both are numbers and so is the result. */
function arithmetic(operation: (left: number, right: number) => number): BinaryOperation {
  return (left, right) =>
    typeof left === "number" && typeof right === "number"
      ? finite(operation(left, right))
      : undefined;
}

function concatenate(left: SqlValue, right: SqlValue): SqlValue {
  if (typeof left !== "string" || typeof right !== "string") {
    return undefined;
  }
  assertTextLength(left.length + right.length);
  return left + right;
}
