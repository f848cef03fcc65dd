import type { Json } from "../../json.ts";
import { selectNames } from "../compile/compile-select.ts";
import { countValue } from "../compile/count-value.ts";
import { sameExpression } from "../compile/grouping.ts";
import { callsAggregate, hasAggregate } from "../compile/has-aggregate.ts";
import { plainQueryError } from "../query-error.ts";
import type { Expression, Query, Selection } from "../syntax/ast.ts";
import { printExpression, printQuery } from "../syntax/print-query.ts";
import { aggregateTypeOf } from "./aggregate-rewrites.ts";
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
  const { select, orderBy, groupBy } = query;
  const count = (one: Query["limit"], clause: "TOP" | "OFFSET" | "LIMIT") =>
    one ? countValue(one, clause, parameters) : null;
  const info = {
    distinctType: distinctTypeOf(query),
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
function distinctTypeOf({ select, orderBy }: Query): QueryPlanInfo["distinctType"] {
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

function selectedExpressions(selection: Selection): readonly Expression[] {
  switch (selection.kind) {
    case "value":
      return [selection.expression];
    case "list":
      return selection.items.map(({ expression }) => expression);
    default:
      return [];
  }
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
    const type = splittableType(selection.expression);
    return { ...none, aggregates: type ? [type] : [] };
  }
  if (selection.kind === "star") {
    return none;
  }
  const aliases = selectNames(selection.items);
  const types = selection.items.map(
    ({ expression }, index): readonly [string, AggregateType | null] => [
      aliases[index] as string, // as many names as items
      splittableType(expression) ?? null,
    ],
  );
  return {
    aggregates: [],
    groupByAliases: aliases,
    groupByAliasToAggregateType: Object.fromEntries(types),
  };
}

/** Throws 400 for an aggregate inside another expression: the parts of the partitions could not be put together. */
function splittableType(expression: Expression): AggregateType | undefined {
  const type = aggregateTypeOf(expression);
  if (type === undefined && callsAggregate(expression)) {
    throw plainQueryError("Compositions of aggregates and other expressions are not allowed.");
  }
  return type;
}
