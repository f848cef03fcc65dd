import { ALWAYS, all, type Condition } from "../items/sql/condition.ts";
import { filterCondition } from "./filter-condition.ts";
import type { QueryApi } from "./model-api.ts";
import type { OperationArguments } from "./resolver-class.ts";
import { typeCondition } from "./type-condition.ts";

/**
 * Items of the type that a `filter` argument fits.
 *
 * @throws GatewayError as `filterCondition`.
 */
export function itemsCondition(
  { model, type }: Pick<QueryApi, "model" | "type">,
  filter: unknown,
): Condition {
  const filtered =
    filter === null || filter === undefined
      ? ALWAYS
      : // GraphQL has coerced the argument to the type's filter.
        filterCondition(model, type.fields, filter as OperationArguments);
  return all(typeCondition(type), filtered);
}
