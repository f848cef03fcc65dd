import { ALWAYS, all, type Condition } from "../../items/sql/condition.ts";
import type { Model, QueriedType } from "../../model/model.ts";
import { filterCondition } from "./filter-condition.ts";
import { givenFilter } from "./given-filter.ts";
import { typeCondition } from "./type-condition.ts";

/**
 * Items of the type that a `filter` argument fits.
 *
 * @throws GatewayError as `givenFilter` and `filterCondition`.
 */
export function itemsCondition(
  { model, type }: { readonly model: Model; readonly type: QueriedType },
  filter: unknown,
): Condition {
  const given = givenFilter(filter, "filter");
  const filtered = given === undefined ? ALWAYS : filterCondition(model, type.fields, given);
  return all(typeCondition(type), filtered);
}
