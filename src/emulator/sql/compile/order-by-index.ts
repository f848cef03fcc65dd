import type { Json } from "../../json.ts";
import type { SortKey } from "../body/query-body.ts";
import { plainQueryError } from "../query-error.ts";
import { isObject } from "../values/value-types.ts";
import { pathNames } from "./path-names.ts";

type SortedPath = Pick<SortKey, "descending"> & { readonly path: readonly (string | number)[] };

/**
 * @throws CosmosError 400 for an ORDER BY that the container's indexing policy can't serve: over
 *   several properties without a composite index of just these in this sequence (in these
 *   directions, or all of them turned round), or over one that is excluded from the index.
 */
export function assertOrderByIndex(keys: readonly SortedPath[], indexingPolicy: Json): void {
  if (!isObject(indexingPolicy)) {
    return;
  }
  const [first, second] = keys;
  if (first && !second && !isIndexed(first.path, indexingPolicy)) {
    throw plainQueryError(
      "The index path corresponding to the specified order-by item is excluded.",
    );
  }
  if (second && !compositeIndexes(indexingPolicy).some((index) => serves(index, keys))) {
    throw plainQueryError(
      "The order by query does not have a corresponding composite index that it can be served from.",
    );
  }
}

interface IndexedPath {
  readonly path: string;
  readonly descending: boolean;
}

function compositeIndexes(policy: { readonly [name: string]: Json }): readonly IndexedPath[][] {
  const indexes = policy.compositeIndexes;
  return Array.isArray(indexes)
    ? indexes.filter(Array.isArray).map((index: readonly Json[]) =>
        index.filter(isObject).map(({ path, order }) => ({
          path: normalPath(path),
          descending: order === "descending",
        })),
      )
    : [];
}

function serves(index: readonly IndexedPath[], keys: readonly SortedPath[]): boolean {
  const samePaths =
    index.length === keys.length &&
    keys.every(({ path }, at) => index[at]?.path === JSON.stringify(path.map(String)));
  const sameDirections = keys.filter(({ descending }, at) => index[at]?.descending === descending);
  return samePaths && (sameDirections.length === 0 || sameDirections.length === keys.length);
}

/** `/a/"b c"/?` as a key of its names. */
function normalPath(path: Json | undefined): string {
  return JSON.stringify(pathNames(path).filter((name) => name !== "?"));
}

/**
 * The longest included or excluded path that fits decides; `_ts` and `id` are always in the index.
 */
function isIndexed(
  path: readonly (string | number)[],
  policy: { readonly [name: string]: Json },
): boolean {
  if (path.length === 1 && (path[0] === "id" || path[0] === "_ts")) {
    return true;
  }
  const included = longestMatch(policy.includedPaths, path);
  const excluded = longestMatch(policy.excludedPaths, path);
  return excluded === 0 || included >= excluded;
}

/** Length of the longest listed path that covers the property; 0 if none does. */
function longestMatch(paths: Json | undefined, property: readonly (string | number)[]): number {
  if (!Array.isArray(paths)) {
    return 0;
  }
  const lengths = paths.filter(isObject).map(({ path }) => {
    const names = pathNames(path);
    const end = names.at(-1);
    const prefix = end === "*" || end === "?" ? names.slice(0, -1) : names;
    const covers = prefix.every(
      (name, at) => property[at] === name || (name === "[]" && typeof property[at] === "number"),
    );
    const exact = end === "*" || prefix.length === property.length;
    // `/a/?` is more exact than `/a/*`
    return covers && exact ? 1 + 2 * prefix.length + (end === "*" ? 0 : 1) : 0;
  });
  return Math.max(0, ...lengths);
}
