import { unicodeEscape } from "../cosmos/unicode-escape.ts";
import type { Condition } from "./sql/condition.ts";
import { conditionSql } from "./sql/condition-sql.ts";

/**
 * A condition as the filter predicate of a patch. Cosmos DB takes no parameters there, so values
 * become SQL literals, by `sqlLiteral` and nothing else; names are bracketed JSON strings as in any
 * query.
 *
 * Not a query first and the item's etag then, which would keep values apart: it costs a second
 * request, fails under contention, and a permission on a single item can't query.
 */
export function filterPredicate(condition: Condition): string {
  const literals = { add: sqlLiteral, list: () => [] };
  return `FROM c WHERE ${conditionSql(condition, "c", literals)}`;
}

/**
 * A JSON value as a literal of Cosmos DB's SQL, in printable ASCII. A string can't end early:
 * quotes, backslashes, control and all other characters are written as `\uXXXX`, which Cosmos DB's
 * SQL reads as JSON does.
 */
function sqlLiteral(value: unknown): string {
  if (typeof value === "string") {
    return `"${value.replace(/[^ !#-&(-[\]-~]/g, unicodeEscape)}"`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(sqlLiteral).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${sqlLiteral(name)}:${sqlLiteral(member)}`).join(",")}}`;
  }
  if (value === null || typeof value === "boolean" || Number.isFinite(value)) {
    return String(value);
  }
  throw new TypeError(`Not a JSON value: ${typeof value}`);
}
