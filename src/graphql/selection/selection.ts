import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/**
 * Which fields of an object an operation selects, with their own selections: aliases resolved,
 * fragments opened, `@include` and `@skip` applied.
 */
export type Selection = ReadonlyMap<string, readonly FieldNode[]>;

/** What is selected of the object that a field's nodes give. */
export function selectionOf(
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
  info: GraphQLResolveInfo,
): Selection {
  const found = new Map<string, FieldNode[]>();
  for (const node of nodes) {
    collect(node.selectionSet, type, info, found);
  }
  return found;
}

function collect(
  selectionSet: SelectionSetNode | undefined,
  type: GraphQLObjectType,
  info: GraphQLResolveInfo,
  found: Map<string, FieldNode[]>,
): void {
  for (const selection of selectionSet?.selections ?? []) {
    if (!isIncluded(selection, info)) {
      continue;
    }
    if (selection.kind === Kind.FIELD) {
      found.set(selection.name.value, [...(found.get(selection.name.value) ?? []), selection]);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
    if (fragment !== undefined && fits(fragment.typeCondition?.name.value, type, info)) {
      collect(fragment.selectionSet, type, info, found);
    }
  }
}

function isIncluded(selection: SelectionNode, info: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues);
  return skip?.if !== true && include?.if !== false;
}

function fits(
  condition: string | undefined,
  type: GraphQLObjectType,
  info: GraphQLResolveInfo,
): boolean {
  if (condition === undefined || condition === type.name) {
    return true;
  }
  const other = info.schema.getType(condition);
  return isAbstractType(other) && info.schema.isSubType(other, type);
}
