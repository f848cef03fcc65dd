import type { Json } from "../../json.ts";
import type { Evaluator } from "../row.ts";
import type { Expression } from "../syntax/ast.ts";
import { setOwnProperty } from "../values/own-property.ts";
import { answerable } from "../values/value-types.ts";
import type { CompileContext } from "./compile-context.ts";

/** An object of these properties, in their order. Those that are undefined are left out. */
export function compileProperties(
  properties: readonly { readonly name: string; readonly value: Expression }[],
  context: CompileContext,
): Evaluator {
  const compiled = properties.map(({ name, value }) => ({
    name,
    evaluate: context.compileExpression(value, context),
  }));
  return (row) => {
    const object: Record<string, Json> = {};
    for (const { name, evaluate } of compiled) {
      const value = answerable(evaluate(row));
      if (value !== undefined) {
        setOwnProperty(object, name, value);
      }
    }
    return object;
  };
}
