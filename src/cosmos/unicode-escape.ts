/** A UTF-16 code unit as `\uXXXX`, which JSON and Cosmos DB's SQL read alike. */
export function unicodeEscape(codeUnit: string): string {
  return `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
