import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import type { FieldComplexity } from "../classes/api-class.ts";
import { createFieldCollector } from "../selection/collect-fields.ts";

/** What an operation may cost at most, told before it runs. */
export interface OperationCost {
  /** How many fields deep it goes. */
  readonly depth: number;
  /** How many items it may read, write or ask for; infinite if that is too much to be counted. */
  readonly complexity: number;
}

export interface CountedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As GraphQL coerced them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

const NOTHING: OperationCost = { depth: 0, complexity: 0 };

/**
 * The cost of a valid operation, of the fields that executing it comes to; of the types that an
 * item may have, the dearest counts. Introspection costs nothing and adds no depth: its own queries
 * go deep.
 *
 * What a field costs, its `complexity` says. Without one, a field of the operation's root is 1, and
 * any other comes with its row.
 */
export function operationCost(counted: CountedOperation): OperationCost {
  const { schema, document, operation, variables } = counted;
  const root = schema.getRootType(operation.operation);
  if (root === undefined || root === null) {
    return NOTHING;
  }
  const collector = createFieldCollector(schema, document, variables);
  // What was counted already, by the numbers of the selection sets and the type.
  const known = new Map<string, OperationCost>();
  const numbers = new Map<SelectionSetNode, number>();
  const numberOf = (selectionSet: SelectionSetNode): number => {
    const number = numbers.get(selectionSet) ?? numbers.size;
    numbers.set(selectionSet, number);
    return number;
  };

  const ofObject = (
    selectionSets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
  ): OperationCost => {
    const key = `${type.name} ${selectionSets.map(numberOf).join()}`;
    let cost = known.get(key);
    if (cost === undefined) {
      cost = NOTHING;
      for (const nodes of collector.fieldsOf(selectionSets, type).values()) {
        const { depth, complexity } = ofField(nodes, type);
        cost = {
          depth: Math.max(cost.depth, depth),
          complexity: cost.complexity + complexity,
        };
      }
      known.set(key, cost);
    }
    return cost;
  };

  const ofField = (nodes: readonly FieldNode[], parent: GraphQLObjectType): OperationCost => {
    const [node] = nodes;
    const field = node && parent.getFields()[node.name.value];
    if (node === undefined || field === undefined) {
      // `__typename`, `__schema` or `__type`.
      return NOTHING;
    }
    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const below = objectTypesOf(field, schema).map((type) => ofObject(selectionSets, type));
    const childComplexity = Math.max(0, ...below.map(({ complexity }) => complexity));
    // What the classes of the API, and own resolvers, give to type-graphql.
    const own = field.extensions.complexity as FieldComplexity | undefined;
    return {
      depth: 1 + Math.max(0, ...below.map(({ depth }) => depth)),
      complexity:
        typeof own === "function"
          ? own({ args: argumentsOf(field, node, variables), childComplexity })
          : (own ?? (parent === root ? 1 : 0)) + childComplexity,
    };
  };

  const { depth, complexity } = ofObject([operation.selectionSet], root);
  return { depth, complexity: collector.isExhausted ? Number.POSITIVE_INFINITY : complexity };
}

type AnyField = GraphQLField<unknown, unknown>;

function objectTypesOf(field: AnyField, schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const type = getNamedType(field.type);
  if (isAbstractType(type)) {
    return schema.getPossibleTypes(type);
  }
  return isObjectType(type) ? [type] : [];
}

/** Arguments that can't be coerced fail when the operation runs, and the field sends nothing. */
function argumentsOf(
  field: AnyField,
  node: FieldNode,
  variables: CountedOperation["variables"],
): Readonly<Record<string, unknown>> {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return {};
  }
}
