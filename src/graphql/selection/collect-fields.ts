import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/** The fields that are selected of an object, by the names that they are given in the answer. */
export type CollectedFields = ReadonlyMap<string, readonly FieldNode[]>;

export interface FieldCollector {
  fieldsOf(selectionSets: readonly SelectionSetNode[], type: GraphQLObjectType): CollectedFields;
  /** Whether there was so much to look at that the fields are no longer all. */
  readonly isExhausted: boolean;
}

/**
 * How many selections are looked at for one operation. A document's fragments can be put together
 * in more ways than anyone could count.
 */
const MAX_SELECTIONS = 100_000;

/**
 * Collects fields as executing the operation would: without what `@skip` and `@include` leave out,
 * and with what is selected twice under one name as one field.
 *
 * @param variables as GraphQL coerced them.
 */
export function createFieldCollector(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): FieldCollector {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  let seen = 0;

  /** What a fragment opens to, if it is about the type; a named one once. */
  const opened = (
    selection: Exclude<SelectionNode, FieldNode>,
    type: GraphQLObjectType,
    spread: Set<string>,
  ): readonly SelectionNode[] => {
    let fragment: Exclude<SelectionNode, FieldNode> | FragmentDefinitionNode | undefined =
      selection;
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const name = selection.name.value;
      fragment = spread.has(name) ? undefined : fragments.get(name);
      spread.add(name);
    }
    return fragment !== undefined &&
      fragment.kind !== Kind.FRAGMENT_SPREAD &&
      fits(fragment.typeCondition?.name.value, type, schema)
      ? fragment.selectionSet.selections
      : [];
  };

  return {
    fieldsOf(selectionSets, type) {
      const fields = new Map<string, FieldNode[]>();
      const spread = new Set<string>();
      const waiting = selectionSets.flatMap(({ selections }) => selections);
      // It grows while it is gone through.
      for (const selection of waiting) {
        seen += 1;
        if (seen > MAX_SELECTIONS) {
          break;
        }
        if (!isSelected(selection, variables)) {
          continue;
        }
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          const nodes = fields.get(name) ?? [];
          nodes.push(selection);
          fields.set(name, nodes);
        } else {
          waiting.push(...opened(selection, type, spread));
        }
      }
      return fields;
    },
    get isExhausted() {
      return seen > MAX_SELECTIONS;
    },
  };
}

function isSelected(
  selection: SelectionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false
  );
}

function fits(
  condition: string | undefined,
  type: GraphQLObjectType,
  schema: GraphQLSchema,
): boolean {
  const wanted = condition === undefined ? type : schema.getType(condition);
  return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
}
