import { CosmosError } from "../cosmos-error.ts";
import type { QueryParameter } from "./compile-query.ts";

export interface QueryPlanOptions {
  /** The container's partition-key paths, such as `["/tenantId"]`. */
  readonly partitionKeyPaths?: readonly string[];
}

/** `x-ms-documentdb` query plan: what the service answers to `x-ms-cosmos-is-query-plan-request`. */
export interface QueryPlan {
  readonly partitionedQueryExecutionInfoVersion: 2;
  readonly queryInfo: QueryPlanInfo;
  readonly queryRanges: readonly QueryPlanRange[];
}

export type AggregateType = "Average" | "Count" | "Max" | "Min" | "Sum";

export interface QueryPlanInfo {
  readonly distinctType: "None" | "Ordered" | "Unordered";
  readonly top: number | null;
  readonly offset: number | null;
  readonly limit: number | null;
  readonly orderBy: readonly ("Ascending" | "Descending")[];
  readonly orderByExpressions: readonly string[];
  readonly groupByExpressions: readonly string[];
  readonly groupByAliases: readonly string[];
  readonly aggregates: readonly AggregateType[];
  readonly groupByAliasToAggregateType: Readonly<Record<string, AggregateType | null>>;
  readonly rewrittenQuery: string;
  readonly hasSelectValue: boolean;
  readonly dCountInfo: { readonly dCountAlias: string } | null;
  readonly hasNonStreamingOrderBy: boolean;
}

/** Effective partition keys, as upper-case hexadecimal text; "" is the lowest, "FF" lies above the highest. */
export interface QueryPlanRange {
  readonly min: string;
  readonly max: string;
  readonly isMinInclusive: boolean;
  readonly isMaxInclusive: boolean;
}

/** Throws like `compileQuery`. */
export function createQueryPlan(
  _text: string,
  _parameters: readonly QueryParameter[] = [],
  _options: QueryPlanOptions = {},
): QueryPlan {
  throw new CosmosError(501, "NotImplemented", "Query plans are not implemented yet.");
}
