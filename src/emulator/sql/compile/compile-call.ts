import { AGGREGATE_FUNCTIONS } from "../functions/aggregate-functions.ts";
import type { Builtin } from "../functions/builtin.ts";
import { BUILTINS } from "../functions/builtins.ts";
import { notImplemented, queryError } from "../query-error.ts";
import type { Evaluator } from "../row.ts";
import type { CallExpression } from "../syntax/ast.ts";
import type { SqlValue } from "../values/sql-value.ts";
import type { CompileContext } from "./compile-context.ts";

/** A call of a built-in, aggregate or user-defined function. */
export function compileCall(expression: CallExpression, context: CompileContext): Evaluator {
  if (expression.userDefined) {
    return compileUserDefined(expression, context);
  }
  const name = expression.name.toUpperCase();
  if (AGGREGATE_FUNCTIONS.has(name)) {
    return compileAggregate(expression, context);
  }
  const builtin = BUILTINS.get(name);
  if (builtin !== undefined) {
    checkArguments(expression, builtin.minArguments, builtin.maxArguments);
    return compileBuiltin(builtin, expression, context);
  }
  if (REFUSED_FUNCTIONS.test(name)) {
    throw notImplemented(`the function ${name}`);
  }
  const message = `'${expression.name}' is not a recognized built-in function name.`;
  throw queryError("SC2005", message, expression.span);
}

/**
 * Functions that the service has and this emulator leaves out: spatial, vector and full-text ones,
 * and the newest.
 */
const REFUSED_FUNCTIONS =
  /^(?:ST_\w+|VECTORDISTANCE|FULLTEXT\w+|RRF|_\w+|AGO|ARRAY_(?:AVG|MAX|MEDIAN|MIN|SUM)|DATETIMEFORMAT|IS_DATETIME|REGEXEXTRACT(?:ALL)?|SET(?:DIFFERENCE|EQUAL)|(?:LAST)?SUBSTRING(?:AFTER|BEFORE))$/;

function checkArguments(expression: CallExpression, minimum: number, maximum: number): void {
  const count = expression.args.length;
  if (count >= minimum && count <= maximum) {
    return;
  }
  const wanted =
    minimum === maximum
      ? `${minimum} argument(s)`
      : maximum === Number.POSITIVE_INFINITY
        ? `at least ${minimum} argument(s)`
        : `${minimum} to ${maximum} arguments`;
  const message = `The ${expression.name.toUpperCase()} function requires ${wanted}.`;
  throw queryError("SC2050", message, expression.span);
}

function compileBuiltin(
  builtin: Builtin,
  expression: CallExpression,
  context: CompileContext,
): Evaluator {
  const args = expression.args.map((one) => context.compileExpression(one, context));
  const call = builtin.create(context);
  const [first, second, third] = args;
  if (first === undefined) {
    return () => call();
  }
  if (second === undefined) {
    return (row) => call(first(row));
  }
  if (third === undefined) {
    return (row) => call(first(row), second(row));
  }
  return args.length === 3
    ? (row) => call(first(row), second(row), third(row))
    : (row) => call(...args.map((arg) => arg(row)));
}

function compileAggregate(expression: CallExpression, context: CompileContext): Evaluator {
  const name = expression.name.toUpperCase();
  const createAccumulator = AGGREGATE_FUNCTIONS.get(name);
  if (context.aggregates === undefined || createAccumulator === undefined) {
    const message = `Aggregate function '${name}' can't be used in this place.`;
    throw queryError("SC2009", message, expression.span);
  }
  checkArguments(expression, 1, 1);
  // Within its argument the aliases are rows again, and another aggregate is an error
  const { aggregates, grouping, ...rest } = context;
  const rowContext = { ...rest, ...(grouping?.outer && { grouping: grouping.outer }) };
  const argument = expression.args[0];
  const slot = context.allocateSlot();
  if (argument !== undefined) {
    const evaluate = context.compileExpression(argument, rowContext);
    aggregates.push({ argument: evaluate, slot, createAccumulator });
  }
  return (row) => row[slot];
}

function compileUserDefined(expression: CallExpression, context: CompileContext): Evaluator {
  const { name, span } = expression;
  const call = context.findUserDefinedFunction(name);
  if (call === undefined) {
    throw queryError(
      "SC2007",
      `'udf.${name}' is not a user-defined function of this container.`,
      span,
    );
  }
  const args = expression.args.map((one) => context.compileExpression(one, context));
  return (row) => call(...args.map((arg): SqlValue => arg(row)));
}
