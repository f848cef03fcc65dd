import type { Expression } from "../syntax/ast.ts";

/** What is left of the rows once they are grouped: the values of the GROUP BY expressions. */
export interface Grouping {
  readonly keys: readonly { readonly expression: Expression; readonly slot: number }[];
  /** Slots of the aliases that were grouped over. */
  readonly groupedSlots: ReadonlySet<number>;
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
