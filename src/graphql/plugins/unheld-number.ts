import { type ASTNode, Kind } from "graphql";
import { isUnheldWholeNumber } from "../classes/json-scalar.ts";

/** As much of an error of GraphQL's as says which literals it is about. */
interface BlamingError {
  readonly nodes?: readonly ASTNode[] | undefined;
}

/**
 * Whether an operation was refused with a number in it that no double holds, such as `1e400`, or a
 * whole one that a double would round: a literal that an error is about, or a number anywhere in
 * the variables, which `JSON.parse` reads as Infinity.
 */
export function hasUnheldNumber(
  errors: readonly BlamingError[] | undefined,
  variables: unknown,
): boolean {
  const blamed = errors?.flatMap(({ nodes = [] }) => nodes) ?? [];
  return blamed.some(isUnheldLiteral) || holdsInfinity(variables);
}

function isUnheldLiteral(node: ASTNode): boolean {
  switch (node.kind) {
    case Kind.FLOAT:
      return !Number.isFinite(Number(node.value));
    case Kind.INT:
      return isUnheldWholeNumber(node.value);
    default:
      return false;
  }
}

/** Without recursion, as variables may be deep. */
function holdsInfinity(variables: unknown): boolean {
  const waiting: unknown[] = [variables];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "number" && !Number.isFinite(value)) {
      return true;
    }
    if (typeof value === "object" && value !== null) {
      for (const inner of Object.values(value)) {
        waiting.push(inner);
      }
    }
  }
  return false;
}
