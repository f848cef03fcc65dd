import { type ClaimTemplate, claimsOf, parseClaimTemplate } from "../templates/claim-template.ts";
import { canGiveSameId } from "../templates/template-overlap.ts";
import type { ProfileShape } from "./config-schema.ts";
import type { ValueFault } from "./describe-shape-faults.ts";

/** A profile whose values are fine each by itself, and where it stands in `profiles`. */
export interface PlacedProfile {
  readonly index: number;
  readonly value: ProfileShape;
}

interface CheckedProfile {
  readonly index: number;
  readonly profile: ProfileShape;
  readonly cosmosUser: ClaimTemplate;
}

type PermissionShape = ProfileShape["permissions"][number];

/**
 * What is wrong with profiles together. All of it serves one law: what a Cosmos DB user may do is a
 * function of its id alone. Otherwise two sessions would take turns changing one user's
 * permissions, and each would get what the other one wanted.
 */
export function checkProfiles(
  profiles: readonly PlacedProfile[],
  provision: "auto" | "existing",
): readonly ValueFault[] {
  const checked = profiles.map(({ index, value: profile }) => ({
    index,
    profile,
    cosmosUser: parseClaimTemplate(profile.cosmosUser),
  }));
  return [
    ...duplicateNames(checked),
    ...(provision === "auto" ? checked.flatMap(missingPrefix) : []),
    ...checked.flatMap(claimsOfNobody),
    ...checked.flatMap(foreignClaims),
    ...checked.flatMap(duplicatePermissions),
    ...contradictions(checked),
  ];
}

function duplicateNames(profiles: readonly CheckedProfile[]): readonly ValueFault[] {
  return profiles.flatMap(({ index, profile: { name } }) => {
    const first = profiles.find((other) => other.profile.name === name);
    return first === undefined || first.index === index
      ? []
      : [
          {
            path: ["profiles", index, "name"],
            expected: `a name that profiles[${first.index}] doesn't have`,
          },
        ];
  });
}

function missingPrefix({ index, profile }: CheckedProfile): readonly ValueFault[] {
  const prefix = `${profile.name}:`;
  return profile.cosmosUser.startsWith(prefix)
    ? []
    : [
        {
          path: ["profiles", index, "cosmosUser"],
          expected: `a template that starts with "${prefix}", so that a user id belongs to this profile alone (tokens.provision is auto)`,
        },
      ];
}

/** The anonymous caller has no claims, so a template with one could never be filled. */
function claimsOfNobody({ index, profile, cosmosUser }: CheckedProfile): readonly ValueFault[] {
  const claims = profile.when === "anonymous" ? claimsOf(cosmosUser) : [];
  return claims.length === 0
    ? []
    : [
        {
          path: ["profiles", index, "cosmosUser"],
          expected: "a user id without claims: the anonymous caller has none",
        },
      ];
}

function foreignClaims({ index, profile, cosmosUser }: CheckedProfile): readonly ValueFault[] {
  const known = claimsOf(cosmosUser);
  return profile.permissions.flatMap((permission, place) =>
    templatesOf(permission).flatMap(({ path, template }) => {
      const foreign = claimsOf(template).filter((claim) => !known.includes(claim));
      return foreign.length === 0
        ? []
        : [
            {
              path: ["profiles", index, "permissions", place, ...path],
              expected: `claims that stand in the profile's cosmosUser too: callers who differ only in ${foreign.map((claim) => `{${claim}}`).join(", ")} would share one Cosmos DB user but need different permissions`,
            },
          ];
    }),
  );
}

function templatesOf(
  permission: PermissionShape,
): readonly { readonly path: readonly PropertyKey[]; readonly template: ClaimTemplate }[] {
  const { partitionKey = [], item } = permission;
  return [
    ...partitionKey.flatMap((level, index) =>
      typeof level === "string"
        ? [{ path: ["partitionKey", index], template: parseClaimTemplate(level) }]
        : [],
    ),
    ...(item === undefined ? [] : [{ path: ["item"], template: parseClaimTemplate(item) }]),
  ];
}

function duplicatePermissions({ index, profile }: CheckedProfile): readonly ValueFault[] {
  const resources = profile.permissions.map(resourceKey);
  return resources.flatMap((resource, place) => {
    const first = resources.indexOf(resource);
    return first === place
      ? []
      : [
          {
            path: ["profiles", index, "permissions", place],
            expected: `another container, partitionKey or item than permissions[${first}] has: Cosmos DB allows a user one permission on each`,
            found: "the same",
          },
        ];
  });
}

/** Only without the prefix rule can two profiles give one user id: then they must want the same. */
function contradictions(profiles: readonly CheckedProfile[]): readonly ValueFault[] {
  return profiles.flatMap((later, position) => {
    const rival = profiles
      .slice(0, position)
      .find(
        (earlier) =>
          earlier.profile.name !== later.profile.name &&
          wantedKey(earlier.profile) !== wantedKey(later.profile) &&
          canGiveSameId(earlier.cosmosUser, later.cosmosUser),
      );
    return rival === undefined
      ? []
      : [
          {
            path: ["profiles", later.index, "cosmosUser"],
            expected: `a template that never gives a user id of profile "${rival.profile.name}": the two profiles would give one Cosmos DB user different permissions`,
          },
        ];
  });
}

function resourceKey({ container, partitionKey, item }: PermissionShape): string {
  return JSON.stringify([container, partitionKey ?? null, item ?? null]);
}

function wantedKey({ permissions }: ProfileShape): string {
  return JSON.stringify(permissions.map((each) => `${resourceKey(each)}${each.mode}`).sort());
}
