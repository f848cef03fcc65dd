import { idOf, keyValueOf } from "./claim-template.ts";
import { attempt, Refusal } from "./refusal.ts";
import type { Claims, Permission, Profile } from "./terms.ts";

/** What a caller is to Cosmos DB. */
export interface Access {
  readonly profile: string;
  readonly cosmosUser: string;
  readonly permissions: readonly Permission[];
}

/** No access (`NO_ACCESS_PROFILE`), and why, in words. */
export interface Refused {
  readonly refused: readonly string[];
}

/**
 * The first profile that fits decides; where its templates can't be filled, no later one is tried
 * (DESIGN §5).
 *
 * @param claims absent for a caller without a bearer token.
 * @param database its name counts for the length of a permission's link; absent, no link is too long.
 */
export function accessOf(
  profiles: readonly Profile[],
  claims: Claims | undefined,
  database?: string,
): Access | Refused {
  const profile = profiles.find(({ when = {} }) => fits(when, claims));
  if (profile === undefined) {
    return { refused: ["no profile fits"] };
  }
  const access = attempt(() => ({
    profile: profile.name,
    cosmosUser: idOf(profile.cosmosUser, claims ?? {}),
    permissions: eachOnce(profile.permissions.map((one) => fillIn(one, claims ?? {}, database))),
  }));
  return access instanceof Refusal
    ? { refused: access.codes.map((reason) => `profile ${profile.name} fits, but ${reason}`) }
    : access;
}

function fits(when: NonNullable<Profile["when"]>, claims: Claims | undefined): boolean {
  if (claims === undefined || when === "anonymous") {
    return claims === undefined && when === "anonymous";
  }
  return Object.entries(when).every(([name, wanted]) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    return Array.isArray(value) ? value.includes(wanted) : value === wanted;
  });
}

function fillIn(permission: Permission, claims: Claims, database?: string): Permission {
  const { container, partitionKey, item, mode } = permission;
  const id = item === undefined ? undefined : idOf(item, claims);
  const link = `dbs/${database}/colls/${container}${id === undefined ? "" : `/docs/${id}`}`;
  // COSMOS-FACTS §3: a link is shorter than 256 characters.
  if (database !== undefined && link.length >= 256) {
    throw new Refusal(`the link of a permission on ${container} is too long`);
  }
  return {
    container,
    ...(partitionKey && { partitionKey: partitionKey.map((level) => keyValueOf(level, claims)) }),
    ...(id !== undefined && { item: id }),
    mode,
  };
}

/**
 * Cosmos DB allows a user one permission on a resource and partition (COSMOS-FACTS §2): where a
 * profile asks for two, the one with `All` counts.
 */
function eachOnce(permissions: readonly Permission[]): readonly Permission[] {
  const byPlace = new Map<string, Permission>();
  for (const permission of permissions) {
    const { container, partitionKey = null, item = null } = permission;
    const place = JSON.stringify([container, partitionKey, item]);
    if (byPlace.get(place)?.mode !== "All") {
      byPlace.set(place, permission);
    }
  }
  return [...byPlace.values()];
}
