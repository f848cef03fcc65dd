import type { Access } from "../access/access.ts";
import type { Clock } from "../clock.ts";
import type { TokensConfig } from "../config/config.ts";
import { deepFreeze } from "../deep-freeze.ts";
import type { Observe } from "../observability/observation.ts";
import type { AccountOperations } from "./account-operations.ts";
import type { AccountTurn } from "./account-turns.ts";
import type { Demand } from "./demand.ts";
import type { CosmosUserGrants, Grant } from "./grant.ts";
import type { MintedPermission } from "./permission-resource.ts";
import { type ProvisionResult, provisionPermissions } from "./provision-permissions.ts";

export interface GrantMinterOptions {
  readonly accountClient: AccountOperations;
  readonly tokens: TokensConfig;
  readonly clock: Clock;
  readonly observe: Observe;
}

/**
 * How long before its end a token is no longer used, in milliseconds: time for the request that
 * carries it to arrive, and for clocks that run at different speeds. The service was seen to accept
 * tokens for five minutes beyond their end, which is nothing to build on.
 */
const EXPIRY_MARGIN_MS = 30_000;

/**
 * How long a Cosmos user without permissions is remembered as such, in milliseconds: short, so
 * that an operator who adds one sees it work.
 */
export const NO_GRANTS_MS = 5_000;

/**
 * Mints the grants of a Cosmos user, creating its permissions where `tokens.provision` is `auto`.
 * It ends with `AbandonedError` when nobody waits for them any more; what was made by then stays.
 */
export function createGrantMinter(
  options: GrantMinterOptions,
): (access: Access, demand: Demand) => Promise<CosmosUserGrants> {
  const { tokens, clock, observe } = options;
  const read = tokens.provision === "auto" ? provisionPermissions : readPermissions;

  return async (access, demand) => {
    const { cosmosUserId, profile } = access;
    const startedAtMs = clock.nowMs();
    const { permissions, provisioned } = await read(access, {
      ...options,
      turn: { profile, demand },
    });
    const grants = permissions.flatMap(({ permission, askedAtMs }) =>
      toGrant(permission, askedAtMs + tokens.lifetimeSeconds * 1000 - EXPIRY_MARGIN_MS),
    );
    observe({ kind: "grants-minted", cosmosUserId, grants: grants.length, provisioned });
    const ends = grants.map(({ scope }) => scope.expiresAtMs);
    return {
      cosmosUserId,
      grants,
      expiresAtMs: ends.length === 0 ? startedAtMs + NO_GRANTS_MS : Math.min(...ends),
    };
  };
}

/** What is there and nothing else, for `tokens.provision: existing`. */
async function readPermissions(
  { cosmosUserId }: Access,
  { accountClient, tokens, clock, turn }: GrantMinterOptions & { readonly turn: AccountTurn },
): Promise<ProvisionResult> {
  const askedAtMs = clock.nowMs();
  const feed = await accountClient.readPermissionFeed(cosmosUserId, tokens.lifetimeSeconds, turn);
  const permissions = feed?.map((permission) => ({ permission, askedAtMs })) ?? [];
  return { permissions, provisioned: false };
}

/** No grant for a permission on something the gateway can't use, such as a stored procedure. */
function toGrant(
  { permissionId, mode, scope, resourceToken }: MintedPermission,
  expiresAtMs: number,
): readonly Grant[] {
  return scope === undefined
    ? []
    : [{ scope: deepFreeze({ permissionId, ...scope, mode, expiresAtMs }), resourceToken }];
}
