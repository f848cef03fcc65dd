import type { PropertyPath } from "./property-path.ts";

/**
 * What rows must fulfil. Every condition is true or false of any item, never undefined: a
 * comparison with a property that is missing or of another type is false, and `not` of it is true.
 */
export type Condition =
  | { readonly kind: "all" | "any"; readonly conditions: readonly Condition[] }
  | { readonly kind: "not"; readonly condition: Condition }
  | {
      readonly kind: "compare";
      readonly path: PropertyPath;
      readonly operator: "=" | "<" | "<=" | ">" | ">=";
      /** JSON. `null` can only be equal. */
      readonly value: unknown;
    }
  | { readonly kind: "in"; readonly path: PropertyPath; readonly values: readonly unknown[] }
  | {
      readonly kind: "text";
      readonly path: PropertyPath;
      readonly test: "CONTAINS" | "STARTSWITH" | "ENDSWITH" | "RegexMatch";
      readonly value: string;
    }
  | {
      readonly kind: "type";
      readonly path: PropertyPath;
      readonly test:
        | "IS_DEFINED"
        | "IS_NULL"
        | "IS_BOOL"
        | "IS_NUMBER"
        | "IS_INTEGER"
        | "IS_STRING"
        | "IS_ARRAY"
        | "IS_OBJECT";
    }
  /** The array at the path holds the value. */
  | { readonly kind: "has"; readonly path: PropertyPath; readonly value: unknown }
  /** The array at the path has at least one element. */
  | { readonly kind: "hasElements"; readonly path: PropertyPath }
  /** An element of the array at the path fulfils a condition, whose paths start at the element. */
  | { readonly kind: "some"; readonly path: PropertyPath; readonly condition: Condition };

/** True of every item. */
export const ALWAYS: Condition = { kind: "all", conditions: [] };

/** Whether the condition says nothing. */
export function isAlways(condition: Condition): boolean {
  return condition.kind === "all" && condition.conditions.length === 0;
}

/** Each of them holds; of none, true. */
export function all(...conditions: readonly Condition[]): Condition {
  return join("all", conditions);
}

/** At least one of them holds; of none, false. */
export function any(...conditions: readonly Condition[]): Condition {
  return join("any", conditions);
}

/** Opens nested lists of the same kind, so that what is always true leaves nothing in the SQL. */
function join(kind: "all" | "any", conditions: readonly Condition[]): Condition {
  const parts = conditions.flatMap((part) => (part.kind === kind ? part.conditions : [part]));
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind, conditions: parts };
}

export function not(condition: Condition): Condition {
  return { kind: "not", condition };
}

export function equal(path: PropertyPath, value: unknown): Condition {
  return { kind: "compare", path, operator: "=", value };
}
