import type { ApolloServerPlugin } from "@apollo/server";
import { ERROR_CODES, type ErrorCode } from "../../gateway-error.ts";

/**
 * Why a field was not served that says nothing of the operation: another time, or elsewhere, it
 * would be.
 */
const UNAVAILABLE: readonly ErrorCode[] = ["OVERLOADED", "CONTAINER_MISSING"];

/**
 * Answers HTTP 503 where no field of an operation could be served for one such reason, with
 * `Retry-After` where it is known: load balancers and clients then go elsewhere, or come later.
 * What was answered in part stays a 200.
 */
export const unavailablePlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response }) => {
      if (response.body.kind !== "single") {
        return;
      }
      const { singleResult } = response.body;
      const { errors = [] } = singleResult;
      const failed = new Set(errors.map(({ path }) => path?.[0]));
      // A null without an error is an answer too: there is no such item.
      const isAnswered = Object.entries(singleResult.data ?? {}).some(
        ([field, value]) => value !== null || !failed.has(field),
      );
      const code = UNAVAILABLE.find((each) =>
        errors.every(({ extensions }) => extensions?.code === each),
      );
      if (isAnswered || errors.length === 0 || code === undefined) {
        return;
      }
      singleResult.data = null;
      response.http.status = ERROR_CODES[code].httpStatus;
      const retryAfterMs = errors.flatMap(({ extensions }) =>
        typeof extensions?.retryAfterMs === "number" ? extensions.retryAfterMs : [],
      );
      if (retryAfterMs.length > 0) {
        const seconds = Math.ceil(Math.max(...retryAfterMs) / 1000);
        response.http.headers.set("retry-after", String(seconds));
      }
    },
  }),
};
