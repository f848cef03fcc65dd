import type { Input, ItemWrite, Json, KeyValue } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { ownerOf } from "../workload/next-target.ts";
import type { Caller } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { CATEGORIES, makeItem } from "../world/seed-items.ts";
import { planOf, type TypePlan } from "../world/type-plans.ts";
import { COUNTED_FIELD, isSettled, type LedgerItem, ledgerToken, stateOf } from "./write-ledger.ts";

/** What is known of where a ledger's item is, while it is there. */
export interface LedgerPlace {
  readonly item: LedgerItem;
  readonly plan: TypePlan;
  readonly partitionKey: readonly KeyValue[];
  readonly id: string;
  /** Someone is at it: only counters have several writers. */
  isBusy: boolean;
}

export interface LedgerWrite {
  readonly caller: Caller;
  readonly write: ItemWrite;
  readonly item: LedgerItem;
  /** What the item is afterwards; undefined: gone. For a count it stays open. */
  readonly state: string | undefined;
  readonly isCount: boolean;
  /** Let the gateway make up an id. */
  readonly withoutId: boolean;
  /** Of an item that is there. */
  readonly place?: LedgerPlace;
  /** Of one that is to be made. */
  readonly created?: Pick<LedgerPlace, "plan" | "partitionKey">;
}

/** The type's field that holds the token. */
const TEXT_FIELDS: Readonly<Record<string, string>> = {
  Order: "name",
  Customer: "name",
  Product: "name",
  Document: "title",
};

/** How often a caller is tried who has probably no right to it. */
const STRANGER_SHARE = 0.2;

export interface LedgerState {
  readonly items: LedgerItem[];
  readonly places: LedgerPlace[];
}

export function nextLedgerWrite(
  world: World,
  callers: readonly Caller[],
  { items, places }: LedgerState,
  random: Random,
): LedgerWrite {
  const settled = places.filter(({ item, isBusy }) => !isBusy && isSettled(item));
  const counters = settled.filter(({ item }) => item.counted !== undefined);
  const others = settled.filter(({ item }) => item.counted === undefined);
  if (counters.length > 0 && random.chance(0.35)) {
    return count(callers, random.pick(counters), random);
  }
  if (others.length > 0 && random.chance(0.4)) {
    return change(world, callers, random.pick(others), random);
  }
  const item: LedgerItem = {
    token: ledgerToken(items.length),
    container: "",
    possible: new Set([undefined]),
    refused: new Set(),
  };
  return create(world, callers, item, others, random);
}

function create(
  world: World,
  callers: readonly Caller[],
  { token }: LedgerItem,
  others: readonly LedgerPlace[],
  random: Random,
): LedgerWrite {
  const taken = others.length > 0 && random.chance(0.1) ? random.pick(others) : undefined;
  const plan = taken?.plan ?? planOf(random.pick(Object.keys(TEXT_FIELDS)));
  const person = random.pick(world.persons);
  const partitionKey = taken?.partitionKey ?? placeFor(plan, person, random);
  const content = contentFor(world, plan, partitionKey, token, random);
  const isCounter = plan.name === "Order" && taken === undefined && random.chance(0.3);
  const input = { ...inputOf(plan, content), id: taken?.id ?? `id-${token}` };
  const item: LedgerItem = {
    token,
    container: plan.container,
    possible: new Set([undefined]),
    refused: new Set(),
    ...(isCounter
      ? { counted: { start: Number(content[COUNTED_FIELD]), done: 0, uncertain: 0 } }
      : {}),
  };
  return {
    caller: callerFor(callers, plan, partitionKey, random),
    write: { do: "create", type: plan.name, input },
    item,
    state: stateOf(content),
    isCount: false,
    withoutId: taken === undefined && random.chance(0.5),
    created: { plan, partitionKey },
  };
}

function count(callers: readonly Caller[], place: LedgerPlace, random: Random): LedgerWrite {
  const { plan, partitionKey, id, item } = place;
  return {
    caller: callerFor(callers, plan, partitionKey, random),
    write: {
      do: "patch",
      type: plan.name,
      partitionKey,
      id,
      patch: { increment: { [COUNTED_FIELD]: 1 } },
      ...(random.chance(0.1) ? { ifMatch: "stale" } : {}),
    },
    item,
    state: undefined,
    isCount: true,
    withoutId: false,
    place,
  };
}

function change(
  world: World,
  callers: readonly Caller[],
  place: LedgerPlace,
  random: Random,
): LedgerWrite {
  const { plan, partitionKey, id, item } = place;
  const common = {
    caller: callerFor(callers, plan, partitionKey, random),
    item,
    isCount: false,
    withoutId: false,
    place,
  };
  const stale = random.chance(0.2) ? { ifMatch: "stale" as const } : {};
  if (random.chance(0.2)) {
    return {
      ...common,
      write: { do: "delete", type: plan.name, partitionKey, id, ...stale },
      state: undefined,
    };
  }
  const content = contentFor(world, plan, partitionKey, item.token, random);
  const input = { ...inputOf(plan, content), id };
  return {
    ...common,
    write: random.chance(0.5)
      ? { do: "replace", type: plan.name, partitionKey, id, input, ...stale }
      : { do: "upsert", type: plan.name, input, ...stale },
    state: stateOf(content),
  };
}

function placeFor(
  { name }: TypePlan,
  { tid, sub }: { readonly tid: string; readonly sub: string },
  random: Random,
): readonly KeyValue[] {
  switch (name) {
    case "Product":
      return [random.pick(CATEGORIES)];
    case "Document":
      return [tid, sub];
    default:
      return [tid];
  }
}

function contentFor(
  world: World,
  plan: TypePlan,
  partitionKey: readonly KeyValue[],
  token: string,
  random: Random,
): Readonly<Record<string, Json>> & { readonly id: string } {
  const mark = world.markOf(ownerOf(plan, partitionKey));
  const key = plan.partitionKeyFields.map((field, level) => [field, partitionKey[level] ?? null]);
  const text = TEXT_FIELDS[plan.name] ?? "name";
  const fixed = { ...Object.fromEntries(key), [text]: `${token} ${random.text(6)}`, id: "" };
  return makeItem(plan, fixed, mark, random);
}

/** Without the discriminator, which the gateway writes. */
function inputOf(plan: TypePlan, content: Readonly<Record<string, Json>>): Input {
  const names = new Set(plan.fields.map(({ name }) => name));
  const input = Object.entries(content).filter(([name]) => names.has(name));
  return { ...Object.fromEntries(input), id: "" };
}

/** Mostly one with a right to write there; the model decides whether it is so. */
function callerFor(
  callers: readonly Caller[],
  { name }: TypePlan,
  [outer, inner]: readonly KeyValue[],
  random: Random,
): Caller {
  const isRight = ({ claims }: Caller) => {
    const roles = [claims?.roles ?? []].flat();
    switch (name) {
      case "Product":
        return roles.includes("operator");
      case "Document":
        return claims?.tid === outer && (claims?.sub === inner || roles.includes("manager"));
      default:
        return claims?.tid === outer && roles.includes("manager");
    }
  };
  const right = random.chance(STRANGER_SHARE) ? [] : callers.filter(isRight);
  return random.pick(right.length > 0 ? right : callers);
}
