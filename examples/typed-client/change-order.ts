import { answered, type RunOperation } from "./gateway-client.ts";
import {
  type OrderFieldsFragment,
  type OrderInput,
  ReadOrderDocument,
  ReplaceOrderDocument,
} from "./generated/operations.ts";
import { OperationError } from "./operation-error.ts";

const MAX_ATTEMPTS = 5;

/**
 * Reads an order, changes it and writes it back. Nobody's change is lost: if someone else wrote in
 * between, the order has a new `_etag`, the write is refused, and all starts over from what they wrote.
 */
export async function changeOrder(
  run: RunOperation,
  id: string,
  change: (order: OrderInput) => OrderInput,
): Promise<OrderFieldsFragment> {
  for (let attempt = 1; ; attempt += 1) {
    const { order } = await run(ReadOrderDocument, { id });
    if (order === null) {
      throw new Error(`There is no order ${id}.`);
    }
    const { _etag, ...content } = order;
    try {
      const variables = { id, input: change(content), ifMatch: _etag };
      return answered((await run(ReplaceOrderDocument, variables)).replaceOrder);
    } catch (error) {
      const hasChanged = error instanceof OperationError && error.code === "PRECONDITION_FAILED";
      if (!hasChanged || attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
}
