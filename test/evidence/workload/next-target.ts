import type { Store, StoredItem } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import {
  type Caller,
  cartOwner,
  documentOwner,
  type MarkOwner,
  SHARED,
  settingOwner,
  tenantOwner,
} from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { planOf, type TypePlan } from "../world/type-plans.ts";
import { foreignPlace, ownPlace, type PartitionKey } from "./places.ts";

/** What an operation is about: a type, a partition, an id, and the mark that new texts hold. */
export interface Target {
  readonly world: World;
  readonly plan: TypePlan;
  readonly isForeign: boolean;
  readonly partitionKey: PartitionKey;
  readonly id: string;
  /** The place's own mark if the caller may see that, else one that the caller may see. */
  readonly mark: string;
}

/** How often an operation is deliberately about someone else's place. */
const FOREIGN_SHARE = 0.25;

/** From how many items in a partition on new ones get rare, so that a long run doesn't fill up. */
const FULL = 14;

const TYPE_WEIGHTS: readonly string[] = [
  ...["Order", "Order", "Order", "Note", "Note", "Customer", "Customer", "Product"],
  ...["Cart", "Cart", "Document", "Document", "Setting"],
];

/** Types that a role may write; a write is mostly about one of them. */
const WRITABLE: Readonly<Record<string, readonly string[]>> = {
  manager: ["Order", "Order", "Note", "Customer", "Cart", "Document", "Setting"],
  member: ["Cart", "Cart", "Document", "Document", "Document", "Setting"],
  operator: ["Product"],
};

/** What an operation does at its place. */
export type Purpose = "read" | "add" | "change";

export function nextTarget(
  world: World,
  caller: Caller,
  store: Store,
  purpose: Purpose,
  random: Random,
): Target {
  const role = [caller.claims?.roles ?? []].flat()[0];
  const writable = purpose === "read" ? undefined : WRITABLE[String(role)];
  const types = writable !== undefined && random.chance(0.7) ? writable : TYPE_WEIGHTS;
  const plan = planOf(random.pick(types));
  const own = ownPlace(world, caller, plan.name, random);
  const isForeign = own === undefined || random.chance(FOREIGN_SHARE);
  const partitionKey = isForeign ? foreignPlace(world, caller, plan.name, random) : own;
  return besides(
    {
      world,
      plan,
      isForeign,
      partitionKey,
      id: String(partitionKey[0]),
      mark: markFor(world, caller, plan, partitionKey),
    },
    store,
    purpose,
    random,
  );
}

/** Another id at the same place; a setting has but one. */
export function besides(target: Target, store: Store, purpose: Purpose, random: Random): Target {
  const { plan, partitionKey } = target;
  if (plan.name === "Setting") {
    return target;
  }
  const key = JSON.stringify(partitionKey);
  const there = [...store.values()].filter(
    (item) => item.container === plan.container && JSON.stringify(item.partitionKey) === key,
  );
  return { ...target, id: nextId(there, purpose, random) };
}

function nextId(there: readonly StoredItem[], purpose: Purpose, random: Random): string {
  const hits = purpose === "add" ? (there.length > FULL ? 0.9 : 0.2) : 0.85;
  if (there.length > 0 && random.chance(hits)) {
    return random.pick(there).content.id;
  }
  return random.chance(0.2) ? `o${random.int(1, 9)}` : `new-${random.text(6)}`;
}

/**
 * A caller never sends a mark that it may not see: an echo of it would look like a leak. In a place
 * of others it sends its own, so that a write that should be refused shows there.
 */
function markFor(
  world: World,
  { mayCarry }: Caller,
  plan: TypePlan,
  partitionKey: PartitionKey,
): string {
  const owner = ownerOf(plan, partitionKey);
  const known = new Set(world.marks.values());
  // A person whose role has changed may have places that the world has no mark for
  const candidates = [owner, ...[...mayCarry].filter((one) => one !== SHARED), SHARED];
  const seen = candidates.find((one) => mayCarry.has(one) && known.has(one));
  return seen === undefined ? "no mark" : world.markOf(seen);
}

/** Whose mark the items of a partition hold. */
export function ownerOf({ name }: TypePlan, [outer, inner]: PartitionKey): MarkOwner {
  switch (name) {
    case "Product":
      return SHARED;
    case "Cart":
      return cartOwner(String(outer));
    case "Document":
      return documentOwner(String(outer), String(inner));
    case "Setting":
      return settingOwner(String(outer));
    default:
      return tenantOwner(String(outer));
  }
}
