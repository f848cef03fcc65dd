import type { Expression } from "../syntax/ast.ts";

/** What is left of the rows once they are grouped: the values of the GROUP BY expressions. */
export interface Grouping {
  readonly keys: readonly { readonly expression: Expression; readonly slot: number }[];
  /** Slots of the aliases that were grouped over. */
  readonly groupedSlots: ReadonlySet<number>;
  /** That of a query around this one, which holds for the rows before they are grouped, too. */
  readonly outer?: Grouping;
}

/**
 * The groups of a query with these keys, over the aliases at these slots, within the groups of a
 * query around it.
 */
export function withinGrouping(
  outer: Grouping | undefined,
  keys: Grouping["keys"],
  slots: readonly number[],
): Grouping {
  return {
    keys: [...keys, ...(outer?.keys ?? [])],
    groupedSlots: new Set([...slots, ...(outer?.groupedSlots ?? [])]),
    ...(outer && { outer }),
  };
}

/** The slot of the GROUP BY expression that is the same as this one. */
export function findGroupSlot(grouping: Grouping, expression: Expression): number | undefined {
  return grouping.keys.find((key) => sameExpression(key.expression, expression))?.slot;
}

/** Whether two trees are the same but for their places in the text. */
export function sameExpression(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return Object.is(left, right);
  }
  const names = Object.keys(left).filter((name) => name !== "span");
  const others = Object.keys(right).filter((name) => name !== "span");
  return (
    names.length === others.length &&
    names.every((name) => sameExpression(Reflect.get(left, name), Reflect.get(right, name)))
  );
}
