import type { Container, FeedOptions, SqlQuerySpec } from "@azure/cosmos";
import { GatewayError } from "../gateway-error.ts";
import type { RowPage } from "./item-operations.ts";

/** A query of which rows are read until there are enough. */
interface RowsRequest {
  readonly container: Container;
  readonly query: SqlQuerySpec;
  /** Where and until when the query runs. */
  readonly options: FeedOptions;
  readonly limit: number;
}

/** Rows asked for in one page, at most. Cosmos DB ends a page at 4 MB, whatever is asked for. */
const MAX_PAGE_ROWS = 1000;

/**
 * Rounds of the SDK without a row and without a request, one after the other, after which it is
 * taken to be stuck: see `unmergedQueryPlan`. A few are nothing unusual.
 */
const MAX_IDLE_ROUNDS = 1000;

/**
 * Rows up to `limit`, page by page.
 *
 * @param request `requestsSoFar` counts what was sent: a round that sends nothing gets nothing.
 * @throws GatewayError UPSTREAM_UNAVAILABLE if the SDK can't put the partitions' answers together.
 */
export async function readRows<Row>({
  container,
  query,
  options,
  limit,
  requestsSoFar,
}: RowsRequest & { readonly requestsSoFar: () => number }): Promise<readonly Row[]> {
  const pages = container.items.query<Row>(query, {
    ...options,
    maxItemCount: Math.min(limit, MAX_PAGE_ROWS),
  });
  const rows: Row[] = [];
  let idleRounds = 0;
  while (rows.length < limit && pages.hasMoreResults()) {
    const requests = requestsSoFar();
    const { resources = [] } = await pages.fetchNext();
    rows.push(...resources);
    const isIdle = resources.length === 0 && requestsSoFar() === requests;
    idleRounds = isIdle ? idleRounds + 1 : 0;
    if (idleRounds > MAX_IDLE_ROUNDS) {
      throw stuckQuery(container.id);
    }
  }
  return rows.slice(0, limit);
}

/**
 * Rows up to `limit` of a query in one partition, whose rows Cosmos DB itself can go on with, and
 * where to go on. Cosmos DB ends a page when it has worked for a while, even without a single row,
 * so each request asks for what is still missing and no more: the continuation token is then the
 * place behind the last row.
 */
export async function readRowPage<Row>(
  request: RowsRequest & { readonly continuation: string | undefined },
): Promise<RowPage<Row>> {
  const { container, query, options, limit } = request;
  const rows: Row[] = [];
  let { continuation } = request;
  do {
    const page = await container.items
      .query<Row>(query, {
        ...options,
        maxItemCount: Math.min(limit - rows.length, MAX_PAGE_ROWS),
        ...(continuation !== undefined && { continuationToken: continuation }),
      })
      .fetchNext();
    rows.push(...(page.resources ?? []));
    continuation = page.continuationToken || undefined;
  } while (continuation !== undefined && rows.length < limit);
  return { rows, ...(continuation !== undefined && { continuation }) };
}

function stuckQuery(container: string): GatewayError {
  return new GatewayError(
    "UPSTREAM_UNAVAILABLE",
    "What the partitions answer can't be put together. Query them one by one.",
    { logReason: `the SDK is stuck in a query across container ${container}` },
  );
}
