import { type ASTVisitor, GraphQLError, type ValidationContext } from "graphql";

/**
 * Refuses a variable that is called `__proto__`. GraphQL assigns variables to an object, where this
 * one would become the prototype: it would count as not given, and a filter be without it.
 */
export function variableNamesRule(context: ValidationContext): ASTVisitor {
  return {
    VariableDefinition({ variable }) {
      if (variable.name.value === "__proto__") {
        context.reportError(
          new GraphQLError("A variable can't be called `$__proto__`. Give it another name.", {
            nodes: variable,
          }),
        );
      }
    },
  };
}
