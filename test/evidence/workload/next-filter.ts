import type { Filter, FilterOperator, Json } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { fieldValue } from "../world/seed-items.ts";
import type { FieldKind, FieldPlan, TypePlan } from "../world/type-plans.ts";

const EQUALITY: readonly FilterOperator[] = ["eq", "ne", "in", "notIn"];
const ORDER: readonly FilterOperator[] = ["lt", "lte", "gt", "gte"];
const TEXT: readonly FilterOperator[] = ["contains", "startsWith", "endsWith"];
const PRESENCE: readonly FilterOperator[] = ["isNull", "isDefined"];

/** What the API has for a field of this kind. */
const OPERATORS: Readonly<Record<FieldKind, readonly FilterOperator[]>> = {
  id: [...EQUALITY, ...ORDER, ...TEXT, ...PRESENCE],
  text: [...EQUALITY, ...ORDER, ...TEXT, ...PRESENCE],
  int: [...EQUALITY, ...ORDER, ...PRESENCE],
  float: [...EQUALITY, ...ORDER, ...PRESENCE],
  flag: [...EQUALITY, ...PRESENCE],
  status: [...EQUALITY, ...PRESENCE],
  dateTime: [...EQUALITY, ...ORDER, ...PRESENCE],
  texts: ["has", ...PRESENCE],
  lines: PRESENCE,
};

/** @param mark one that the caller may see: values of texts are made with it. */
export function nextFilter(plan: TypePlan, mark: string, random: Random, depth = 2): Filter {
  const some = (count: number) =>
    Array.from({ length: count }, () => nextFilter(plan, mark, random, depth - 1));
  if (depth > 0 && random.chance(0.3)) {
    switch (random.int(1, 3)) {
      case 1:
        return { and: some(random.int(1, 2)) };
      case 2:
        // None of nothing holds: an empty `or` is false
        return { or: some(random.int(0, 2)) };
      default:
        return { not: nextFilter(plan, mark, random, depth - 1) };
    }
  }
  const field = random.pick(plan.fields);
  const is = random.pick(OPERATORS[field.kind]);
  return { field: field.name, is, value: valueFor(field, is, mark, random) };
}

function valueFor(field: FieldPlan, is: FilterOperator, mark: string, random: Random): Json {
  const value = () => (field.name === "mark" ? mark : fieldValue(field.kind, mark, random));
  switch (is) {
    case "in":
    case "notIn":
      return Array.from({ length: random.int(0, 3) }, value);
    case "isNull":
    case "isDefined":
      return random.chance(0.5);
    case "has":
      return random.chance(0.3) ? mark : `tag-${random.int(1, 4)}`;
    case "contains":
    case "startsWith":
    case "endsWith":
      return random.pick(["o", "", "oak", "1", mark.slice(2, 5), "%", "'"]);
    case "eq":
    case "ne":
      return random.chance(0.1) ? null : value();
    default:
      return value();
  }
}
