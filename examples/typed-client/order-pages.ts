import type { RunOperation } from "./gateway-client.ts";
import { ListOrdersDocument, type ListOrdersQuery } from "./generated/operations.ts";

/** The pages of the caller's orders, newest first, each read when it is asked for. */
export async function* orderPages(
  run: RunOperation,
  first: number,
): AsyncGenerator<ListOrdersQuery["orders"]["nodes"]> {
  let after: string | null = null;
  do {
    const { orders }: ListOrdersQuery = await run(ListOrdersDocument, { first, after });
    yield orders.nodes;
    after = orders.pageInfo.hasNextPage ? orders.pageInfo.endCursor : null;
  } while (after !== null);
}
