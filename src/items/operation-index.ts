import { GatewayError } from "../gateway-error.ts";

/** The same error, of one of several operations. */
export function withOperationIndex(
  error: GatewayError,
  operationIndex: number,
  message = error.message,
): GatewayError {
  const { code, cause, retryAfterMs, logReason } = error;
  return new GatewayError(code, message, {
    operationIndex,
    ...(cause !== undefined && { cause }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(logReason !== undefined && { logReason }),
  });
}

/**
 * What the action gives; a `GatewayError` of it gets the place of the operation that it is about.
 */
export function atIndex<Result>(operationIndex: number, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw error instanceof GatewayError ? withOperationIndex(error, operationIndex) : error;
  }
}
