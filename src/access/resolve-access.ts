import type { Caller } from "../auth/caller.ts";
import type { ProfileConfig } from "../config/config.ts";
import { deepFreeze } from "../deep-freeze.ts";
import { GatewayError } from "../gateway-error.ts";
import { type ClaimTemplate, parseClaimTemplate } from "../templates/claim-template.ts";
import { expandId } from "../templates/expand-template.ts";
import { allExpanded } from "../templates/expanded.ts";
import type { Access, WantedPermission } from "./access.ts";
import { expandPermission } from "./expand-permission.ts";
import { isProfileFor } from "./profile-fits.ts";

/**
 * Makes the function that tells what a caller is to Cosmos DB. The first profile that fits decides;
 * if its templates can't be filled, no later profile is tried.
 *
 * The function returns the same frozen value for the same caller object. It throws
 * `NO_ACCESS_PROFILE`, with the reason for the log alone. With the database's name, it also refuses
 * an item whose link would be too long for a permission, before Cosmos DB does.
 */
export function createAccessResolver(
  profiles: readonly ProfileConfig[],
  { database }: { readonly database?: string } = {},
): (caller: Caller) => Access {
  const known = new WeakMap<Caller, Access>();
  const prepared = profiles.map((profile) => ({
    profile,
    cosmosUser: parseClaimTemplate(profile.cosmosUser),
  }));
  return (caller) => {
    const before = known.get(caller);
    if (before !== undefined) {
      return before;
    }
    const fitting = prepared.find(({ profile }) => isProfileFor(profile.when, caller));
    if (fitting === undefined) {
      throw noAccess(
        caller.kind === "anonymous"
          ? 'no profile has `when: "anonymous"`'
          : "no profile fits the caller's claims",
      );
    }
    const access = deepFreeze(expandProfile(fitting, caller, database));
    known.set(caller, access);
    return access;
  };
}

function expandProfile(
  { profile, cosmosUser }: { readonly profile: ProfileConfig; readonly cosmosUser: ClaimTemplate },
  caller: Caller,
  database: string | undefined,
): Access {
  const claims = caller.kind === "authenticated" ? caller.claims : {};
  const userId = expandId(cosmosUser, claims, "user id");
  const permissions = allExpanded(
    profile.permissions.map((permission) => expandPermission(permission, claims, database)),
  );
  if (!userId.ok || !permissions.ok) {
    const reasons = [userId, permissions].flatMap((part) => (part.ok ? [] : part.reasons));
    throw noAccess(`profile "${profile.name}" fits, but ${[...new Set(reasons)].join("; ")}`);
  }
  return {
    profile: profile.name,
    cosmosUserId: userId.value,
    wantedPermissions: mergeSame(permissions.value),
  };
}

/**
 * `["{tid}"]` and `["contoso"]` are one partition for a caller of contoso, and Cosmos DB allows a
 * user one permission on it: `All`, which includes `Read`, if either asks for it.
 */
function mergeSame(permissions: readonly WantedPermission[]): readonly WantedPermission[] {
  const byId = new Map<string, WantedPermission>();
  for (const permission of permissions) {
    if (byId.get(permission.permissionId)?.mode !== "All") {
      byId.set(permission.permissionId, permission);
    }
  }
  return [...byId.values()];
}

function noAccess(logReason: string): GatewayError {
  return new GatewayError("NO_ACCESS_PROFILE", "You have no access here.", { logReason });
}
