import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import type { GraphQLFormattedError, GraphQLSchema } from "graphql";
import { numberLiteralsRule } from "../graphql/plugins/number-literals-rule.ts";
import { responseSizePlugin } from "../graphql/plugins/response-size-plugin.ts";
import { statusPlugin } from "../graphql/plugins/status-plugin.ts";
import { unavailablePlugin } from "../graphql/plugins/unavailable-plugin.ts";
import { validationWorkRule } from "../graphql/plugins/validation-work-rule.ts";
import { variableNamesRule } from "../graphql/plugins/variable-names-rule.ts";
import type { RequestContext } from "../graphql/request-context.ts";
import type { Observe } from "../observability/observation.ts";

/**
 * Lexical tokens of one GraphQL document, at most: the parser's work is bounded before it starts.
 */
const MAX_DOCUMENT_TOKENS = 10_000;

/**
 * After so many errors a document is looked at no further. Finding what an error meant takes long.
 */
const MAX_VALIDATION_ERRORS = 5;

export interface ApolloOptions {
  /** Told of what Apollo Server would write to the console. */
  readonly observe: Observe;
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
}

/** Apollo Server, not yet started, with nothing on that the gateway does not use. */
export function createApollo(options: ApolloOptions): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema: options.schema,
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    formatError: options.formatError,
    parseOptions: { maxTokens: MAX_DOCUMENT_TOKENS },
    validationRules: [validationWorkRule, numberLiteralsRule, variableNamesRule],
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    // Cross-site forgery needs a credential that browsers attach by themselves. A bearer token is
    // not one, and the check would refuse the plain GET that GraphQL over HTTP asks for. Where no
    // credential is needed, `refuseForeignPage` tells pages from other clients.
    csrfPrevention: false,
    persistedQueries: false,
    logger: createApolloLogger(options.observe),
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      statusPlugin,
      responseSizePlugin,
      unavailablePlugin,
      ...options.plugins,
    ],
  });
}

/** Without it, Apollo Server writes to the console, beside the log and in another form. */
function createApolloLogger(observe: Observe) {
  const report = (message: unknown) => {
    observe({ kind: "graphql-server-warning", message: String(message) });
  };
  return { debug: () => {}, info: () => {}, warn: report, error: report };
}
