import type { ApolloServerPlugin } from "@apollo/server";
import { GatewayError } from "../../gateway-error.ts";

/**
 * How long an answer may be, in characters before escaping, which makes six of one at most: a
 * string of Node.js ends at 512 MB.
 */
const MAX_RESPONSE_CHARACTERS = 64 * 1024 * 1024;

/**
 * Answers `QUERY_TOO_EXPENSIVE` in place of data that would take too much memory as text. What is
 * read once can stand in an answer a thousand times, under as many aliases or references.
 */
export const responseSizePlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response, operation }) => {
      if (response.body.kind !== "single") {
        return;
      }
      const { singleResult } = response.body;
      if (isLongerThan(MAX_RESPONSE_CHARACTERS, singleResult.data)) {
        const { code, message } = new GatewayError(
          "QUERY_TOO_EXPENSIVE",
          operation?.operation === "mutation"
            ? "The answer is too long to be sent. The changes were made."
            : "The answer is too long to be sent. Ask for fewer items, or for fewer of their fields.",
        );
        singleResult.data = null;
        singleResult.errors = [{ message, extensions: { code } }];
      }
    },
  }),
};

/** Counts without making the text: a long string that stands in many places is in memory once. */
function isLongerThan(characters: number, data: unknown): boolean {
  const waiting: unknown[] = [data];
  let length = 0;
  while (waiting.length > 0 && length <= characters) {
    const part = waiting.pop();
    if (typeof part === "string") {
      length += part.length;
    } else if (typeof part === "object" && part !== null) {
      for (const [name, value] of Object.entries(part)) {
        length += name.length;
        waiting.push(value);
      }
    }
    // Quotes, a comma, a number.
    length += 4;
  }
  return length > characters;
}
