import type { Filter, Operation, Read, Store } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import type { Caller } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import type { TypePlan } from "../world/type-plans.ts";
import { nextFilter } from "./next-filter.ts";
import { nextSqlQuery } from "./next-sql-query.ts";
import { besides, nextTarget, type Purpose, type Target } from "./next-target.ts";
import { nextItemWrite, nextTransaction } from "./next-write.ts";

/** How often each kind comes, of the sum. */
const WEIGHTS: Readonly<Record<Operation["do"], number>> = {
  read: 22,
  list: 20,
  aggregate: 6,
  query: 9,
  viewer: 2,
  create: 9,
  upsert: 9,
  replace: 7,
  patch: 10,
  delete: 6,
  transact: 6,
};

const DECK = Object.entries(WEIGHTS).flatMap(([kind, weight]) =>
  // The keys are those of the record above
  Array.from({ length: weight }, () => kind as Operation["do"]),
);

/** An upsert and a transaction have one of two. */
const PURPOSES: Readonly<Partial<Record<Operation["do"], Purpose>>> = {
  read: "read",
  list: "read",
  aggregate: "read",
  query: "read",
  viewer: "read",
  create: "add",
  replace: "change",
  patch: "change",
  delete: "change",
};

/** Who calls next: mostly those who may do something, now and then those who may do nothing. */
export function nextCaller({ callers }: Pick<World, "callers">, random: Random): Caller {
  const [many, few] = [
    callers.filter(({ mayCarry }) => mayCarry.size > 1),
    callers.filter(({ mayCarry }) => mayCarry.size <= 1),
  ];
  return random.pick(random.chance(0.9) ? many : few);
}

/**
 * What a caller asks for next. Three quarters are about places that the caller has to do with, a
 * quarter about somebody else's; half of them name their partition.
 *
 * @param store what is there now, so that ids often hit.
 */
export function nextOperation(
  world: World,
  caller: Caller,
  store: Store,
  random: Random,
): Operation {
  const kind = random.pick(DECK);
  const purpose = PURPOSES[kind] ?? (random.chance(0.5) ? "add" : "change");
  const target = nextTarget(world, caller, store, purpose, random);
  switch (kind) {
    case "viewer":
      return { do: kind };
    case "read":
    case "list":
    case "aggregate":
      return nextRead(kind, target, random);
    case "query":
      return nextSqlQuery(target, random);
    case "transact": {
      const other = nextTarget(world, caller, store, "add", random);
      const isStray = random.chance(0.15) && other.plan === target.plan;
      return nextTransaction(
        target,
        (each) => besides(target, store, each, random),
        isStray ? other : undefined,
        random,
      );
    }
    default:
      return nextItemWrite(kind, target, random);
  }
}

function nextRead(kind: "read" | "list" | "aggregate", target: Target, random: Random): Read {
  const { plan, id, mark } = target;
  const where = { type: plan.name, ...partitionArguments(target, random) };
  const reference = nextReference(plan, random);
  const filter: { readonly filter?: Filter } = random.chance(0.5)
    ? { filter: nextFilter(plan, mark, random) }
    : {};
  switch (kind) {
    case "read":
      return { ...where, do: kind, id, ...reference };
    case "list": {
      const sortable = plan.fields.filter((field) => !["texts", "lines"].includes(field.kind));
      return {
        ...where,
        do: kind,
        ...filter,
        ...(random.chance(0.5)
          ? { orderBy: { field: random.pick(sortable).name, descending: random.chance(0.5) } }
          : {}),
        pageSize: random.chance(0.3) ? 50 : random.int(1, 6),
        ...reference,
        ...(random.chance(0.3) ? { withTotalCount: true } : {}),
      };
    }
    case "aggregate": {
      const numbers = plan.fields.filter((field) => ["int", "float"].includes(field.kind));
      return {
        ...where,
        do: kind,
        ...filter,
        ...(numbers.length > 0 && random.chance(0.7) ? { field: random.pick(numbers).name } : {}),
      };
    }
  }
}

/** All levels, at times the outer one alone, or none where the caller's permissions shall tell. */
function partitionArguments({ isForeign, partitionKey, plan }: Target, random: Random) {
  // The id is an argument of its own
  if (plan.name === "Setting" || random.chance(isForeign ? 0.1 : 0.5)) {
    return {};
  }
  const levels = random.chance(0.2) ? 1 : partitionKey.length;
  // Typed arguments take texts alone: a number is the text's partition then, somebody else's
  return { partitionKey: partitionKey.slice(0, levels).map(String) };
}

function nextReference({ references }: TypePlan, random: Random) {
  const names = Object.keys(references);
  return names.length > 0 && random.chance(0.4) ? { reference: random.pick(names) } : {};
}
