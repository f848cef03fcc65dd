import type { Operation, Store } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { nextProbe, type Probe } from "../workload/next-probe.ts";
import type { Caller } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";

/**
 * What bearer token comes with an operation. `spoiled`: its signature is wrong. `other audience`:
 * the issuer made it for another service. `expired`: it was used while it was good.
 */
export type BearerKind = "good" | "spoiled" | "other audience" | "expired";

type List = Extract<Operation, { readonly do: "list" }>;

/** What no honest client sends; each is run again from its own step alone. */
export type HostileStep =
  | {
      readonly do: "probe";
      readonly caller: string;
      readonly replica: number;
      readonly probe: Probe;
    }
  /** A cursor that `owner` is given for `given`, which `caller` then shows with `shown`. */
  | {
      readonly do: "cursor";
      readonly owner: string;
      readonly given: List;
      readonly caller: string;
      readonly shown: List;
      readonly replica: number;
      /** A place in the cursor, from 0 to 1, where another character stands. */
      readonly alteredAt?: number;
    };

const BAD_BEARERS: readonly BearerKind[] = ["spoiled", "other audience", "expired"];

/** Six in a hundred are refused. */
export function nextBearer({ claims }: Caller, random: Random): BearerKind {
  return claims !== undefined && random.chance(0.06) ? random.pick(BAD_BEARERS) : "good";
}

/** @param names of the callers who take part. */
export function nextHostileStep(
  world: World,
  store: Store,
  callers: ReadonlyMap<string, Caller>,
  names: readonly string[],
  random: Random,
): HostileStep {
  const name = random.pick(names);
  const caller = callers.get(name);
  if (caller === undefined) {
    throw new Error(`No caller has the name ${name}.`);
  }
  const replica = random.int(0, 1);
  if (random.chance(0.4)) {
    return { do: "probe", caller: name, replica, probe: nextProbe(world, caller, [], random) };
  }
  const given = nextList(store, random);
  const common = { do: "cursor", given, caller: name, replica } as const;
  const owner = random.pick(names);
  switch (random.int(0, owner === name ? 2 : 4)) {
    case 0:
      return { ...common, owner: name, shown: given, alteredAt: random.int(0, 99) / 100 };
    case 1:
    case 2:
      return { ...common, owner: name, shown: elsewhere(given, store, random) };
    default:
      return { ...common, owner, shown: given };
  }
}

/** Lists that many callers may ask for, of one item a page so that there is a cursor. */
function nextList(store: Store, random: Random): List {
  const type = random.pick(["Product", "Product", "Order", "Customer"]);
  const list = { do: "list", type, pageSize: 1 } as const;
  return random.chance(0.6) ? { ...list, partitionKey: anyPartition(type, store, random) } : list;
}

/** The same list of another partition, or of none in particular. */
function elsewhere(list: List, store: Store, random: Random): List {
  const { partitionKey, ...anywhere } = list;
  const other = anyPartition(list.type, store, random);
  return String(other) === String(partitionKey) ? anywhere : { ...anywhere, partitionKey: other };
}

const CONTAINERS: Readonly<Record<string, string>> = {
  Product: "products",
  Order: "orders",
  Customer: "customers",
};

function anyPartition(type: string, store: Store, random: Random): readonly string[] {
  const keys = [...store.values()]
    .filter(({ container }) => container === CONTAINERS[type])
    .map(({ partitionKey }) => JSON.stringify(partitionKey.map(String)));
  const distinct = [...new Set(keys)];
  // Texts were written just above.
  return distinct.length === 0 ? ["nobody"] : (JSON.parse(random.pick(distinct)) as string[]);
}
