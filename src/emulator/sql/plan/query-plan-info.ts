export type AggregateType =
  | "Average"
  | "Count"
  | "CountIf"
  | "MakeList"
  | "MakeSet"
  | "Max"
  | "Min"
  | "Sum";

/** `queryInfo` of the service's query plan, member by member. */
export interface QueryPlanInfo {
  readonly distinctType: "None" | "Ordered" | "Unordered";
  readonly top: number | null;
  readonly offset: number | null;
  readonly limit: number | null;
  readonly orderBy: readonly ("Ascending" | "Descending")[];
  readonly orderByExpressions: readonly string[];
  readonly groupByExpressions: readonly string[];
  readonly groupByAliases: readonly string[];
  /** The aggregate of SELECT VALUE; those of a select list are in the next member. */
  readonly aggregates: readonly AggregateType[];
  /** `null`: the property is a GROUP BY expression. */
  readonly groupByAliasToAggregateType: Readonly<Record<string, AggregateType | null>>;
  /** What to send to each partition; "" is the query as it is. */
  readonly rewrittenQuery: string;
  readonly hasSelectValue: boolean;
  /** For a COUNT over DISTINCT rows: the property that takes the count, "" with SELECT VALUE. */
  readonly dCountInfo: { readonly dCountAlias: string } | null;
  readonly hasNonStreamingOrderBy: boolean;
}
