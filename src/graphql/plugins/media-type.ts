/**
 * Whether a client's `Accept` lists the media type that has HTTP status codes of its own. For
 * `application/json`, GraphQL over HTTP wants 200 for every request that could be understood.
 */
export function acceptsResponseJson(accept: string | undefined): boolean {
  return accept?.includes("application/graphql-response+json") ?? false;
}
