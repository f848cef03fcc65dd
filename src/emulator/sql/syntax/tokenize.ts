import type { CosmosError } from "../../cosmos-error.ts";
import { queryError } from "../query-error.ts";
import { readStringLiteral } from "./string-literal.ts";

export type TokenKind =
  | "identifier"
  | "keyword"
  | "parameter"
  | "number"
  | "string"
  | "symbol"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Keywords in upper case, strings without quotes and escapes, anything else as written. */
  readonly text: string;
  /** A keyword as written. */
  readonly written?: string;
  /** The number of a "number". */
  readonly value?: number;
  readonly start: number;
  readonly end: number;
}

/** Longest query text: 512 KB, as SC3020 of the service says it. */
const MAX_QUERY_CHARACTERS = 524_288;

/** Words that can't name a property or an alias without brackets. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "AND ARRAY AS ASC BETWEEN BY DESC DISTINCT ESCAPE EXISTS FALSE FROM GROUP IN JOIN LEFT LIKE LIMIT NOT NULL " +
    "OFFSET OR ORDER RIGHT SELECT TOP TRUE UDF UNDEFINED VALUE WHERE"
  ).split(" "),
);

/** Whether the word, in any case, can't stand where a name is wanted. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toUpperCase());
}

const SPACE = /(?:[ \t\r\n\f\v\u00a0\ufeff]+|--[^\r\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/y;
const PARAMETER = /@[A-Za-z0-9_\u0080-\uffff]+/y;
const NUMBER = /0[xX][0-9A-Fa-f]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const SYMBOL = /\?\?|\|\||!=|<>|<=|>=|>>>|>>|<<|[-+*/%&|^~<>=?:.,()[\]{}]/y;

/**
 * All tokens of the text, the last one of kind "end".
 *
 * @throws CosmosError 400 for a text that is too long or has no token somewhere.
 */
export function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_QUERY_CHARACTERS) {
    throw queryError(
      "SC3020",
      `The SQL query text exceeded the maximum limit of ${MAX_QUERY_CHARACTERS} characters.`,
      { start: 0, end: text.length },
    );
  }
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    position += matchAt(SPACE, text, position)?.length ?? 0;
    if (position >= text.length) {
      tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
      return tokens;
    }
    const token = readToken(text, position);
    tokens.push(token);
    position = token.end;
  }
}

function readToken(text: string, start: number): Token {
  const first = text.charAt(start);
  if (first === '"' || first === "'") {
    const literal = readStringLiteral(text, start);
    if (literal === undefined) {
      throw invalidString(text, start);
    }
    return { kind: "string", text: literal.value, start, end: literal.end };
  }
  let found = matchAt(WORD, text, start);
  if (found !== undefined) {
    const end = start + found.length;
    return isKeyword(found)
      ? { kind: "keyword", text: found.toUpperCase(), written: found, start, end }
      : { kind: "identifier", text: found, start, end };
  }
  found = matchAt(NUMBER, text, start);
  if (found !== undefined) {
    return numberToken(text, start, found);
  }
  found = matchAt(PARAMETER, text, start);
  if (found !== undefined) {
    return { kind: "parameter", text: found, start, end: start + found.length };
  }
  found = matchAt(SYMBOL, text, start);
  if (found !== undefined) {
    return {
      kind: "symbol",
      text: found === "<>" ? "!=" : found,
      start,
      end: start + found.length,
    };
  }
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const span = { start, end: start + character.length };
  throw queryError("SC1001", `Syntax error, incorrect syntax near '${character}'.`, span);
}

function numberToken(text: string, start: number, found: string): Token {
  const end = start + found.length;
  const value = Number(found);
  if (!Number.isFinite(value) || matchAt(WORD, text, end) !== undefined) {
    throw queryError("SC1010", `Syntax error, invalid numeric value token '${found}'.`, {
      start,
      end,
    });
  }
  return { kind: "number", text: found, value, start, end };
}

function invalidString(text: string, start: number): CosmosError {
  const line = /[^\r\n]*/y;
  line.lastIndex = start;
  const rest = line.exec(text)?.[0] ?? "";
  const shown = rest.length > 100 ? `${rest.slice(0, 100)}...` : rest;
  return queryError("SC1012", `Syntax error, invalid string literal token '${shown}'.`, {
    start,
    end: start + rest.length,
  });
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}
