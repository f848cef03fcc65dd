import { notImplemented } from "../query-error.ts";
import type { Expression, SubqueryExpression } from "./ast.ts";
import { type Parser, parseExpressionList } from "./parser.ts";
import type { Token } from "./tokenize.ts";

/**
 * A literal, name, call, bracketed expression or sub-query, with every `.name` and `[member]`
 * behind it.
 */
export function parsePrimary(parser: Parser): Expression {
  const { cursor } = parser;
  const { start } = cursor.peek();
  let target = parseAtom(parser);
  for (;;) {
    if (cursor.takeSymbol(".")) {
      const name = cursor.expect("identifier");
      const span = { start, end: name.end };
      target = { kind: "member", target, member: textLiteral(name), span };
    } else if (cursor.takeSymbol("[")) {
      const member = parser.parseExpression();
      const span = { start, end: cursor.expectSymbol("]").end };
      target = { kind: "member", target, member, span };
    } else {
      return target;
    }
  }
}

function textLiteral(token: Token): Expression {
  return { kind: "literal", value: token.text, span: token };
}

function parseAtom(parser: Parser): Expression {
  const { cursor } = parser;
  const token = cursor.peek();
  switch (token.kind) {
    case "string":
      return textLiteral(cursor.next());
    case "number":
      cursor.next();
      return { kind: "literal", value: token.value, span: token };
    case "parameter":
      cursor.next();
      return { kind: "parameter", name: token.text, span: token };
    case "identifier":
      return parseName(parser);
    case "keyword":
      return parseKeywordAtom(parser);
    case "symbol":
      return parseBracketed(parser);
    default:
      throw cursor.unexpected();
  }
}

function parseName(parser: Parser): Expression {
  const { cursor } = parser;
  const token = cursor.next();
  if (!cursor.isSymbol("(")) {
    return { kind: "identifier", name: token.text, span: token };
  }
  const inner = cursor.peek(1);
  if (inner.kind === "keyword" && inner.text === "SELECT") {
    throw notImplemented(`the ${token.text.toUpperCase()} sub-query expression`);
  }
  return parseCall(parser, token, false);
}

function parseCall(parser: Parser, name: Token, userDefined: boolean): Expression {
  const { cursor } = parser;
  cursor.expectSymbol("(");
  const args = cursor.isSymbol(")") ? [] : parseExpressionList(parser);
  const close = cursor.expectSymbol(")");
  const span = { start: name.start, end: close.end };
  return { kind: "call", name: name.text, userDefined, args, span };
}

function parseKeywordAtom(parser: Parser): Expression {
  const { cursor } = parser;
  const token = cursor.next();
  switch (token.text) {
    case "TRUE":
      return { kind: "literal", value: true, span: token };
    case "FALSE":
      return { kind: "literal", value: false, span: token };
    case "NULL":
      return { kind: "literal", value: null, span: token };
    case "UNDEFINED":
      return { kind: "literal", value: undefined, span: token };
    case "LEFT":
    case "RIGHT":
      return parseCall(parser, token, false);
    case "UDF":
      cursor.expectSymbol(".");
      return parseCall(parser, cursor.expect("identifier"), true);
    case "EXISTS":
      return parseSubqueryForm(parser, "exists");
    case "ARRAY":
      return parseSubqueryForm(parser, "array");
    default:
      throw cursor.unexpected(token);
  }
}

function parseSubqueryForm(parser: Parser, form: SubqueryExpression["form"]): SubqueryExpression {
  const { cursor } = parser;
  cursor.expectSymbol("(");
  const query = parser.parseSubquery();
  cursor.expectSymbol(")");
  return { kind: "subquery", form, query };
}

function parseBracketed(parser: Parser): Expression {
  const { cursor } = parser;
  const token = cursor.peek();
  switch (token.text) {
    case "(": {
      const inner = cursor.peek(1);
      if (inner.kind === "keyword" && inner.text === "SELECT") {
        return parseSubqueryForm(parser, "scalar");
      }
      cursor.next();
      const expression = parser.parseExpression();
      cursor.expectSymbol(")");
      return expression;
    }
    case "[": {
      cursor.next();
      const elements = cursor.isSymbol("]") ? [] : parseExpressionList(parser);
      cursor.expectSymbol("]");
      return { kind: "array", elements };
    }
    case "{":
      return parseObject(parser);
    default:
      throw cursor.unexpected();
  }
}

function parseObject(parser: Parser): Expression {
  const { cursor } = parser;
  cursor.expectSymbol("{");
  const properties: { name: string; value: Expression }[] = [];
  if (!cursor.isSymbol("}")) {
    do {
      const token = cursor.next();
      if (token.kind !== "string" && token.kind !== "identifier") {
        throw cursor.unexpected(token);
      }
      cursor.expectSymbol(":");
      properties.push({ name: token.text, value: parser.parseExpression() });
    } while (cursor.takeSymbol(","));
  }
  cursor.expectSymbol("}");
  return { kind: "object", properties };
}
