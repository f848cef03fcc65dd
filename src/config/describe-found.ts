import { formatConfigPath } from "./config-fault.ts";

/** Longest text of a configuration that a fault quotes, in characters. */
const MAX_QUOTED = 60;

/** Values that are `Secret`s in the configuration. */
const SECRET_PATH = /^(cosmos\.keys\b|server\.cursorSecret$)/;

/**
 * What stands at a path, in words for a fault. Neither a key nor anything that came from the
 * environment or another file is quoted.
 */
export function describeFound(
  tree: unknown,
  path: readonly PropertyKey[],
  substituted: ReadonlySet<string>,
): string {
  const value = valueAt(tree, path);
  const isSecret = SECRET_PATH.test(formatConfigPath(path));
  if (value === undefined) {
    return "nothing";
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty list" : "a list";
  }
  if (typeof value === "object" && value !== null) {
    return "a mapping";
  }
  if (value === "") {
    return "empty text";
  }
  if (isSecret || substituted.has(formatConfigPath(path))) {
    return "another value (not shown)";
  }
  const shown = JSON.stringify(value);
  return shown.length > MAX_QUOTED ? `${shown.slice(0, MAX_QUOTED)}…` : shown;
}

/** The value at a path of a tree of plain values; undefined if there is none. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  let here = tree;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) {
      return undefined;
    }
    here = (here as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return here;
}
