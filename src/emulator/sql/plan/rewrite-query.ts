import { selectNames } from "../compile/compile-select.ts";
import { MAX_COUNT } from "../compile/count-value.ts";
import { hasAggregate } from "../compile/has-aggregate.ts";
import type {
  CountExpression,
  Expression,
  LogicalExpression,
  Query,
  SelectClause,
  SelectItem,
  Selection,
} from "../syntax/ast.ts";
import { printQuery } from "../syntax/print-query.ts";
import { aggregateTypeOf, object, partialAggregate } from "./aggregate-rewrites.ts";
import type { QueryPlanInfo } from "./query-plan-info.ts";

type Counts = Pick<QueryPlanInfo, "offset" | "limit" | "distinctType">;

/** Where a client puts its own condition, to go on behind a row. */
const FILTER_PLACEHOLDER = "{documentdb-formattableorderbyquery-filter}";

const NOWHERE = { start: 0, end: 0 };

/**
 * What each partition is asked in place of the query, "" if the query itself. The shapes of the
 * rows are a contract with the SDKs (as in azure-cosmos-dotnet-v3,
 * tests/…/TestBaseline/QueryPlanBaselineTests.*.xml).
 */
export function rewriteQuery(query: Query, counts: Counts): string {
  const grouped = query.groupBy.length > 0 || hasAggregate(query.select.selection);
  if (grouped) {
    return printQuery(rewriteGrouped(query));
  }
  if (query.orderBy.length > 0) {
    return printQuery(rewriteOrdered(query, counts));
  }
  if (query.select.distinct && (query.select.top || query.limit)) {
    return printQuery(withoutCounts(query));
  }
  return query.limit ? printQuery({ ...query, ...wholeRange(counts) }) : "";
}

function literal(value: number): CountExpression {
  return { kind: "literal", value, span: NOWHERE };
}

/** Any partition may have to give all rows up to the end of the range. */
function wholeRange({ offset, limit }: Counts): Pick<Query, "offset" | "limit"> {
  return offset === null || limit === null
    ? {}
    : { offset: literal(0), limit: literal(Math.min(offset + limit, MAX_COUNT)) };
}

/** TOP, OFFSET and LIMIT count what is left after rows of all partitions are merged. */
function withoutCounts(query: Query): Query {
  const { offset: _, limit: __, ...rest } = query;
  const { top: ___, ...select } = query.select;
  return { ...rest, select };
}

function rewriteGrouped(query: Query): Query {
  const { select, ...rest } = withoutCounts(query);
  const payload = groupPayload(select.selection);
  if (query.groupBy.length > 0) {
    const groupByItems = query.groupBy.map((item) => object({ item }));
    const items: readonly SelectItem[] = [
      { expression: { kind: "array", elements: groupByItems }, alias: "groupByItems" },
      { expression: payload, alias: "payload" },
    ];
    return { ...rest, select: { distinct: false, selection: { kind: "list", items } } };
  }
  const selection: Selection =
    select.selection.kind === "value"
      ? { kind: "value", expression: payload }
      : { kind: "list", items: [{ expression: payload, alias: "payload" }] };
  return { ...rest, select: { distinct: false, selection } };
}

function groupPayload(selection: Selection): Expression {
  switch (selection.kind) {
    case "value": {
      const { expression } = selection;
      return expression.kind === "call" && aggregateTypeOf(expression)
        ? { kind: "array", elements: [partialAggregate(expression)] }
        : expression;
    }
    case "list":
      return listObject(selection.items, (expression) =>
        expression.kind === "call" && aggregateTypeOf(expression)
          ? partialAggregate(expression)
          : expression,
      );
    default:
      throw new TypeError("SELECT * has no groups.");
  }
}

function rewriteOrdered(query: Query, counts: Counts): Query {
  const root: Expression = {
    kind: "identifier",
    name: query.from[0]?.alias ?? "root",
    span: NOWHERE,
  };
  const rid: Expression = {
    kind: "member",
    target: root,
    member: { kind: "literal", value: "_rid", span: NOWHERE },
    span: NOWHERE,
  };
  const orderByItems = query.orderBy.map(({ expression }) => object({ item: expression }));
  const items: readonly SelectItem[] = [
    { expression: rid },
    { expression: { kind: "array", elements: orderByItems }, alias: "orderByItems" },
    { expression: orderedPayload(query.select.selection, root), alias: "payload" },
  ];
  const base = query.select.distinct ? withoutCounts(query) : query;
  const select: SelectClause = {
    distinct: false,
    ...(base.select.top && { top: base.select.top }),
    selection: { kind: "list", items },
  };
  const paging = base.limit ? wholeRange(counts) : {};
  return { ...base, select, where: orderedWhere(query), ...paging };
}

function orderedPayload(selection: Selection, root: Expression): Expression {
  switch (selection.kind) {
    case "value":
      return selection.expression;
    case "list":
      return listObject(selection.items, (expression) => expression);
    default:
      return root;
  }
}

function listObject(
  items: readonly SelectItem[],
  rewrite: (expression: Expression) => Expression,
): Expression {
  const names = selectNames(items);
  return {
    kind: "object",
    properties: items.map(({ expression }, index) => ({
      name: names[index] as string, // As many names as items
      value: rewrite(expression),
    })),
  };
}

/**
 * The client's condition beside the query's own. A row without a value would have no payload.
 */
function orderedWhere(query: Query): Expression {
  const { selection } = query.select;
  // Prints as a name: the text in braces is replaced before anyone parses it
  const filter: Expression = { kind: "identifier", name: `(${FILTER_PLACEHOLDER})`, span: NOWHERE };
  const conditions: Expression[] = [...(query.where ? [query.where] : []), filter];
  if (selection.kind === "value") {
    conditions.push({
      kind: "call",
      name: "IS_DEFINED",
      userDefined: false,
      args: [selection.expression],
      span: NOWHERE,
    });
  }
  const all: LogicalExpression = { kind: "logical", operator: "AND", operands: conditions };
  return conditions.length > 1 ? all : filter;
}
