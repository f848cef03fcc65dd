/** Names of properties from an item, or from an element of an array in it, inwards. */
export type PropertyPath = readonly string[];

/**
 * A path as SQL, such as `c["address"]["order"]`. The only place where a name becomes SQL text:
 * brackets and a JSON string make any name safe, keywords and quotes included.
 */
export function propertyPathSql(alias: string, path: PropertyPath): string {
  return alias + path.map((name) => `[${quotedSql(name)}]`).join("");
}

/** A string literal of Cosmos DB's SQL, which escapes as JSON does. For names, never for values. */
export function quotedSql(text: string): string {
  return JSON.stringify(text);
}
