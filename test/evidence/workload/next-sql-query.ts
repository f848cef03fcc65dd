import type { Filter, Json, Read } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { fieldValue } from "../world/seed-items.ts";
import type { TypePlan } from "../world/type-plans.ts";
import type { Target } from "./next-target.ts";
import { foreignPlace, type PartitionKey } from "./places.ts";

/** A condition in SQL and in words of the model. */
interface SqlCondition {
  readonly sql: string;
  readonly filter: Filter;
}

/** SQL for whole items. A third of it reaches for other partitions in its text. */
export function nextSqlQuery(target: Target, random: Random): Read {
  const { plan, partitionKey, isForeign } = target;
  const condition = random.chance(0.35)
    ? escaping(target, random)
    : random.chance(0.7)
      ? comparison(plan, target.mark, random)
      : undefined;
  const conditions = [
    // Without it, the rows are the items of all types in the container
    ...(random.chance(0.5) ? typeConditions(plan) : []),
    ...(condition === undefined ? [] : [condition]),
  ];
  const texts = conditions.map(({ sql }) => `(${sql})`);
  const where = texts.length === 0 ? "" : ` WHERE ${texts.join(" AND ")}`;
  return {
    do: "query",
    type: plan.name,
    ...(random.chance(isForeign ? 0.1 : 0.5) ? {} : { partitionKey }),
    text: `SELECT * FROM c${where}`,
    ...(conditions.length === 0 ? {} : { filter: { and: conditions.map(({ filter }) => filter) } }),
  };
}

function typeConditions({ discriminator }: TypePlan): readonly SqlCondition[] {
  if (discriminator === undefined) {
    return [];
  }
  const { field, value } = discriminator;
  return [{ sql: `c["${field}"] = ${sqlLiteral(value)}`, filter: { field, is: "eq", value } }];
}

function comparison(plan: TypePlan, mark: string, random: Random): SqlCondition {
  const fields = plan.fields.filter(({ kind }) => ["int", "float", "id"].includes(kind));
  const { name: field, kind } = random.pick(fields);
  const value = fieldValue(kind, mark, random);
  const [operator, is] = random.pick([
    ["=", "eq"],
    [">", "gt"],
    ["<=", "lte"],
  ] as const);
  return { sql: `c["${field}"] ${operator} ${sqlLiteral(value)}`, filter: { field, is, value } };
}

/** Text that means somebody else's partition: the partition-key header must not care. */
function escaping({ world, plan, partitionKey }: Target, random: Random): SqlCondition {
  const foreign: PartitionKey = foreignPlace(world, {}, plan.name, random);
  const level = random.int(0, plan.partitionKeyFields.length - 1);
  const field = plan.partitionKeyFields[level] ?? "id";
  const value = random.pick([foreign[level] ?? "", partitionKey[level] ?? ""]);
  const is = { field, is: "eq", value } as const;
  const named = `c["${field}"] = ${sqlLiteral(value)}`;
  switch (random.int(1, 5)) {
    case 1:
      return { sql: named, filter: is };
    case 2:
      return { sql: `${named} OR true`, filter: { and: [] } };
    case 3:
      return { sql: `NOT (${named})`, filter: { not: is } };
    case 4:
      return { sql: `${named} OR c.id = "o1"`, filter: { or: [is, eqId("o1")] } };
    default:
      return {
        sql: `ARRAY_CONTAINS([${sqlLiteral(value)}], c["${field}"])`,
        filter: is,
      };
  }
}

function eqId(id: string): Filter {
  return { field: "id", is: "eq", value: id };
}

/** JSON's escapes are SQL's. */
function sqlLiteral(value: Json): string {
  return JSON.stringify(value);
}
