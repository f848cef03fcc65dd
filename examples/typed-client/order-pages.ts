import { answered, type RunOperation } from "./gateway-client.ts";
import { ListOrdersDocument, type ListOrdersQuery } from "./generated/operations.ts";

export type ListedOrder = NonNullable<NonNullable<ListOrdersQuery["orders"]>["nodes"][number]>;

/** The pages of the caller's orders, newest first, each read when it is asked for. */
export async function* orderPages(
  run: RunOperation,
  first: number,
): AsyncGenerator<readonly ListedOrder[]> {
  let after: string | null = null;
  do {
    const answer: ListOrdersQuery = await run(ListOrdersDocument, { first, after });
    const { nodes, pageInfo } = answered(answer.orders);
    // Null stands for an order that does not fit the model.
    yield nodes.filter((order) => order !== null);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
}
