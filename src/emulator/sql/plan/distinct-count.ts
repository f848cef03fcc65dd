import type { Query } from "../syntax/ast.ts";
import { aggregateTypeOf } from "./aggregate-rewrites.ts";

/**
 * `SELECT COUNT(1) FROM (SELECT DISTINCT …)`: the client gathers the distinct rows and counts them.
 */
export function distinctCount(
  query: Query,
): { readonly inner: Query; readonly alias: string } | undefined {
  const [source, ...joined] = query.from;
  const { selection } = query.select;
  const plain =
    joined.length === 0 && !query.where && query.groupBy.length + query.orderBy.length === 0;
  if (
    !plain ||
    source?.collection.kind !== "subquery" ||
    !source.collection.query.select.distinct
  ) {
    return undefined;
  }
  const inner = source.collection.query;
  if (selection.kind === "value" && aggregateTypeOf(selection.expression) === "Count") {
    return { inner, alias: "" };
  }
  const [item, second] = selection.kind === "list" ? selection.items : [];
  return item && !second && aggregateTypeOf(item.expression) === "Count"
    ? { inner, alias: item.alias ?? "$1" }
    : undefined;
}
