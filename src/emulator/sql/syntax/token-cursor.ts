import type { CosmosError } from "../../cosmos-error.ts";
import { queryError } from "../query-error.ts";
import type { Token, TokenKind } from "./tokenize.ts";

/**
 * Deepest nesting of brackets, operators and sub-queries that is parsed; far below what the call
 * stack holds.
 */
const MAX_NESTING = 100;

/** A place in a query's tokens that moves forward. */
export interface TokenCursor {
  peek(ahead?: number): Token;
  next(): Token;
  isKeyword(word: string): boolean;
  isSymbol(text: string): boolean;
  /** Steps over the keyword or symbol if it is there, and says so. */
  takeKeyword(word: string): boolean;
  takeSymbol(text: string): boolean;
  /** Steps over the keyword or symbol, or throws 400. */
  expectKeyword(word: string): Token;
  expectSymbol(text: string): Token;
  expect(kind: TokenKind): Token;
  /** The 400 for a token that can't stand where it is. Default: the next one. */
  unexpected(token?: Token): CosmosError;
  /**
   * Runs a parser one level deeper.
   *
   * @throws CosmosError 400 beyond the limit.
   */
  nested<Result>(parse: () => Result): Result;
}

export function createTokenCursor(tokens: readonly Token[]): TokenCursor {
  let index = 0;
  let depth = 0;
  const last = tokens.length - 1;

  // There is always an "end".
  const at = (place: number): Token => tokens[Math.min(place, last)] as Token;
  const peek = (ahead = 0): Token => at(index + ahead);
  const is = (kind: TokenKind, text: string): boolean => {
    const token = at(index);
    return token.kind === kind && token.text === text;
  };
  const next = (): Token => {
    const token = at(index);
    index += 1;
    return token;
  };
  const take = (kind: TokenKind, text: string): boolean => {
    const found = is(kind, text);
    if (found) {
      index += 1;
    }
    return found;
  };
  const unexpected = (token = peek()): CosmosError =>
    queryError("SC1001", `Syntax error, incorrect syntax near '${shown(token)}'.`, token);
  const expectText = (kind: TokenKind, text: string): Token => {
    if (!is(kind, text)) {
      throw unexpected();
    }
    return next();
  };

  return {
    peek,
    next,
    unexpected,
    isKeyword: (word) => is("keyword", word),
    isSymbol: (text) => is("symbol", text),
    takeKeyword: (word) => take("keyword", word),
    takeSymbol: (text) => take("symbol", text),
    expectKeyword: (word) => expectText("keyword", word),
    expectSymbol: (text) => expectText("symbol", text),
    expect: (kind) => {
      if (peek().kind !== kind) {
        throw unexpected();
      }
      return next();
    },
    nested: (parse) => {
      depth += 1;
      if (depth > MAX_NESTING) {
        throw queryError(
          "SC3002",
          `The query is nested deeper than ${MAX_NESTING} levels.`,
          peek(),
        );
      }
      const result = parse();
      depth -= 1;
      return result;
    },
  };
}

function shown(token: Token): string {
  const text = token.kind === "end" ? "end of query" : (token.written ?? token.text);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
