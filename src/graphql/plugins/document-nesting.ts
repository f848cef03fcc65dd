import { Lexer, Source, TokenKind } from "graphql";

/**
 * How deep brackets of a document may nest: an input that holds an item, which Cosmos DB limits to
 * 128 levels, and selections around it. GraphQL parses, validates and coerces by recursion, which
 * ends at some thousand levels with a fault of the engine.
 */
export const MAX_DOCUMENT_NESTING = 200;

/** Whether brackets of a document nest too deep. A document that can't be read does not. */
export function nestsTooDeep(document: string): boolean {
  // Most documents have fewer brackets than may nest, and are read only once.
  if ((document.match(/[{[(]/g)?.length ?? 0) <= MAX_DOCUMENT_NESTING) {
    return false;
  }
  const lexer = new Lexer(new Source(document));
  let depth = 0;
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      depth += depthChange(token.kind);
      if (depth > MAX_DOCUMENT_NESTING) {
        return true;
      }
    }
  } catch {
    // A syntax error, which the parser will find, too.
  }
  return false;
}

function depthChange(kind: TokenKind): number {
  switch (kind) {
    case TokenKind.BRACE_L:
    case TokenKind.BRACKET_L:
    case TokenKind.PAREN_L:
      return 1;
    case TokenKind.BRACE_R:
    case TokenKind.BRACKET_R:
    case TokenKind.PAREN_R:
      return -1;
    default:
      return 0;
  }
}
