import type { ApolloServerPlugin } from "@apollo/server";
import type { RequestContext } from "../request-context.ts";

/**
 * Puts what the request cost into the response: `extensions.cosmos` with `requestCharge`, in
 * request units, and `requests`, how many were sent to Cosmos DB.
 */
export function cosmosCostPlugin(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response, contextValue }) => {
        if (response.body.kind === "single") {
          const { requestCharge, requests } = contextValue.items.cost;
          response.body.singleResult.extensions = {
            ...response.body.singleResult.extensions,
            // Charges have two decimals; their sum in binary has more.
            cosmos: { requestCharge: Math.round(requestCharge * 100) / 100, requests },
          };
        }
      },
    }),
  };
}
