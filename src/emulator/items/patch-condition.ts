import { CosmosError } from "../cosmos-error.ts";
import type { JsonObject } from "../json.ts";
import { compileQuery } from "../sql/compile-query.ts";

/**
 * True if an item meets a patch's condition, such as `from c where c.status = "Open"`.
 *
 * @throws CosmosError 400 for a condition that is no FROM and WHERE clause.
 */
export function meetsCondition(item: JsonObject, condition: string): boolean {
  if (!/^\s*from\b/i.test(condition)) {
    throw new CosmosError(
      400,
      "BadRequest",
      "The patch condition must start with FROM, as in 'from c where c.a = 1'.",
    );
  }
  const query = compileQuery(`SELECT VALUE 1 ${condition}`);
  const { rows } = query.execute({ scan: () => [item] }, { maxItemCount: -1 });
  return rows.length > 0;
}
