import { type ASTNode, Kind } from "graphql";

/** As much of an error of GraphQL's as says which literals it is about. */
interface BlamingError {
  readonly nodes?: readonly ASTNode[] | undefined;
}

/**
 * Whether an operation was refused with a number in it that no double holds, such as `1e400`, or a
 * whole one that a double would round: a literal that an error is about, or a number anywhere in the
 * variables, which `JSON.parse` reads as Infinity.
 */
export function hasUnheldNumber(
  errors: readonly BlamingError[] | undefined,
  variables: unknown,
): boolean {
  const blamed = errors?.flatMap(({ nodes = [] }) => nodes) ?? [];
  return blamed.some(isUnheldLiteral) || holdsInfinity(variables);
}

/** 2^53: up to it, a double holds each whole number. */
const MAX_WHOLE_NUMBER = 2n ** 53n;

/** In characters, the sign included. */
const LONGEST_WHOLE_NUMBER = 17;

function isUnheldLiteral(node: ASTNode): boolean {
  switch (node.kind) {
    case Kind.FLOAT:
      return !Number.isFinite(Number(node.value));
    case Kind.INT: {
      // A literal has no leading zeros. A million digits would take long to be made a number.
      if (node.value.length > LONGEST_WHOLE_NUMBER) {
        return true;
      }
      const exact = BigInt(node.value);
      return exact > MAX_WHOLE_NUMBER || exact < -MAX_WHOLE_NUMBER;
    }
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
