import type { Access } from "../access/access.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";
import type { CosmosUserGrants } from "../tokens/grant.ts";
import type { GrantScope } from "../tokens/grant-scope.ts";
import type { ItemOperations } from "./item-operations.ts";
import type { OpenItems } from "./scoped-items.ts";

/** A resource token in the clear, and where it is good. */
export interface IssuedToken {
  /** The account, as the gateway reaches it. */
  readonly endpoint: string;
  readonly database: string;
  readonly scope: GrantScope;
  readonly resourceToken: string;
}

/**
 * The current resource tokens of the caller whose item operations these are.
 *
 * @throws GatewayError FORBIDDEN for an object that the gateway did not open, or else whatever
 * keeps new tokens from being minted where the old ones are spent.
 */
export type IssueTokens = (items: ItemOperations) => Promise<readonly IssuedToken[]>;

export interface TokenIssuingOptions {
  readonly endpoint: string;
  readonly database: string;
  readonly openItems: OpenItems;
  readonly grantsFor: (access: Access, signal?: AbortSignal) => Promise<CosmosUserGrants>;
  readonly observe: Observe;
}

export interface TokenIssuing {
  /** Opens items whose caller can be issued tokens. */
  readonly openItems: OpenItems;
  readonly issueTokens: IssueTokens;
}

/**
 * The only way on which a resource token leaves the gateway. Made where `tokens.issue` is on, and
 * nowhere else.
 *
 * It goes by the identity of the item operations and not by what an object says of its caller: an
 * own resolver can write any name into an object, but can't make one that the gateway has opened.
 */
export function createTokenIssuing(options: TokenIssuingOptions): TokenIssuing {
  const { endpoint, database, grantsFor, observe } = options;
  const opened = new WeakMap<
    ItemOperations,
    { readonly access: Access; readonly signal: AbortSignal | undefined }
  >();
  return {
    openItems: (access, grants, limits) => {
      const items = options.openItems(access, grants, limits);
      opened.set(items, { access, signal: limits?.signal });
      return items;
    },

    issueTokens: async (items) => {
      const caller = opened.get(items);
      if (caller === undefined) {
        throw new GatewayError("FORBIDDEN", "No resource tokens can be issued for that.", {
          logReason: "resource tokens were asked for with item operations that no request opened",
        });
      }
      const { cosmosUserId, grants } = await grantsFor(caller.access, caller.signal);
      observe({
        kind: "resource-tokens-issued",
        cosmosUserId,
        permissions: grants.map(({ scope: { permissionId, mode } }) => ({ permissionId, mode })),
      });
      return grants.map(({ scope, resourceToken }) => ({
        endpoint,
        database,
        scope,
        resourceToken: resourceToken.reveal(),
      }));
    },
  };
}
