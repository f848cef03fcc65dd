import type { Caller } from "../auth/caller.ts";
import type { PermissionConfig, ProfileConfig } from "../config/config.ts";
import { deepFreeze } from "../deep-freeze.ts";
import { GatewayError } from "../gateway-error.ts";
import type { PartitionKeyValue } from "../partition-key.ts";
import type { Access, WantedPermission } from "./access.ts";
import { type ClaimTemplate, parseClaimTemplate } from "./claim-template.ts";
import { type Expanded, expandId, expandPartitionKeyValue } from "./expand-template.ts";
import { permissionIdOf } from "./permission-id.ts";
import { isProfileFor } from "./profile-fits.ts";

type Claims = Readonly<Record<string, unknown>>;

/**
 * Makes the function that tells what a caller is to Cosmos DB. The first profile that fits decides;
 * if its templates can't be filled, no later profile is tried.
 *
 * The function throws `NO_ACCESS_PROFILE`, with the reason for the log alone. It answers the same
 * frozen value for the same caller object.
 */
export function createAccessResolver(
  profiles: readonly ProfileConfig[],
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
    const access = deepFreeze(expandProfile(fitting.profile, fitting.cosmosUser, caller));
    known.set(caller, access);
    return access;
  };
}

function expandProfile(profile: ProfileConfig, cosmosUser: ClaimTemplate, caller: Caller): Access {
  const claims = caller.kind === "authenticated" ? caller.claims : {};
  const userId = expandId(cosmosUser, claims, "user id");
  const permissions = profile.permissions.map((permission) => expandPermission(permission, claims));
  const reasons = [userId, ...permissions].flatMap((part) => (part.ok ? [] : part.reasons));
  if (!userId.ok || reasons.length > 0) {
    throw noAccess(`profile "${profile.name}" fits, but ${[...new Set(reasons)].join("; ")}`);
  }
  return {
    profile: profile.name,
    cosmosUserId: userId.value,
    wantedPermissions: mergeSame(permissions.flatMap((part) => (part.ok ? [part.value] : []))),
  };
}

function expandPermission(
  { container, partitionKey, item, mode }: PermissionConfig,
  claims: Claims,
): Expanded<WantedPermission> {
  const levels = (partitionKey ?? []).map((level) => expandPartitionKeyValue(level, claims));
  const itemId =
    item === undefined ? undefined : expandId(parseClaimTemplate(item), claims, "item id");
  const reasons = [...levels, ...(itemId === undefined ? [] : [itemId])].flatMap((part) =>
    part.ok ? [] : part.reasons,
  );
  if (reasons.length > 0) {
    return { ok: false, reasons };
  }
  const resource = {
    container,
    ...(partitionKey === undefined
      ? {}
      : {
          partitionKey: levels.flatMap((level): PartitionKeyValue[] =>
            level.ok ? [level.value] : [],
          ),
        }),
    ...(itemId?.ok === true ? { item: itemId.value } : {}),
  };
  return { ok: true, value: { permissionId: permissionIdOf(resource), ...resource, mode } };
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
