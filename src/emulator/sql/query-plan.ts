import type { Json } from "../json.ts";
import type { QueryParameter } from "./compile-query.ts";
import { compileQuery } from "./compile-query.ts";
import { planInfo } from "./plan/plan-info.ts";
import { type PartitionKeyOptions, planRanges, type QueryPlanRange } from "./plan/plan-ranges.ts";
import type { QueryPlanInfo } from "./plan/query-plan-info.ts";
import { assertSupported } from "./plan/required-features.ts";
import { parseQuery } from "./syntax/parse-query.ts";

export interface QueryPlanOptions extends PartitionKeyOptions {
  /**
   * The container's: ORDER BY over several properties needs a composite index. Default: no check.
   */
  readonly indexingPolicy?: Json;
  /**
   * The request's `x-ms-cosmos-supported-query-features`; a plan that needs more is 400. Default:
   * no check.
   */
  readonly supportedFeatures?: string;
}

/** What the service answers to a request with `x-ms-cosmos-is-query-plan-request`. */
export interface QueryPlan {
  readonly partitionedQueryExecutionInfoVersion: 2;
  readonly queryInfo: QueryPlanInfo;
  readonly queryRanges: readonly QueryPlanRange[];
}

/**
 * How a client can put the results of the physical partitions together: which of them to ask, with
 * which query, and what to do with the rows.
 *
 * @throws CosmosError as `compileQuery` does, and 400 for a query that can't be split like this.
 */
export function createQueryPlan(
  text: string,
  parameters: readonly QueryParameter[] = [],
  options: QueryPlanOptions = {},
): QueryPlan {
  // A plan is only given for a query that compiles. User-defined functions need not be there.
  compileQuery(text, parameters, {
    ...options,
    anyUserDefinedFunction: true,
    aggregatePlaces: "alone",
  });
  const query = parseQuery(text);
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  const queryInfo = planInfo(query, values);
  if (options.supportedFeatures !== undefined) {
    assertSupported(queryInfo, options.supportedFeatures);
  }
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo,
    queryRanges: planRanges(query, values, options),
  };
}
