import { queryError } from "../query-error.ts";
import type { Evaluator } from "../row.ts";
import type { Expression, SelectItem, Selection } from "../syntax/ast.ts";
import { answerable } from "../values/value-types.ts";
import type { CompileContext } from "./compile-context.ts";
import { compileProperties } from "./compile-properties.ts";

/** What a query returns for a row. `slots` are those of the FROM clause's aliases. */
export function compileSelect(
  selection: Selection,
  context: CompileContext,
  slots: readonly number[],
): Evaluator {
  switch (selection.kind) {
    case "value": {
      const value = context.compileExpression(selection.expression, context);
      return (row) => answerable(value(row));
    }
    case "list":
      return compileList(selection.items, context);
    default: {
      const [slot] = slots;
      if (slot === undefined || slots.length > 1) {
        const message = "'SELECT *' is only valid with a single input set.";
        throw queryError("SC2040", message, selection.span);
      }
      return (row) => row[slot];
    }
  }
}

function compileList(items: readonly SelectItem[], context: CompileContext): Evaluator {
  const names = selectNames(items);
  const properties = items.map(({ expression }, index) => ({
    name: names[index] as string, // As many names as items
    value: expression,
  }));
  return compileProperties(properties, context);
}

/**
 * The property of each item of a select list: its alias, the last name of its path, or `$1`, `$2`…
 */
export function selectNames(items: readonly SelectItem[]): readonly string[] {
  let unnamed = 0;
  return items.map(({ alias, expression }) => {
    const name = alias ?? impliedName(expression);
    if (name !== undefined) {
      return name;
    }
    unnamed += 1;
    return `$${unnamed}`;
  });
}

function impliedName(expression: Expression): string | undefined {
  if (expression.kind === "identifier") {
    return expression.name;
  }
  return expression.kind === "member" &&
    expression.member.kind === "literal" &&
    typeof expression.member.value === "string"
    ? expression.member.value
    : undefined;
}
