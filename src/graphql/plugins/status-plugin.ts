import type { ApolloServerPlugin } from "@apollo/server";
import { acceptsResponseJson } from "./media-type.ts";
import { hasUnheldNumber } from "./unheld-number.ts";

/**
 * Answers an operation that does not parse, validate or coerce with HTTP 200 where the client takes
 * `application/json` only, as GraphQL over HTTP recommends; Apollo Server answers 400. A number
 * that can't be held is 400 for every client: what was sent can't be understood as it was meant.
 */
export const statusPlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, source, errors }) => {
      const accept = request.http?.headers.get("accept");
      // Without a source there was no operation to be understood: that stays a 400.
      const isOperation = source !== undefined;
      if (
        isOperation &&
        response.http.status === 400 &&
        !acceptsResponseJson(accept) &&
        !hasUnheldNumber(errors, request.variables)
      ) {
        response.http.status = 200;
      }
    },
  }),
};
