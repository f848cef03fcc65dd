import type { ApolloServerPlugin } from "@apollo/server";
import type { GraphQLFormattedError } from "graphql";
import { ERROR_CODES, type ErrorCode } from "../../gateway-error.ts";

const OVERLOADED: ErrorCode = "OVERLOADED";

/**
 * Answers HTTP 503 with `Retry-After` where the process could serve no field of an operation: load
 * balancers and clients then go elsewhere, or come later. What was answered in part stays a 200.
 */
export const overloadPlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response }) => {
      if (response.body.kind !== "single") {
        return;
      }
      const { singleResult } = response.body;
      const { errors = [] } = singleResult;
      const hasData = Object.values(singleResult.data ?? {}).some((value) => value !== null);
      if (!hasData && errors.length > 0 && errors.every(isOverload)) {
        singleResult.data = null;
        response.http.status = ERROR_CODES[OVERLOADED].httpStatus;
        const retryAfterMs = Math.max(...errors.map(retryAfterMsOf));
        response.http.headers.set("retry-after", String(Math.ceil(retryAfterMs / 1000)));
      }
    },
  }),
};

function isOverload({ extensions }: GraphQLFormattedError): boolean {
  return extensions?.code === OVERLOADED;
}

function retryAfterMsOf({ extensions }: GraphQLFormattedError): number {
  const { retryAfterMs } = extensions ?? {};
  return typeof retryAfterMs === "number" ? retryAfterMs : 1_000;
}
