/** Where a text left. Exceptions go by it. */
export type Place =
  | "answer"
  | "header"
  | "log"
  | "metrics"
  | "document"
  | "start message"
  | "development issuer";

export interface SearchContext {
  /** Tenants whose marks may stand here: those that the receiver may read. A log has none. */
  readonly mayCarry: ReadonlySet<string>;
  readonly where: Place;
  /** The Cosmos DB user of the caller who gets the text. */
  readonly cosmosUser?: string;
  /** Of a document: its path in the repository. */
  readonly path?: string;
}

/** A secret that may stand in one place. Each has a test, and one for the place beside it. */
export interface KnownException {
  readonly name: string;
  /** The text without what is allowed in it; all else is searched. */
  readonly withoutAllowed: (text: string, context: ExceptionContext) => string;
}

export interface ExceptionContext extends SearchContext {
  /** The Cosmos DB user that a resource token was minted for; undefined for another text. */
  readonly ownerOf: (resourceToken: string) => string | undefined;
}
