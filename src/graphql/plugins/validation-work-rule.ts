import {
  type ASTVisitor,
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from "graphql";
import { GatewayError } from "../../gateway-error.ts";

/**
 * How many comparisons of two parts of a document validation may be asked for. A quarter of a
 * million takes some 20 ms; 10,000 lexical tokens can ask for 50 million.
 */
const MAX_COMPARISONS = 250_000;

/**
 * A validation rule that refuses a document whose validation would take long, before the other
 * rules go through it. GraphQL compares each two fields of one response name, each two fragment
 * spreads, and each operation with each fragment that it may reach.
 */
export function validationWorkRule(context: ValidationContext): ASTVisitor {
  return {
    Document: (document) => {
      if (comparisonsIn(document) <= MAX_COMPARISONS) {
        return undefined;
      }
      const message =
        "The document repeats too many fields, fragments or operations. Send parts of it on their own.";
      const originalError = new GatewayError("QUERY_TOO_EXPENSIVE", message);
      context.reportError(new GraphQLError(message, { originalError }));
      // Taken out of what is visited: no other rule sees anything of it.
      return null;
    },
  };
}

/**
 * An upper bound, counted in one pass. Where a field stands does not matter, as fragments bring it
 * anywhere.
 */
function comparisonsIn({ definitions }: DocumentNode): number {
  const fields = new Map<string, number>();
  let spreads = 0;
  let selections = 0;
  let operations = 0;
  const waiting: SelectionSetNode[] = definitions.flatMap((each) => selectionSetOf(each));
  for (const { kind } of definitions) {
    operations += kind === Kind.OPERATION_DEFINITION ? 1 : 0;
  }
  for (let set = waiting.pop(); set !== undefined; set = waiting.pop()) {
    for (const selection of set.selections) {
      selections += 1;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        spreads += 1;
      } else if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        fields.set(name, (fields.get(name) ?? 0) + 1);
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined) {
        waiting.push(selection.selectionSet);
      }
    }
  }
  const fragments = definitions.length - operations;
  return (
    [...fields.values()].reduce((sum, count) => sum + pairs(count), 0) +
    pairs(spreads) +
    pairs(fragments) +
    operations * selections
  );
}

function selectionSetOf(definition: DefinitionNode): readonly SelectionSetNode[] {
  return definition.kind === Kind.OPERATION_DEFINITION ||
    definition.kind === Kind.FRAGMENT_DEFINITION
    ? [definition.selectionSet]
    : [];
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}
