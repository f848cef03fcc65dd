import type { KeyValue } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { type Caller, tenantSettingId, userSettingId } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { CATEGORIES } from "../world/seed-items.ts";
import { AUDITED_TENANTS, CLERK_CATEGORY } from "../world/world-profiles.ts";

export type PartitionKey = readonly KeyValue[];

/**
 * A partition of the type that the caller has to do with, whether or not it may do anything there;
 * undefined for one who has none. By role, not by permissions: the generator only has to hit often.
 */
export function ownPlace(
  world: World,
  { claims }: Pick<Caller, "claims">,
  typeName: string,
  random: Random,
): PartitionKey | undefined {
  const role = [claims?.roles ?? []].flat()[0];
  if (typeName === "Product") {
    return [role === "clerk" ? CLERK_CATEGORY : random.pick(CATEGORIES)];
  }
  const tid = tenantOf(claims?.tid, role, world, random);
  const sub = claims?.sub;
  switch (typeName) {
    case "Cart":
      return sub === undefined ? undefined : [sub];
    case "Document": {
      const users = role === "manager" ? world.persons.filter((person) => person.tid === tid) : [];
      const user = users.length > 0 ? random.pick(users).sub : sub;
      return tid === undefined || user === undefined ? undefined : [tid, user];
    }
    case "Setting":
      return tid === undefined || sub === undefined
        ? undefined
        : [random.pick([tenantSettingId(String(tid)), userSettingId(sub)])];
    default:
      return tid === undefined ? undefined : [tid];
  }
}

/** As a claim a tenant may be a number, and as a partition it stays one. */
function tenantOf(tid: unknown, role: unknown, world: World, random: Random) {
  switch (role) {
    case "auditor":
      return random.pick(AUDITED_TENANTS);
    case "operator":
      return random.pick(world.tenants).id;
    default:
      return typeof tid === "string" || typeof tid === "number" ? tid : undefined;
  }
}

/** A partition that belongs to someone else: often that of a neighbour, at times one of nobody. */
export function foreignPlace(
  world: World,
  { claims }: Pick<Caller, "claims">,
  typeName: string,
  random: Random,
): PartitionKey {
  const tenants = world.tenants.map(({ id }) => id).filter((id) => id !== claims?.tid);
  const tenant = random.chance(0.05) ? `nobody ${random.int(1, 9)}` : random.pick(tenants);
  const persons = world.persons.filter(({ sub }) => sub !== claims?.sub);
  const person = random.pick(persons);
  switch (typeName) {
    case "Product":
      return [random.pick([...CATEGORIES, "no such category"])];
    case "Cart":
      return [person.sub];
    case "Document":
      return random.pick([
        [person.tid, person.sub],
        [tenant, claims?.sub ?? person.sub],
        [typeof claims?.tid === "string" ? claims.tid : tenant, person.sub],
      ]);
    case "Setting":
      return [random.pick([tenantSettingId(tenant), userSettingId(person.sub)])];
    default:
      return [tenant];
  }
}
