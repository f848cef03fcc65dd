/**
 * What Cosmos DB refuses in the id of a user, a permission, a container or an item: `/ \ ? #`
 * (Microsoft's REST reference for resources). Control characters are refused here as well: they
 * survive neither logs nor proxies. Matches one character.
 */
export const FORBIDDEN_IN_ID = /[/\\?#\p{Cc}]/u;

/**
 * Longest id of a Cosmos DB user, in UTF-16 code units as the service counts (REST reference: 255).
 */
const MAX_ID_LENGTH = 255;

/** Why Cosmos DB would refuse an id, or a URL would change it; undefined if the id is fine. */
export function idFault(id: string): string | undefined {
  if (id === "") {
    return "is empty";
  }
  if (id.length > MAX_ID_LENGTH) {
    return `is ${id.length} characters long; the most is ${MAX_ID_LENGTH}`;
  }
  if (FORBIDDEN_IN_ID.test(id)) {
    return "holds one of / \\ ? # or a control character";
  }
  if (/\s$/u.test(id)) {
    return "ends with white space";
  }
  if (id === "." || id === "..") {
    return "is a path segment that URLs drop";
  }
  if (!id.isWellFormed()) {
    return "holds half of a character (a lone surrogate)";
  }
  return undefined;
}

/** Cosmos DB takes links of fewer characters than this as the resource of a permission. */
const LINK_LENGTH_LIMIT = 256;

/**
 * Why Cosmos DB would refuse a permission on a container or item; undefined if its link is fine.
 */
export function linkFault(database: string, container: string, item?: string): string | undefined {
  const link = `dbs/${database}/colls/${container}${item === undefined ? "" : `/docs/${item}`}`;
  return link.length < LINK_LENGTH_LIMIT
    ? undefined
    : `its link, dbs/…/colls/…, is ${link.length} characters long; the most is ${LINK_LENGTH_LIMIT - 1}`;
}
