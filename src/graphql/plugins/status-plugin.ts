import type { ApolloServerPlugin } from "@apollo/server";
import { acceptsResponseJson } from "./media-type.ts";

/**
 * Answers an operation that does not parse, validate or coerce with HTTP 200 where the client
 * takes `application/json` only, as GraphQL over HTTP recommends; Apollo Server answers 400.
 */
export const statusPlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, source }) => {
      const accept = request.http?.headers.get("accept");
      // Without a source there was no operation to be understood: that stays a 400.
      const isOperation = source !== undefined;
      if (isOperation && response.http.status === 400 && !acceptsResponseJson(accept)) {
        response.http.status = 200;
      }
    },
  }),
};
