import type { ApolloServerPlugin } from "@apollo/server";
import { GraphQLError } from "graphql";
import { GatewayError } from "../../gateway-error.ts";
import type { RequestContext } from "../request-context.ts";

/**
 * Takes the schema's names out of GraphQL's own messages, for a schema that is not to be read:
 * suggestions, and quotations of names that the request doesn't have itself. A message that can't
 * be taken apart for certain is replaced.
 */
export function hiddenSchemaPlugin(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, source, request }) => {
        const own = errors.filter((error) => !isFromGateway(error));
        if (own.length > 0) {
          const asked = wordsOf([source, request.operationName, request.variables]);
          for (const error of own) {
            error.message = withoutNames(error.message, asked);
          }
        }
      },
    }),
  };
}

/** Whether a message is the gateway's, whose authors have weighed what it names. */
function isFromGateway(error: unknown): boolean {
  return (
    error instanceof GatewayError ||
    (error instanceof GraphQLError && isFromGateway(error.originalError))
  );
}

/** Names that GraphQL gives to every schema. */
const NAMES_OF_ALL = [
  "Int",
  "Float",
  "String",
  "Boolean",
  "ID",
  "Query",
  "Mutation",
  "Subscription",
];

function withoutNames(message: string, asked: ReadonlySet<string>): string {
  const isKnown = (name: string) => asked.has(name) || NAMES_OF_ALL.includes(name);
  const plain = message.replace(/ ?Did you mean .*$/s, "");
  const quoted = /"(?:[^"\\]|\\.)*"/gs;
  if (plain.replace(quoted, "").includes('"')) {
    return "The operation, or a variable of it, is not valid.";
  }
  return plain.replace(quoted, (text) => (namesIn(text).every(isKnown) ? text : '"…"'));
}

function namesIn(text: string): readonly string[] {
  return text.match(/[A-Za-z_]\w*/g) ?? [];
}

/** Without recursion of its own: variables may nest without measure. */
function wordsOf(values: readonly unknown[]): ReadonlySet<string> {
  const words = new Set<string>();
  const waiting: unknown[] = [...values];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string") {
      for (const name of namesIn(value)) {
        words.add(name);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        waiting.push(name, inner);
      }
    }
  }
  return words;
}
