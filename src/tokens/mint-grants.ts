import type { Access } from "../access/access.ts";
import type { Clock } from "../clock.ts";
import type { TokensConfig } from "../config/config.ts";
import type { Observe } from "../observation.ts";
import type { AccountClient } from "./account-client.ts";
import type { CosmosUserGrants, Grant } from "./grant.ts";
import type { MintedPermission } from "./permission-resource.ts";
import { provisionPermissions, type TimedPermission } from "./provision-permissions.ts";

export interface GrantMinterOptions {
  readonly accountClient: AccountClient;
  readonly tokens: TokensConfig;
  readonly clock: Clock;
  readonly observe: Observe;
}

/**
 * How long before its end a token is no longer used, in milliseconds: time for the request that
 * carries it to arrive, and for clocks that run at different speeds. The service itself grants
 * five minutes beyond the end (COSMOS-FACTS §5), which is nothing to build on.
 */
const EXPIRY_MARGIN_MS = 30_000;

/**
 * How long a Cosmos user without permissions is remembered as such, in milliseconds: short, so
 * that an operator who adds one sees it work.
 */
const NO_GRANTS_MS = 5_000;

/** Mints the grants of a Cosmos user, creating its permissions where `tokens.provision` is `auto`. */
export function createGrantMinter(
  options: GrantMinterOptions,
): (access: Access) => Promise<CosmosUserGrants> {
  const { accountClient, tokens, clock, observe } = options;

  return async (access) => {
    const { cosmosUserId } = access;
    const askedAtMs = clock.nowMs();
    const { permissions, provisioned } =
      tokens.provision === "auto"
        ? await provisionPermissions(access, options)
        : {
            permissions: (
              (await accountClient.readPermissionFeed(cosmosUserId, tokens.lifetimeSeconds)) ?? []
            ).map((permission): TimedPermission => ({ permission, askedAtMs })),
            provisioned: false,
          };

    const grants = permissions.flatMap(({ permission, askedAtMs: mintAskedAtMs }) =>
      toGrant(permission, mintAskedAtMs + tokens.lifetimeSeconds * 1000 - EXPIRY_MARGIN_MS),
    );
    observe({ kind: "grants-minted", cosmosUserId, grants: grants.length, provisioned });
    return {
      cosmosUserId,
      grants,
      expiresAtMs:
        grants.length === 0
          ? askedAtMs + NO_GRANTS_MS
          : Math.min(...grants.map((grant) => grant.expiresAtMs)),
    };
  };
}

/** No grant for a permission on something the gateway can't use, such as a stored procedure. */
function toGrant(
  { permissionId, mode, scope, resourceToken }: MintedPermission,
  expiresAtMs: number,
): readonly Grant[] {
  return scope === undefined ? [] : [{ permissionId, ...scope, mode, resourceToken, expiresAtMs }];
}
