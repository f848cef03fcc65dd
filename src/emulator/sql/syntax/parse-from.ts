import { queryError } from "../query-error.ts";
import type { Collection, FromSource } from "./ast.ts";
import type { Parser } from "./parser.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** As the service's limits have it (azure-databases-docs, concepts-limits.md). */
const MAX_JOINS = 10;

/** The FROM clause with its JOINs; empty if there is none. */
export function parseFrom(parser: Parser): readonly FromSource[] {
  const { cursor } = parser;
  if (!cursor.takeKeyword("FROM")) {
    return [];
  }
  const sources = [parseSource(parser)];
  while (cursor.isKeyword("JOIN")) {
    if (sources.length > MAX_JOINS) {
      throw queryError(
        "SC3011",
        `A query can have no more than ${MAX_JOINS} JOINs.`,
        cursor.peek(),
      );
    }
    cursor.next();
    sources.push(parseSource(parser));
  }
  return sources;
}

function parseSource(parser: Parser): FromSource {
  const { cursor } = parser;
  const start = cursor.peek().start;
  const after = cursor.peek(1);
  const iterates =
    cursor.peek().kind === "identifier" && after.kind === "keyword" && after.text === "IN";
  if (iterates) {
    const alias = cursor.next().text;
    cursor.next();
    const collection = parseCollection(parser);
    return { iterates, collection, alias, span: { start, end: cursor.peek().start } };
  }
  const collection = parseCollection(parser);
  const alias = parseAlias(cursor) ?? impliedAlias(collection);
  const span = { start, end: cursor.peek().start };
  return { iterates, collection, ...(alias !== undefined && { alias }), span };
}

function parseAlias(cursor: TokenCursor): string | undefined {
  if (cursor.takeKeyword("AS")) {
    return cursor.expect("identifier").text;
  }
  return cursor.peek().kind === "identifier" ? cursor.next().text : undefined;
}

/** `FROM c` is known as `c`, `FROM c.children` as `children`. */
function impliedAlias(collection: Collection): string | undefined {
  if (collection.kind === "subquery") {
    return undefined;
  }
  const last = collection.path.at(-1) ?? collection.root;
  return typeof last === "string" ? last : undefined;
}

function parseCollection(parser: Parser): Collection {
  const { cursor } = parser;
  if (cursor.takeSymbol("(")) {
    const query = parser.parseSubquery();
    cursor.expectSymbol(")");
    return { kind: "subquery", query };
  }
  const root = cursor.expect("identifier");
  const path: (string | number)[] = [];
  for (;;) {
    if (cursor.takeSymbol(".")) {
      path.push(cursor.expect("identifier").text);
    } else if (cursor.takeSymbol("[")) {
      path.push(parsePathIndex(cursor));
      cursor.expectSymbol("]");
    } else {
      return { kind: "path", root: root.text, path, span: root };
    }
  }
}

function parsePathIndex(cursor: TokenCursor): string | number {
  const token = cursor.next();
  if (token.kind === "string") {
    return token.text;
  }
  if (token.kind === "number" && token.value !== undefined) {
    return token.value;
  }
  throw cursor.unexpected(token);
}
