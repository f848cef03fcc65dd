import type { ApolloServerPlugin } from "@apollo/server";
import {
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from "graphql";
import type { LimitsConfig } from "../../config/config.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { RequestContext } from "../request-context.ts";
import { operationCost } from "./operation-cost.ts";

/**
 * How deep variables may nest: as deep as an item, which Cosmos DB limits to 128 levels, and the
 * input around it. GraphQL goes through them by recursion, which has an end.
 */
const MAX_VARIABLE_DEPTH = 140;

/** Refuses an operation over `limits.depth` or `limits.complexity` before any of it runs. */
export function operationLimitsPlugin(
  limits: Pick<LimitsConfig, "depth" | "complexity">,
): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request }) => {
        if (isDeeperThan(MAX_VARIABLE_DEPTH, request.variables)) {
          throw tooExpensive(`Variables nest ${MAX_VARIABLE_DEPTH} levels at most.`);
        }
        if (operation === undefined) {
          return;
        }
        const variables = coercedVariables(schema, operation, request.variables);
        if (variables === undefined) {
          // GraphQL says what is wrong with them, and runs nothing.
          return;
        }
        const { depth, complexity } = operationCost({ schema, document, operation, variables });
        if (depth > limits.depth) {
          throw tooExpensive(
            `The operation is ${depth} fields deep, and the limit is ${limits.depth}.`,
          );
        }
        if (complexity > limits.complexity) {
          throw tooExpensive(
            `The operation's complexity is ${Number.isFinite(complexity) ? complexity : "too high to be counted"}, and the limit is ${limits.complexity}. Select less, or send parts of it on their own.`,
          );
        }
      },
    }),
  };
}

/** Level by level, without recursion of its own. */
function isDeeperThan(depth: number, value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let reached = 0; level.length > 0; reached += 1) {
    if (reached > depth) {
      return true;
    }
    level = level.flatMap((part) =>
      typeof part === "object" && part !== null ? Object.values(part) : [],
    );
  }
  return false;
}

/**
 * From how many values on the first fault of variables is the only one that is told. GraphQL quotes
 * a faulty variable as a whole in each of 50 errors: with one of a megabyte, that stops the process
 * for a second.
 */
const MANY_VALUES = 1000;

function hasMoreThan(count: number, value: unknown): boolean {
  const waiting: unknown[] = [value];
  for (let seen = 0; waiting.length > 0; seen += 1) {
    const part = waiting.pop();
    const inner = typeof part === "object" && part !== null ? Object.values(part) : [];
    if (seen + inner.length > count) {
      return true;
    }
    waiting.push(...inner);
  }
  return false;
}

/**
 * The variables as the operation will see them; undefined for faulty ones.
 *
 * @throws GraphQLError the first fault of many values.
 */
function coercedVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> | undefined {
  // Looks for no more than one other error.
  const { errors, coerced } = getVariableValues(schema, variableDefinitions, variables, {
    maxErrors: 1,
  });
  const [first] = errors ?? [];
  if (first !== undefined && hasMoreThan(MANY_VALUES, variables)) {
    throw new GraphQLError(first.message, {
      ...(first.nodes && { nodes: first.nodes }),
      extensions: { code: "BAD_USER_INPUT", http: { status: 400 } },
    });
  }
  return coerced;
}

/** Apollo Server takes the HTTP status of a request that failed as a whole from `extensions`. */
function tooExpensive(message: string): GraphQLError {
  const error = new GatewayError("QUERY_TOO_EXPENSIVE", message);
  return new GraphQLError(message, {
    originalError: error,
    extensions: { code: error.code, http: { status: error.httpStatus } },
  });
}
