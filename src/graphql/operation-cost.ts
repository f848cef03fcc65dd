import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/** What an operation may cost at most, told from its text alone. */
export interface OperationCost {
  /** How many fields deep it goes. */
  readonly depth: number;
  /** The sum of its fields: 1 each, and more for one that sends requests to Cosmos DB. */
  readonly complexity: number;
}

/**
 * The cost of an operation with all fragments opened, each alias counted, and nothing skipped, as
 * `@skip` and `@include` may go either way. Introspection adds no depth: its own queries go deep.
 *
 * Time grows with the length of the document, not with what it opens to: each fragment is looked at
 * once, so fragments that spread fragments can't make this expensive. The operation must be valid.
 */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const known = new Map<string, OperationCost>();

  const ofSelections = (
    selectionSet: SelectionSetNode | undefined,
    parent: GraphQLNamedType | undefined,
  ): OperationCost => {
    let depth = 0;
    let complexity = 0;
    for (const selection of selectionSet?.selections ?? []) {
      const cost = ofSelection(selection, parent);
      depth = Math.max(depth, cost.depth);
      complexity += cost.complexity;
    }
    return { depth, complexity };
  };

  const ofSelection = (
    selection: SelectionNode,
    parent: GraphQLNamedType | undefined,
  ): OperationCost => {
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = selection.name.value;
        const field =
          isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
        const type = field === undefined ? undefined : getNamedType(field.type);
        const below = ofSelections(selection.selectionSet, type);
        const own = field?.extensions.complexity;
        return {
          depth: name.startsWith("__") ? 0 : below.depth + 1,
          complexity: below.complexity + (typeof own === "number" ? own : 1),
        };
      }
      case Kind.INLINE_FRAGMENT: {
        const condition = selection.typeCondition?.name.value;
        return ofSelections(
          selection.selectionSet,
          condition === undefined ? parent : schema.getType(condition),
        );
      }
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        const cost =
          known.get(name) ??
          ofSelections(
            fragment?.selectionSet,
            fragment && schema.getType(fragment.typeCondition.name.value),
          );
        known.set(name, cost);
        return cost;
      }
    }
  };

  return ofSelections(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
}
