/**
 * True if a resource of that id can be named in a URL.
 *
 * Cosmos DB forbids `/`, `\` and `#` in ids (and `?` in ids of users and permissions). Beyond its
 * rules, `.` and `..` are refused: URL parsers resolve them as path steps, so that
 * `DELETE …/colls/carts/docs/..` would delete the container `carts`. A lone surrogate can't be
 * percent-encoded at all.
 */
export function isAddressableId(id: string): boolean {
  return id.trim() !== "" && id !== "." && id !== ".." && !/[/\\#]/.test(id) && id.isWellFormed();
}
