import { randomUUID } from "node:crypto";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { GatewayError } from "../../gateway-error.ts";
import type { Observe } from "../../observability/observation.ts";
import { ItemMisfitError } from "../misfits/item-misfit-error.ts";

/** Apollo Server's `formatError`. */
export type ErrorFormatter = (
  formatted: GraphQLFormattedError,
  error: unknown,
) => GraphQLFormattedError;

/**
 * Turns every failure into what the client may see: a `GatewayError` as it is, GraphQL's own errors
 * about the operation with the codes that Apollo Server gives them, and everything else as
 * `INTERNAL_SERVER_ERROR` with an `errorId`, under which `observe` gets the original. Never a stack
 * trace. `observe` gets each misfit item of an answer as well, once.
 */
export function createErrorFormatter({ observe }: { readonly observe: Observe }): ErrorFormatter {
  return (formatted, error) => {
    const original = originalOf(error);
    const place = {
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
    };
    if (original instanceof ItemMisfitError) {
      const { message, extensions } = original.describe();
      if (original.isFirst) {
        observe({ kind: "item-misfit", ...original.misfit, path: formatted.path ?? [] });
      }
      return { message, ...place, extensions: { code: original.code, ...extensions } };
    }
    if (original instanceof GatewayError && original.code !== "INTERNAL_SERVER_ERROR") {
      if (original.code === "CONTAINER_MISSING") {
        observe({ kind: "container-missing", error: original });
      }
      return { message: original.message, ...place, extensions: extensionsOf(original) };
    }
    const code = clientErrorCode(formatted, error);
    if (code !== undefined) {
      return { message: shortened(formatted.message), ...place, extensions: { code } };
    }
    const errorId = randomUUID();
    observe({ kind: "operation-failed", errorId, error: original });
    return {
      message: "Something went wrong in the gateway. The error's id finds it in the log.",
      ...place,
      extensions: { code: "INTERNAL_SERVER_ERROR", errorId },
    };
  };
}

function extensionsOf({ code, retryAfterMs, operationIndex }: GatewayError) {
  return {
    code,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(operationIndex === undefined ? {} : { operationIndex }),
  };
}

/**
 * Long enough for what GraphQL says by itself. It quotes the variable that it refuses, as a whole
 * and in each of 50 errors: a body of one megabyte was answered with 32.
 */
const MAX_MESSAGE_LENGTH = 1000;

function shortened(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH
    ? message
    : `${message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed()}…`;
}

/** What was thrown first: execution wraps it, once to add a path and again for each re-throw. */
function originalOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError !== undefined
    ? originalOf(error.originalError)
    : error;
}

/** The code of an error that is about the client's operation; undefined for one of the server's. */
function clientErrorCode(formatted: GraphQLFormattedError, error: unknown): string | undefined {
  // This text is graphql-js's only sign of a document over `parseOptions.maxTokens`.
  if (/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(formatted.message)) {
    return "QUERY_TOO_EXPENSIVE";
  }
  // The last of many errors of variables, and the only one that blames no place.
  if (formatted.message.startsWith("Too many errors processing variables")) {
    return "BAD_USER_INPUT";
  }
  const code = formatted.extensions?.code;
  if (typeof code === "string" && code !== "INTERNAL_SERVER_ERROR") {
    return code;
  }
  return isAboutOperation(error) ? "BAD_USER_INPUT" : undefined;
}

/**
 * Whether GraphQL blames a place of the operation, such as an argument that a variable makes null.
 * What resolvers throw, and what a stored value does to its field's type, gets a path and a place
 * only from the wrapping around it.
 */
function isAboutOperation(error: unknown): boolean {
  return (
    error instanceof GraphQLError &&
    ((error.path === undefined && (error.nodes?.length ?? 0) > 0) ||
      isAboutOperation(error.originalError))
  );
}
