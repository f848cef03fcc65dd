import type { ApolloServerPlugin } from "@apollo/server";
import { GraphQLError } from "graphql";
import type { LimitsConfig } from "../config/config.ts";
import { GatewayError } from "../gateway-error.ts";
import { operationCost } from "./operation-cost.ts";
import type { RequestContext } from "./request-context.ts";

/** Refuses an operation over `limits.depth` or `limits.complexity` before any of it runs. */
export function operationLimitsPlugin(
  limits: Pick<LimitsConfig, "depth" | "complexity">,
): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation }) => {
        if (operation === undefined) {
          return;
        }
        const { depth, complexity } = operationCost(schema, document, operation);
        if (depth > limits.depth) {
          throw tooExpensive(
            `The operation is ${depth} fields deep, and the limit is ${limits.depth}.`,
          );
        }
        if (complexity > limits.complexity) {
          throw tooExpensive(
            `The operation's complexity is ${complexity}, and the limit is ${limits.complexity}. Select less, or send parts of it on their own.`,
          );
        }
      },
    }),
  };
}

/** Apollo Server takes the HTTP status of a request that failed as a whole from `extensions`. */
function tooExpensive(message: string): GraphQLError {
  const error = new GatewayError("QUERY_TOO_EXPENSIVE", message);
  return new GraphQLError(message, {
    originalError: error,
    extensions: { code: error.code, http: { status: error.httpStatus } },
  });
}
