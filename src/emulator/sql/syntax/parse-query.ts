import { notImplemented } from "../query-error.ts";
import { assertShallow } from "./assert-shallow.ts";
import type {
  CountExpression,
  Expression,
  OrderByItem,
  Query,
  SelectClause,
  SelectItem,
  Selection,
} from "./ast.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseFrom } from "./parse-from.ts";
import { type Parser, parseExpressionList } from "./parser.ts";
import { createTokenCursor, type TokenCursor } from "./token-cursor.ts";
import { tokenize } from "./tokenize.ts";

/**
 * The tree of a query text.
 *
 * @throws CosmosError 400 with the service's code and place for a text outside the grammar.
 */
export function parseQuery(text: string): Query {
  const cursor = createTokenCursor(tokenize(text));
  const parser: Parser = {
    cursor,
    parseExpression: () => parseExpression(parser),
    parseSubquery: () => parseSubquery(parser),
  };
  const query = parseSubquery(parser);
  if (cursor.peek().kind !== "end") {
    throw cursor.unexpected();
  }
  assertShallow(query);
  return query;
}

function parseSubquery(parser: Parser): Query {
  const { cursor } = parser;
  return cursor.nested(() => {
    const select = parseSelect(parser);
    const from = parseFrom(parser);
    const where = cursor.takeKeyword("WHERE") ? parser.parseExpression() : undefined;
    const groupBy = parseGroupBy(parser);
    const orderBy = parseOrderBy(parser);
    const paging = parsePaging(cursor);
    return {
      select,
      from,
      ...(where && { where }),
      groupBy,
      orderBy,
      ...paging,
    };
  });
}

function parseSelect(parser: Parser): SelectClause {
  const { cursor } = parser;
  cursor.expectKeyword("SELECT");
  const distinct = cursor.takeKeyword("DISTINCT");
  const top = cursor.takeKeyword("TOP") ? parseCount(cursor) : undefined;
  return { distinct, ...(top && { top }), selection: parseSelection(parser) };
}

function parseSelection(parser: Parser): Selection {
  const { cursor } = parser;
  if (cursor.isSymbol("*")) {
    return { kind: "star", span: cursor.next() };
  }
  if (cursor.takeKeyword("VALUE")) {
    return { kind: "value", expression: parser.parseExpression() };
  }
  const items = [parseSelectItem(parser)];
  while (cursor.takeSymbol(",")) {
    items.push(parseSelectItem(parser));
  }
  return { kind: "list", items };
}

function parseSelectItem(parser: Parser): SelectItem {
  const { cursor } = parser;
  const expression = parser.parseExpression();
  return cursor.takeKeyword("AS")
    ? { expression, alias: cursor.expect("identifier").text }
    : { expression };
}

function parseCount(cursor: TokenCursor): CountExpression {
  const token = cursor.next();
  if (token.kind === "number") {
    return { kind: "literal", value: token.value, span: token };
  }
  if (token.kind === "parameter") {
    return { kind: "parameter", name: token.text, span: token };
  }
  throw cursor.unexpected(token);
}

function parseGroupBy(parser: Parser): readonly Expression[] {
  const { cursor } = parser;
  if (!cursor.takeKeyword("GROUP")) {
    return [];
  }
  cursor.expectKeyword("BY");
  return parseExpressionList(parser);
}

function parseOrderBy(parser: Parser): readonly OrderByItem[] {
  const { cursor } = parser;
  if (!cursor.takeKeyword("ORDER")) {
    return [];
  }
  cursor.expectKeyword("BY");
  if (cursor.peek().text.toUpperCase() === "RANK" && cursor.peek(1).kind === "identifier") {
    throw notImplemented("ORDER BY RANK");
  }
  const items: OrderByItem[] = [];
  do {
    const expression = parser.parseExpression();
    const descending = cursor.takeKeyword("DESC");
    if (!descending) {
      cursor.takeKeyword("ASC");
    }
    items.push({ expression, descending });
  } while (cursor.takeSymbol(","));
  return items;
}

function parsePaging(cursor: TokenCursor): Pick<Query, "offset" | "limit"> {
  if (!cursor.takeKeyword("OFFSET")) {
    return {};
  }
  const offset = parseCount(cursor);
  cursor.expectKeyword("LIMIT");
  return { offset, limit: parseCount(cursor) };
}
