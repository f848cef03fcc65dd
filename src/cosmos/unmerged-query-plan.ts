import {
  createHttpHeaders,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";

/**
 * The answer to the SDK's request for a query plan, where the rows of each physical partition are
 * wanted as they come: send the query as it is to every partition, and put nothing together.
 *
 * For aggregates, which the SDK would put together wrongly: `GroupByEndpointComponent` of
 * `@azure/cosmos` 4.10.1 takes the first round without a row for the end, though Cosmos DB may send
 * pages without rows at any time. What comes behind is lost, and `hasMoreResults` stays true for
 * ever, without a request in between: a loop over the pages would never let go of the process.
 */
export function unmergedQueryPlan(request: PipelineRequest): PipelineResponse {
  return {
    request,
    status: 200,
    headers: createHttpHeaders({ "content-type": "application/json" }),
    bodyAsText: JSON.stringify(PLAN),
  };
}

const PLAN = {
  partitionedQueryExecutionInfoVersion: 2,
  queryInfo: {
    distinctType: "None",
    top: null,
    offset: null,
    limit: null,
    orderBy: [],
    orderByExpressions: [],
    groupByExpressions: [],
    groupByAliases: [],
    aggregates: [],
    groupByAliasToAggregateType: {},
    rewrittenQuery: "",
    hasSelectValue: false,
    hasNonStreamingOrderBy: false,
  },
  queryRanges: [{ min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }],
};
