import type { Container, FeedOptions, SqlQuerySpec } from "@azure/cosmos";
import type { RowPage } from "./item-operations.ts";

export interface RowPageRequest {
  readonly container: Container;
  readonly query: SqlQuerySpec;
  /** Where the query runs: one partition, whose rows Cosmos DB itself can go on with. */
  readonly options: FeedOptions;
  readonly limit: number;
  /** Rows that one request asks for, at most. */
  readonly maxPageRows: number;
  readonly continuation: string | undefined;
}

/**
 * Rows of a query up to `limit`, and where to go on. Cosmos DB ends a page when it has worked for a
 * while, even without a single row, so each request asks for what is still missing and no more: the
 * continuation token is then the place behind the last row.
 */
export async function readRowPage<Row>(request: RowPageRequest): Promise<RowPage<Row>> {
  const { container, query, options, limit, maxPageRows } = request;
  const rows: Row[] = [];
  let { continuation } = request;
  do {
    const page = await container.items
      .query<Row>(query, {
        ...options,
        maxItemCount: Math.min(limit - rows.length, maxPageRows),
        ...(continuation !== undefined && { continuationToken: continuation }),
      })
      .fetchNext();
    rows.push(...(page.resources ?? []));
    continuation = page.continuationToken || undefined;
  } while (continuation !== undefined && rows.length < limit);
  return { rows, ...(continuation !== undefined && { continuation }) };
}
