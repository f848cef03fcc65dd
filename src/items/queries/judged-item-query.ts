import type { Item } from "../item-operations.ts";
import { type Condition, equal } from "../sql/condition.ts";
import { conditionSql } from "../sql/condition-sql.ts";
import { createSqlParameters } from "../sql/sql-parameters.ts";
import type { SqlQuery } from "../sql/sql-query.ts";

/** An item, and what a condition says of this very version of it. */
export interface JudgedItem {
  readonly item: Item;
  /**
   * Missing where the condition compares with something that is not there: it doesn't hold then.
   */
  readonly fits?: boolean;
}

/** One row or none: the item with that id, whether it fulfils the condition or not. */
export function judgedItemQuery(id: string, condition: Condition): SqlQuery {
  const parameters = createSqlParameters();
  const fits = conditionSql(condition, "c", parameters);
  const where = conditionSql(equal(["id"], id), "c", parameters);
  return {
    query: `SELECT VALUE {"item": c, "fits": (${fits})} FROM c WHERE ${where}`,
    parameters: parameters.list(),
  };
}
