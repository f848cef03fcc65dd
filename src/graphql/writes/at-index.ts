import { GatewayError } from "../../gateway-error.ts";
import { withOperationIndex } from "../../items/batch-request.ts";

/** What the action gives; a `GatewayError` of it gets the place of the operation that it is about. */
export function atIndex<Result>(index: number, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw error instanceof GatewayError ? withOperationIndex(error, index) : error;
  }
}
