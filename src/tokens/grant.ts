import type { Secret } from "../secret.ts";
import type { GrantScope } from "./grant-scope.ts";

/**
 * One permission of a Cosmos user together with its current resource token. Two halves, so that the
 * compiler refuses one in place of the other: whoever is shown a grant is given its scope alone.
 */
export interface Grant {
  readonly scope: GrantScope;
  readonly resourceToken: Secret;
}

/** All grants of one Cosmos user, minted together. */
export interface CosmosUserGrants {
  readonly cosmosUserId: string;
  readonly grants: readonly Grant[];
  /** The earliest end of any of them, milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** What grants allow, without their resource tokens. */
export function scopesOf({ grants }: CosmosUserGrants): readonly GrantScope[] {
  return grants.map(({ scope }) => scope);
}
