import type { Condition } from "./condition.ts";
import { conditionSql } from "./condition-sql.ts";
import { propertyPathSql, quotedSql } from "./property-path.ts";
import type { SortKey } from "./sort-key.ts";
import { createSqlParameters } from "./sql-parameters.ts";
import type { SqlQuery } from "./sql-query.ts";

export interface SelectQuery {
  /** Stored names of the properties to read. Absent: the whole item. */
  readonly properties?: readonly string[];
  readonly condition: Condition;
  readonly orderBy: readonly SortKey[];
}

/** Items, or those properties of them that are asked for; missing ones stay missing. */
export function selectQuery({ properties, condition, orderBy }: SelectQuery): SqlQuery {
  const what =
    properties === undefined
      ? "*"
      : `VALUE {${properties.map((name) => `${quotedSql(name)}: ${propertyPathSql("c", [name])}`).join(", ")}}`;
  const order = orderBy
    .map(({ path, direction }) => `${propertyPathSql("c", path)} ${direction}`)
    .join(", ");
  const query = fromContainer(what, condition, order === "" ? "" : ` ORDER BY ${order}`);
  return orderBy.length > 1 ? { ...query, orderBy } : query;
}

/** One row with a number; several where Cosmos DB answers in parts, to be added up. */
export function countQuery(condition: Condition): SqlQuery {
  return fromContainer("VALUE COUNT(1)", condition, "");
}

/**
 * Any SELECT over the items that fulfil the condition. `what` and `rest` are SQL without values.
 */
export function fromContainer(what: string, condition: Condition, rest: string): SqlQuery {
  const parameters = createSqlParameters();
  const where = conditionSql(condition, "c", parameters);
  return {
    query: `SELECT ${what} FROM c${where === "true" ? "" : ` WHERE ${where}`}${rest}`,
    parameters: parameters.list(),
  };
}
