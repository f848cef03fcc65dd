import type { SortKey } from "./sql/sort-key.ts";

/**
 * What to say of an order by several properties that no index of the container serves. It ends with
 * the index as it is to stand in the container's indexing policy, such as
 * `{"compositeIndexes":[[{"path":"/status","order":"ascending"},…]]}`.
 *
 * @param orderBy absent where the client wrote the query.
 */
export function missingCompositeIndex(orderBy: readonly SortKey[] | undefined): string {
  const message =
    "Ordering by several properties needs a composite index of exactly these, in this sequence. The container's indexing policy has none.";
  if (orderBy === undefined) {
    return message;
  }
  const index = orderBy.map(({ path, direction }) => ({
    path: indexPath(path),
    order: direction === "ASC" ? "ascending" : "descending",
  }));
  return `${message} Add this to the policy: ${JSON.stringify({ compositeIndexes: [index] })}`;
}

/** A path as indexing policies have it: names other than plain words are quoted. */
function indexPath(path: SortKey["path"]): string {
  return path
    .map((name) => (/^[A-Za-z_]\w*$/.test(name) ? `/${name}` : `/${JSON.stringify(name)}`))
    .join("");
}
