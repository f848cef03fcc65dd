import type { Json } from "../../json.ts";

/**
 * The names of a path as container definitions write it: `/address/"post/code"`. None for what is
 * no text.
 */
export function pathNames(path: Json | undefined): readonly string[] {
  const names = typeof path === "string" ? path.match(/"[^"]*"|[^/]+/g) : null;
  return (names ?? []).map((name) => name.replace(/^"(.*)"$/, "$1"));
}
