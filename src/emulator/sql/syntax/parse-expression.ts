import { queryError } from "../query-error.ts";
import type { BinaryOperator, Expression, UnaryOperator } from "./ast.ts";
import { parsePrimary } from "./parse-primary.ts";
import { type Parser, parseExpressionList } from "./parser.ts";
import type { TokenCursor } from "./token-cursor.ts";

/**
 * The binary operators from loosest to tightest. Looser than all of them are `?:`, `??`, OR, AND
 * and then IN / BETWEEN / LIKE; tighter are the unary ones. NOT is one of those: `NOT c.a = 1` is
 * `(NOT c.a) = 1`. Source: the grammar of the .NET SDK (azure-cosmos-dotnet-v3,
 * Query/Core/Parser/sql.g4). It has no shifts: they stand where JavaScript has them, whose rules
 * the documentation of the bitwise operators names.
 */
const BINARY_LEVELS: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["|"],
  ["^"],
  ["&"],
  ["=", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>", ">>>"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Any scalar expression. */
export function parseExpression(parser: Parser): Expression {
  const { cursor } = parser;
  return cursor.nested(() => {
    const test = parseCoalesce(parser);
    if (!cursor.takeSymbol("?")) {
      return test;
    }
    const consequent = parser.parseExpression();
    cursor.expectSymbol(":");
    const alternative = parser.parseExpression();
    return { kind: "conditional", test, consequent, alternative };
  });
}

function parseCoalesce(parser: Parser): Expression {
  const { cursor } = parser;
  let left = parseLogical(parser, "OR");
  while (cursor.takeSymbol("??")) {
    left = { kind: "binary", operator: "??", left, right: parseLogical(parser, "OR") };
  }
  return left;
}

function parseLogical(parser: Parser, operator: "AND" | "OR"): Expression {
  const { cursor } = parser;
  const operand = () => (operator === "OR" ? parseLogical(parser, "AND") : parsePredicate(parser));
  const first = operand();
  if (!cursor.isKeyword(operator)) {
    return first;
  }
  const operands = [first];
  while (cursor.takeKeyword(operator)) {
    operands.push(operand());
  }
  return { kind: "logical", operator, operands };
}

function parsePredicate(parser: Parser): Expression {
  let subject = parseBinary(parser, 0);
  for (;;) {
    const next = parsePredicateTail(parser, subject);
    if (next === undefined) {
      return subject;
    }
    subject = next;
  }
}

function parsePredicateTail(parser: Parser, subject: Expression): Expression | undefined {
  const { cursor } = parser;
  const after = cursor.isKeyword("NOT") ? cursor.peek(1) : cursor.peek();
  if (after.kind !== "keyword" || !["IN", "BETWEEN", "LIKE"].includes(after.text)) {
    return undefined;
  }
  const negated = cursor.takeKeyword("NOT");
  cursor.next();
  switch (after.text) {
    case "IN": {
      cursor.expectSymbol("(");
      const list = parseExpressionList(parser);
      cursor.expectSymbol(")");
      return { kind: "in", negated, needle: subject, list };
    }
    case "BETWEEN": {
      const lower = parseBinary(parser, 0);
      cursor.expectKeyword("AND");
      return { kind: "between", negated, subject, lower, upper: parseBinary(parser, 0) };
    }
    default: {
      const pattern = parseBinary(parser, 0);
      const character = parseEscape(cursor);
      return {
        kind: "like",
        negated,
        subject,
        pattern,
        ...(character !== undefined && { escape: character }),
      };
    }
  }
}

function parseEscape(cursor: TokenCursor): string | undefined {
  if (!cursor.takeKeyword("ESCAPE")) {
    return undefined;
  }
  const token = cursor.expect("string");
  if ([...token.text].length !== 1) {
    throw queryError(
      "SC2012",
      "The ESCAPE clause must be a string literal of one character.",
      token,
    );
  }
  return token.text;
}

function parseBinary(parser: Parser, level: number): Expression {
  const { cursor } = parser;
  const operators = BINARY_LEVELS[level];
  if (operators === undefined) {
    return parseUnary(parser);
  }
  let left = parseBinary(parser, level + 1);
  for (;;) {
    const token = cursor.peek();
    const operator = operators.find((one) => token.kind === "symbol" && token.text === one);
    if (operator === undefined) {
      return left;
    }
    cursor.next();
    left = { kind: "binary", operator, left, right: parseBinary(parser, level + 1) };
  }
}

function parseUnary(parser: Parser): Expression {
  const { cursor } = parser;
  const token = cursor.peek();
  const operator = UNARY_OPERATORS.get(token.text);
  if (operator === undefined || (token.kind !== "symbol" && token.kind !== "keyword")) {
    return parsePrimary(parser);
  }
  cursor.next();
  return cursor.nested(() => ({ kind: "unary", operator, operand: parseUnary(parser) }));
}

const UNARY_OPERATORS: ReadonlyMap<string, UnaryOperator> = new Map([
  ["+", "+"],
  ["-", "-"],
  ["~", "~"],
  ["NOT", "NOT"],
]);
