import { GatewayError } from "../gateway-error.ts";

/** Longest id of an item, in characters. Source: Cosmos DB's service quotas (id length). */
const MAX_ID_LENGTH = 255;

/**
 * Whether Cosmos DB allows the id: 1 to 255 characters, none of `/ \ ? #`, no space at the end. An
 * item with any other can't exist, so nothing needs to be asked.
 */
export function isItemId(id: string): boolean {
  return id.length > 0 && id.length <= MAX_ID_LENGTH && !/[/\\?#]| $/.test(id);
}

export function invalidItemId(): GatewayError {
  return new GatewayError(
    "BAD_USER_INPUT",
    `An id has 1 to ${MAX_ID_LENGTH} characters, none of them / \\ ? or #, and no space at its end.`,
  );
}
