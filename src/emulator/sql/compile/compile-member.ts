import type { JsonObject } from "../../json.ts";
import type { Evaluator } from "../row.ts";
import type { Expression, MemberExpression } from "../syntax/ast.ts";
import { memberValue } from "../values/member-value.ts";
import type { CompileContext } from "./compile-context.ts";

/** `c.name`, `c["name"]`, `c.list[0]`, `c[c.which]`. */
export function compileMember(expression: MemberExpression, context: CompileContext): Evaluator {
  const target = context.compileExpression(expression.target, context);
  const name = literalName(expression.member);
  if (name !== undefined) {
    return (row) => {
      const value = target(row);
      return typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        Object.hasOwn(value, name)
        ? (value as JsonObject)[name] // Not an array
        : undefined;
    };
  }
  const member = context.compileExpression(expression.member, context);
  return (row) => memberValue(target(row), member(row));
}

function literalName(member: Expression): string | undefined {
  return member.kind === "literal" && typeof member.value === "string" ? member.value : undefined;
}
