import { queryError } from "../query-error.ts";

/**
 * Deepest tree that is compiled: each level is a few frames of the call stack, which holds about
 * ten thousand.
 */
const MAX_DEPTH = 500;

/**
 * Refuses a tree (of syntax or of JSON) that is too deep to walk by recursion. Long chains such as
 * `1 + 1 + 1 + …` make one without any bracket. Walks with a stack of its own.
 *
 * @throws CosmosError 400
 */
export function assertShallow(tree: unknown): void {
  const waiting: { node: unknown; depth: number }[] = [{ node: tree, depth: 0 }];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const { node, depth } = entry;
    if (typeof node !== "object" || node === null) {
      continue;
    }
    if (depth > MAX_DEPTH) {
      throw queryError("SC3002", "The query is too deeply nested.");
    }
    for (const child of Object.values(node)) {
      waiting.push({ node: child, depth: depth + 1 });
    }
  }
}
