import type { Access, WantedPermission } from "../access/access.ts";
import { PERMISSION_ID_PREFIX } from "../access/permission-id.ts";
import type { Clock } from "../clock.ts";
import type { TokensConfig } from "../config/config.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";
import type { AccountOperations } from "./account-operations.ts";
import type { AccountTurn } from "./account-turns.ts";
import { coversSameResource, isAsWanted, type MintedPermission } from "./permission-resource.ts";

/**
 * How often the feed is read before giving up. A round is lost only to another process that
 * changed the same user meanwhile, and such a process ends what it does.
 */
const MAX_ROUNDS = 5;

/**
 * A permission, and when the request that minted its token was sent, milliseconds since the epoch.
 */
export interface TimedPermission {
  readonly permission: MintedPermission;
  readonly askedAtMs: number;
}

export interface ProvisionOptions {
  readonly accountClient: AccountOperations;
  readonly tokens: Pick<TokensConfig, "lifetimeSeconds">;
  readonly clock: Clock;
  readonly observe: Observe;
  /**
   * On whose behalf. When nobody waits any more, it ends with `AbandonedError` before its next
   * step.
   */
  readonly turn?: AccountTurn;
}

export interface ProvisionResult {
  /** All permissions of the user, those that others made included. */
  readonly permissions: readonly TimedPermission[];
  /** Whether anything had to be created, replaced or deleted. */
  readonly provisioned: boolean;
}

/**
 * Gives a Cosmos user the permissions that its access profile asks for, and reads them all.
 *
 * One read of the permission feed where nothing is missing. What is missing is created, what
 * drifted (mode, resource, partition key) is replaced, and what the gateway made and no profile
 * asks for any more is deleted; the answers to those writes bring the tokens, so that the feed is
 * not read again. Permissions with ids of others are left alone.
 *
 * Several processes may do this for one user at the same time: whatever one finds changed under
 * its hands (409, 404) sends it back to reading the feed.
 */
export async function provisionPermissions(
  access: Access,
  options: ProvisionOptions,
): Promise<ProvisionResult> {
  let provisioned = false;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = await readPermissions(access, options);
    if (found === "lost-race") {
      continue;
    }
    provisioned ||= found.userCreated;
    const outcome = await reconcile(access, found.permissions, options);
    provisioned ||= outcome.changed;
    if (!outcome.lostRace) {
      return { permissions: outcome.permissions, provisioned };
    }
  }
  throw new GatewayError("UPSTREAM_UNAVAILABLE", "The data store can't be used at the moment.", {
    logReason: `the permissions of Cosmos user ${access.cosmosUserId} kept changing while they were provisioned`,
    retryAfterMs: 1_000,
  });
}

async function readPermissions(
  { cosmosUserId }: Access,
  { accountClient, tokens, clock, turn }: ProvisionOptions,
): Promise<
  { readonly permissions: readonly TimedPermission[]; readonly userCreated: boolean } | "lost-race"
> {
  const askedAtMs = clock.nowMs();
  const feed = await accountClient.readPermissionFeed(cosmosUserId, tokens.lifetimeSeconds, turn);
  if (feed !== undefined) {
    const permissions = feed.map((permission) => ({ permission, askedAtMs }));
    return { permissions, userCreated: false };
  }
  // A user that exists by now was made by another process, which may be making permissions, too.
  return (await accountClient.createUser(cosmosUserId, turn)) === "exists"
    ? "lost-race"
    : { permissions: [], userCreated: true };
}

interface Reconciled {
  readonly permissions: readonly TimedPermission[];
  readonly changed: boolean;
  readonly lostRace: boolean;
}

async function reconcile(
  access: Access,
  found: readonly TimedPermission[],
  options: ProvisionOptions,
): Promise<Reconciled> {
  const wanted = new Map(access.wantedPermissions.map((each) => [each.permissionId, each]));
  const extra = found.filter(
    ({ permission: { permissionId } }) =>
      permissionId.startsWith(PERMISSION_ID_PREFIX) && !wanted.has(permissionId),
  );
  const kept = found.filter((each) => !extra.includes(each));
  const byId = new Map(kept.map((each) => [each.permission.permissionId, each]));

  // First, because an extra one may stand in the way of one that is wanted on the same resource.
  await Promise.all(extra.map((each) => deleteExtra(access, each.permission, options)));

  const settled = await Promise.all(
    access.wantedPermissions.map((each) =>
      settleWanted(access, each, byId.get(each.permissionId), kept, options),
    ),
  );
  const others = kept.filter(({ permission }) => !wanted.has(permission.permissionId));
  return {
    permissions: [...settled.flatMap(({ permission }) => permission ?? []), ...others],
    changed: extra.length > 0 || settled.some(({ changed }) => changed),
    lostRace: settled.some(({ lostRace }) => lostRace),
  };
}

async function deleteExtra(
  { cosmosUserId }: Access,
  { permissionId, mode }: MintedPermission,
  { accountClient, observe, turn }: ProvisionOptions,
): Promise<void> {
  if ((await accountClient.deletePermission(cosmosUserId, permissionId, turn)) === "deleted") {
    observe({ kind: "permission-deleted", cosmosUserId, permissionId, mode });
  }
}

interface Settled {
  readonly permission?: TimedPermission;
  readonly changed: boolean;
  readonly lostRace: boolean;
}

async function settleWanted(
  { cosmosUserId }: Access,
  wanted: WantedPermission,
  current: TimedPermission | undefined,
  kept: readonly TimedPermission[],
  { accountClient, tokens, clock, observe, turn }: ProvisionOptions,
): Promise<Settled> {
  if (current !== undefined && isAsWanted(current.permission, wanted)) {
    return { permission: current, changed: false, lostRace: false };
  }
  const { permissionId, mode } = wanted;
  // Cosmos DB allows a user one permission on a resource and partition. Where someone else made
  // it, theirs holds: it is not the gateway's to change.
  const other = kept.find(
    ({ permission }) =>
      !permission.permissionId.startsWith(PERMISSION_ID_PREFIX) &&
      coversSameResource(permission, wanted),
  );
  if (other !== undefined) {
    const heldBy = other.permission.permissionId;
    observe({ kind: "permission-held-by-another", cosmosUserId, permissionId, mode, heldBy });
    return { changed: false, lostRace: false };
  }
  const write =
    current === undefined ? accountClient.createPermission : accountClient.replacePermission;
  const askedAtMs = clock.nowMs();
  const answer = await write(cosmosUserId, wanted, tokens.lifetimeSeconds, turn);
  if (typeof answer === "string") {
    return { changed: false, lostRace: true };
  }
  const kind = current === undefined ? "permission-created" : "permission-replaced";
  observe({ kind, cosmosUserId, permissionId, mode });
  return { permission: { permission: answer, askedAtMs }, changed: true, lostRace: false };
}
