import { plainQueryError } from "../query-error.ts";
import type { QueryPlanInfo } from "./query-plan-info.ts";

/**
 * @throws CosmosError 400 for a plan that asks something of the client that its header
 *   `x-ms-cosmos-supported-query-features` does not list.
 */
export function assertSupported(info: QueryPlanInfo, supportedFeatures: string): void {
  const supported = new Set(supportedFeatures.split(",").map((feature) => feature.trim()));
  const missing = requiredFeatures(info).filter((feature) => !supported.has(feature));
  if (missing.length > 0) {
    const reasons = missing.map(
      (feature) => `Query contained ${feature}, which the calling client does not support.`,
    );
    throw plainQueryError(
      "Query contains 1 or more unsupported features. Upgrade your SDK to a version that does support the requested " +
        `features:\n${reasons.join("\n")}`,
    );
  }
}

function requiredFeatures(info: QueryPlanInfo): readonly string[] {
  const grouped = info.groupByExpressions.length > 0;
  const named = Object.values(info.groupByAliasToAggregateType).some((type) => type !== null);
  const needed: readonly (readonly [feature: string, isNeeded: boolean])[] = [
    ["Aggregate", info.aggregates.length > 0],
    ["NonValueAggregate", named && !grouped],
    ["GroupBy", grouped],
    ["Distinct", info.distinctType !== "None"],
    ["DCount", info.dCountInfo !== null],
    ["OrderBy", info.orderBy.length > 0],
    ["MultipleOrderBy", info.orderBy.length > 1],
    ["OffsetAndLimit", info.limit !== null],
    ["Top", info.top !== null],
  ];
  return needed.filter(([, isNeeded]) => isNeeded).map(([feature]) => feature);
}
