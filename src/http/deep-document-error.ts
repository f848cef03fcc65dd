import type { FastifyRequest } from "fastify";
import { GatewayError } from "../gateway-error.ts";
import { MAX_DOCUMENT_NESTING, nestsTooDeep } from "../graphql/plugins/document-nesting.ts";

/**
 * The error of a request whose document nests too deep; undefined for any other. To be looked for
 * before Apollo Server parses the document: there it would end with the engine's own words about
 * its stack, and Apollo Server has no place before its parser that may refuse.
 */
export function deepDocumentError({ body, query }: FastifyRequest): GatewayError | undefined {
  return [documentOf(body), documentOf(query)].some(isTooDeep)
    ? new GatewayError(
        "QUERY_TOO_EXPENSIVE",
        `Braces, brackets and parentheses of an operation nest ${MAX_DOCUMENT_NESTING} levels at most.`,
      )
    : undefined;
}

function isTooDeep(document: unknown): boolean {
  return typeof document === "string" && nestsTooDeep(document);
}

/** Both the body and the URL's query may have any shape. */
function documentOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "query" in value ? value.query : undefined;
}
