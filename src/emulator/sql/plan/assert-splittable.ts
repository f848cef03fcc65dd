import { hasAggregate } from "../compile/has-aggregate.ts";
import { notImplemented, plainQueryError } from "../query-error.ts";
import type { Query } from "../syntax/ast.ts";

/**
 * Refuses a query over another one (`FROM (SELECT … FROM c)`) whose inner rows are not simply those
 * of one partition after the other: no plan could put them together.
 *
 * @throws CosmosError 400 for what the service refuses in sub-queries (its texts as the tests of EF
 *   Core's Cosmos DB provider quote them), 501 where the service's answer is not known.
 */
export function assertSplittable({ from }: Query): void {
  const collection = from[0]?.collection;
  if (collection?.kind !== "subquery") {
    return;
  }
  const { query: inner } = collection;
  const { select } = inner;
  const refused = [
    ["'ORDER BY' is", inner.orderBy.length > 0],
    ["'TOP' is", select.top !== undefined],
    ["'OFFSET LIMIT' clause is", inner.limit !== undefined],
  ].find(([, isThere]) => isThere);
  if (refused) {
    throw plainQueryError(`${refused[0]} not supported in subqueries.`);
  }
  if (select.distinct || inner.groupBy.length > 0 || hasAggregate(select.selection)) {
    throw notImplemented(
      "DISTINCT, GROUP BY and aggregates in a sub-query over the whole container, but for counting distinct rows",
    );
  }
  assertSplittable(inner);
}
