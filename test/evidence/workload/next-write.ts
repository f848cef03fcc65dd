import type { IfMatch, Input, ItemWrite, Json, Patch, Write } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { customerOf, fieldValue, makeItem, productOf, settingOf } from "../world/seed-items.ts";
import { type FieldPlan, STATUSES, type TypePlan } from "../world/type-plans.ts";
import { nextFilter } from "./next-filter.ts";
import type { Purpose, Target } from "./next-target.ts";

/** One write about a target. */
export function nextItemWrite(
  kind: ItemWrite["do"],
  target: Target,
  random: Random,
  /** In a transaction there is no version to name. */
  isAlone = true,
): ItemWrite {
  const { plan, id } = target;
  const ifMatch: { readonly ifMatch?: IfMatch } =
    isAlone && random.chance(0.2) ? { ifMatch: random.pick(["current", "stale"] as const) } : {};
  const where = { type: plan.name };
  // Arguments take texts alone: a number is the text's partition then, somebody else's
  const typedKey = target.partitionKey.map(String);
  // The version can only be looked up where the place is told
  const named = {
    ...where,
    ...(isAlone && (ifMatch.ifMatch !== undefined || random.chance(0.5))
      ? { partitionKey: typedKey }
      : {}),
  };
  switch (kind) {
    case "create":
      return { ...where, do: kind, input: nextInput(target, random) };
    case "upsert":
      return { ...where, do: kind, input: nextInput(target, random), ...ifMatch };
    case "replace":
      return {
        ...where,
        ...(isAlone && random.chance(0.3) ? { partitionKey: typedKey } : {}),
        do: kind,
        id,
        input: nextInput(target, random),
        ...ifMatch,
      };
    case "patch":
      return {
        ...named,
        do: kind,
        id,
        patch: nextPatch(plan, target.mark, random),
        ...(random.chance(0.2) ? { condition: nextFilter(plan, target.mark, random) } : {}),
        ...ifMatch,
      };
    case "delete":
      return { ...named, do: kind, id, ...ifMatch };
  }
}

/**
 * Several writes in one partition; now and then one of them is meant for another.
 *
 * @param besides another id at the first target's place, for something new or something there.
 */
export function nextTransaction(
  first: Target,
  besides: (purpose: Purpose) => Target,
  stray: Target | undefined,
  random: Random,
): Write {
  // Those of creates alone, and of deletes alone, have another form
  const kinds: readonly ItemWrite["do"][] = random.chance(0.3)
    ? [random.pick(["create", "delete"] as const)]
    : ["create", "upsert", "replace", "patch", "delete"];
  const own = Array.from({ length: random.int(1, 4) }, () => {
    const kind = random.pick(kinds);
    const target = besides(kind === "create" ? "add" : "change");
    return nextItemWrite(kind, target, random, false);
  });
  return {
    do: "transact",
    type: first.plan.name,
    ...(random.chance(0.4) ? {} : { partitionKey: first.partitionKey.map(String) }),
    operations: stray === undefined ? own : [...own, nextItemWrite("upsert", stray, random, false)],
  };
}

/** The whole item, in the API's words: without the discriminator, which the gateway writes. */
function nextInput(target: Target, random: Random): Input {
  const { plan, partitionKey, id, mark, world } = target;
  const key = Object.fromEntries(
    // Inputs take texts alone there
    plan.partitionKeyFields.map((field, level) => [field, String(partitionKey[level])]),
  );
  const tenantId = String(partitionKey[0]);
  const options = { tenants: world.tenants, itemsPerPartition: world.size.itemsPerPartition };
  const content = makeItem(
    plan,
    {
      ...(plan.name === "Order" ? customerOf(tenantId, options, random) : {}),
      ...(plan.name === "Note" ? settingOf(tenantId, target.world, random) : {}),
      ...(plan.name === "Cart" ? productOf(random) : {}),
      ...key,
      id,
    },
    mark,
    random,
  );
  const names = new Set(plan.fields.map(({ name }) => name));
  const input = Object.entries(content).filter(([name]) => names.has(name));
  return { ...Object.fromEntries(input), id };
}

function nextPatch(plan: TypePlan, mark: string, random: Random): Patch {
  const fixed = new Set(["id", "mark", ...plan.partitionKeyFields, ...referring(plan)]);
  const fields = random
    .shuffle(plan.fields.filter(({ name }) => !fixed.has(name)))
    .slice(0, random.int(1, 3));
  const set: Record<string, Json> = {};
  const increment: Record<string, number> = {};
  const append: Record<string, readonly Json[]> = {};
  const unset: string[] = [];
  for (const field of fields) {
    if (isNumber(field) && random.chance(0.5)) {
      increment[field.name] = random.int(-2, 5);
    } else if (isList(field) && random.chance(0.5)) {
      // Of a list's value at least one element
      const values = fieldValue(field.kind, mark, random);
      append[field.name] = Array.isArray(values) ? values : [];
    } else if (!field.isRequired && random.chance(0.4)) {
      unset.push(field.name);
    } else {
      set[field.name] = nextValue(field, mark, random);
    }
  }
  return {
    ...(Object.keys(set).length > 0 ? { set } : {}),
    ...(Object.keys(increment).length > 0 ? { increment } : {}),
    ...(Object.keys(append).length > 0 ? { append } : {}),
    ...(unset.length > 0 ? { unset } : {}),
  };
}

function nextValue(field: FieldPlan, mark: string, random: Random): Json {
  if (!field.isRequired && random.chance(0.15)) {
    return null;
  }
  return field.kind === "status" ? random.pick(STATUSES) : fieldValue(field.kind, mark, random);
}

/** Fields that references go by: changed at random they would only lead nowhere. */
function referring({ references }: TypePlan): readonly string[] {
  return Object.values(references).flatMap(({ id, partitionKey }) => [id, ...partitionKey]);
}

function isNumber({ kind }: FieldPlan): boolean {
  return kind === "int" || kind === "float";
}

function isList({ kind }: FieldPlan): boolean {
  return kind === "texts" || kind === "lines";
}
