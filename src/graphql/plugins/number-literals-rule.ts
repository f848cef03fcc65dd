import {
  type ASTVisitor,
  type FloatValueNode,
  GraphQLError,
  GraphQLFloat,
  getNamedType,
  type IntValueNode,
  type ValidationContext,
} from "graphql";

/**
 * Refuses a literal of type Float that no double holds, such as `1e400`. GraphQL takes it for
 * Infinity, which JSON writes as null. A variable is refused by the type itself.
 *
 * A rule, and not another Float: that of GraphQL is also the one of own resolvers.
 */
export function numberLiteralsRule(context: ValidationContext): ASTVisitor {
  const check = (node: FloatValueNode | IntValueNode) => {
    const isFloat = getNamedType(context.getInputType()) === GraphQLFloat;
    if (isFloat && !Number.isFinite(Number(node.value))) {
      context.reportError(
        new GraphQLError(
          "Float can't be a number beyond ±1.7976931348623157e308, the range of a double.",
          { nodes: node },
        ),
      );
    }
  };
  return { FloatValue: check, IntValue: check };
}
