import type { Json } from "../../json.ts";
import { selectedExpressions } from "../compile/aggregate-places.ts";
import { selectNames } from "../compile/compile-select.ts";
import { countValue } from "../compile/count-value.ts";
import { sameExpression } from "../compile/grouping.ts";
import { hasAggregate } from "../compile/has-aggregate.ts";
import type { Expression, Query } from "../syntax/ast.ts";
import { printExpression, printQuery } from "../syntax/print-query.ts";
import { aggregateTypeOf } from "./aggregate-rewrites.ts";
import { assertSplittable } from "./assert-splittable.ts";
import { distinctCount } from "./distinct-count.ts";
import type { AggregateType, QueryPlanInfo } from "./query-plan-info.ts";
import { rewriteQuery } from "./rewrite-query.ts";

/** What a client needs to know of the query to merge the answers of its partitions. */
export function planInfo(query: Query, parameters: ReadonlyMap<string, Json>): QueryPlanInfo {
  const counted = distinctCount(query);
  if (counted) {
    return {
      ...planInfo(counted.inner, parameters),
      dCountInfo: { dCountAlias: counted.alias },
      rewrittenQuery: printQuery(counted.inner),
    };
  }
  assertSplittable(query);
  const { select, groupBy } = query;
  // An aggregate is one value: the clause stays in the query, and nothing is to be merged by it
  const orderBy = hasAggregate(select.selection) ? [] : query.orderBy;
  const count = (one: Query["limit"], clause: "TOP" | "OFFSET" | "LIMIT") =>
    one ? countValue(one, clause, parameters) : null;
  const info = {
    distinctType: distinctTypeOf(select, orderBy),
    top: count(select.top, "TOP"),
    offset: count(query.offset, "OFFSET"),
    limit: count(query.limit, "LIMIT"),
    orderBy: orderBy.map(({ descending }) =>
      descending ? ("Descending" as const) : ("Ascending" as const),
    ),
    orderByExpressions: orderBy.map(({ expression }) => printExpression(expression)),
    groupByExpressions: groupBy.map(printExpression),
    ...aggregatesOf(query),
    hasSelectValue: select.selection.kind === "value",
    dCountInfo: null,
    hasNonStreamingOrderBy: false,
  };
  return { ...info, rewrittenQuery: rewriteQuery(query, info) };
}

/** "Ordered" where equal rows are neighbours: everything that is selected is sorted by. */
function distinctTypeOf(
  select: Query["select"],
  orderBy: Query["orderBy"],
): QueryPlanInfo["distinctType"] {
  if (!select.distinct) {
    return "None";
  }
  const selected = selectedExpressions(select.selection);
  const sorted = (one: Expression) =>
    orderBy.some(({ expression }) => sameExpression(expression, one));
  return orderBy.length > 0 && selected.length > 0 && selected.every(sorted)
    ? "Ordered"
    : "Unordered";
}

type Aggregates = Pick<
  QueryPlanInfo,
  "aggregates" | "groupByAliases" | "groupByAliasToAggregateType"
>;

function aggregatesOf(query: Query): Aggregates {
  const { selection } = query.select;
  const none = { aggregates: [], groupByAliases: [], groupByAliasToAggregateType: {} };
  if (query.groupBy.length === 0 && !hasAggregate(selection)) {
    return none;
  }
  if (selection.kind === "value") {
    const type = aggregateTypeOf(selection.expression);
    return { ...none, aggregates: type ? [type] : [] };
  }
  if (selection.kind === "star") {
    return none;
  }
  const aliases = selectNames(selection.items);
  const types = selection.items.map(
    ({ expression }, index): readonly [string, AggregateType | null] => [
      aliases[index] as string, // As many names as items
      aggregateTypeOf(expression) ?? null,
    ],
  );
  return {
    aggregates: [],
    groupByAliases: aliases,
    groupByAliasToAggregateType: Object.fromEntries(types),
  };
}
