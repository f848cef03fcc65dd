import type { Expression } from "../syntax/ast.ts";

export interface AliasedPath {
  /** The alias that the path starts from. */
  readonly root: string;
  readonly path: readonly (string | number)[];
}

/** `c.a["b"][0]` as an alias and a path; undefined for any other expression. */
export function aliasedPath(expression: Expression): AliasedPath | undefined {
  const path: (string | number)[] = [];
  let current = expression;
  while (current.kind === "member") {
    const { member } = current;
    if (member.kind !== "literal") {
      return undefined;
    }
    if (typeof member.value !== "string" && typeof member.value !== "number") {
      return undefined;
    }
    path.unshift(member.value);
    current = current.target;
  }
  return current.kind === "identifier" ? { root: current.name, path } : undefined;
}
