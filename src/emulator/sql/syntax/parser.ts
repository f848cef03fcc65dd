import type { Expression, Query } from "./ast.ts";
import type { TokenCursor } from "./token-cursor.ts";

/**
 * What the parts of the grammar share: the place in the text, and the two rules that each of them
 * uses.
 */
export interface Parser {
  readonly cursor: TokenCursor;
  parseExpression(): Expression;
  /** A query that ends where its clauses end. */
  parseSubquery(): Query;
}

/** One or more expressions with commas in between. */
export function parseExpressionList(parser: Parser): Expression[] {
  const list = [parser.parseExpression()];
  while (parser.cursor.takeSymbol(",")) {
    list.push(parser.parseExpression());
  }
  return list;
}
