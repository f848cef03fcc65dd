import type { CosmosError } from "../../cosmos-error.ts";
import type { AggregateCall, GroupingStage, QueryBody, SortKey } from "../body/query-body.ts";
import { plainQueryError, queryError } from "../query-error.ts";
import type { Evaluator } from "../row.ts";
import { ITEM_SLOT } from "../row.ts";
import type { Query } from "../syntax/ast.ts";
import { pathRanges } from "./access-plan.ts";
import { assertAggregatePlaces } from "./aggregate-places.ts";
import { aliasedPath } from "./aliased-path.ts";
import type { CompileContext } from "./compile-context.ts";
import { type CompiledFrom, compileFrom } from "./compile-from.ts";
import { compileSelect } from "./compile-select.ts";
import { countValue } from "./count-value.ts";
import { withinGrouping } from "./grouping.ts";
import { hasAggregate } from "./has-aggregate.ts";
import { assertOrderByIndex } from "./order-by-index.ts";
import type { Scope } from "./scope.ts";

/**
 * Compiles a query, or a sub-query against the names around it. `ofContainer`: its FROM may name
 * the container.
 */
export function compileBody(
  query: Query,
  context: CompileContext,
  ofContainer: boolean,
): QueryBody {
  const { aggregates: _, ...outer } = context;
  const from = compileFrom(query.from, outer, ofContainer);
  const rows: CompileContext = { ...outer, scope: from.scope };
  const where = query.where && context.compileExpression(query.where, rows);
  if (ofContainer) {
    assertAggregatePlaces(query.select.selection, context.aggregatePlaces);
  }
  const { grouping, project } = compileOutput(query, rows, from);
  return {
    root: from.root,
    bind: from.bind,
    oneRowPerItem: from.oneRowPerItem,
    ...(where && { where }),
    ranges: pathRanges(
      query.where,
      (alias) => rows.scope.find(alias) === ITEM_SLOT,
      context.parameters,
    ),
    ...(grouping && { grouping }),
    sortKeys: compileSortKeys(query, rows, { ofContainer, ofGroups: grouping !== undefined }),
    project,
    distinct: query.select.distinct,
    ...compilePaging(query, context),
  };
}

function compileOutput(
  query: Query,
  context: CompileContext,
  from: CompiledFrom,
): { readonly grouping?: GroupingStage; readonly project: Evaluator } {
  const { selection } = query.select;
  if (query.groupBy.length === 0 && !hasAggregate(selection)) {
    return { project: compileSelect(selection, context, from.slots) };
  }
  const keys = query.groupBy.map((expression) => ({
    expression,
    evaluate: context.compileExpression(expression, context),
    slot: context.allocateSlot(),
  }));
  const calls: AggregateCall[] = [];
  if (selection.kind === "star") {
    throw queryError("SC2040", "'SELECT *' is only valid with a single input set.", selection.span);
  }
  const grouping = withinGrouping(context.grouping, keys, from.slots);
  const project = compileSelect(selection, { ...context, aggregates: calls, grouping }, from.slots);
  return { grouping: { keys, calls }, project };
}

function compileSortKeys(
  query: Query,
  context: CompileContext,
  { ofContainer, ofGroups }: { readonly ofContainer: boolean; readonly ofGroups: boolean },
): readonly SortKey[] {
  if (query.orderBy.length > 0 && query.groupBy.length > 0) {
    throw plainQueryError("'ORDER BY' is not supported in presence of GROUP BY.");
  }
  const keys = query.orderBy.map(({ expression, descending }) => {
    const path = itemPath(aliasedPath(expression), context.scope);
    const evaluate = context.compileExpression(expression, context);
    if (ofContainer && ofGroups && aliasedPath(expression) === undefined) {
      throw unsupportedOrderBy();
    }
    return { evaluate, descending, ...(path && { path }) };
  });
  if (ofGroups) {
    return []; // One value has no order, so no index is needed either
  }
  if (ofContainer) {
    assertOrderByIndex(keys.map(onPath), context.indexingPolicy);
  }
  return keys;
}

/** Over the container, only what stands in an item can be sorted by. */
function onPath({ path, descending }: Pick<SortKey, "path" | "descending">) {
  if (path === undefined || path.length === 0) {
    throw unsupportedOrderBy();
  }
  return { path, descending };
}

function unsupportedOrderBy(): CosmosError {
  return plainQueryError(
    "Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path.",
    2206,
  );
}

function itemPath(
  path: ReturnType<typeof aliasedPath>,
  scope: Scope,
): readonly (string | number)[] | undefined {
  return path && scope.find(path.root) === ITEM_SLOT ? path.path : undefined;
}

function compilePaging(
  query: Query,
  { parameters }: CompileContext,
): Pick<QueryBody, "offset" | "limit"> {
  const { top } = query.select;
  const { offset, limit } = query;
  if (top && limit) {
    throw queryError("SC2201", "'TOP' can't be used together with 'OFFSET' and 'LIMIT'.", top.span);
  }
  return {
    offset: offset ? countValue(offset, "OFFSET", parameters) : 0,
    limit: top
      ? countValue(top, "TOP", parameters)
      : limit
        ? countValue(limit, "LIMIT", parameters)
        : Number.POSITIVE_INFINITY,
  };
}
