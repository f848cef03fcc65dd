import type { WantedPermission } from "../access/access.ts";
import type { AccountTurn } from "./account-turns.ts";
import type { MintedPermission } from "./permission-resource.ts";

/**
 * Everything that is done with the account key, as functions. There is no way through them to an
 * item: the clients that sign with the key never leave `account-client.ts`, and send nothing to
 * `/docs`.
 *
 * Answers that are part of the work are results; everything else is thrown as a `GatewayError`
 * (`UPSTREAM_UNAVAILABLE`, or `THROTTLED` after all waiting), whose `logReason` names the setting
 * to look at. Lifetimes are in seconds, 600 to 86400.
 *
 * At most 16 requests are under way at a time; the others wait their turn, which `turn` says on
 * whose behalf it is. Left out, a request is made for its own sake.
 */
export interface AccountOperations {
  /**
   * All permissions of a Cosmos user, each with a fresh token; undefined if there is no such user.
   */
  readPermissionFeed(
    cosmosUserId: string,
    lifetimeSeconds: number,
    turn?: AccountTurn,
  ): Promise<readonly MintedPermission[] | undefined>;
  createUser(cosmosUserId: string, turn?: AccountTurn): Promise<"created" | "exists">;
  /** `exists`: the id is taken, or another permission of the user covers the same resource. */
  createPermission(
    cosmosUserId: string,
    wanted: WantedPermission,
    lifetimeSeconds: number,
    turn?: AccountTurn,
  ): Promise<MintedPermission | "exists" | "missing">;
  replacePermission(
    cosmosUserId: string,
    wanted: WantedPermission,
    lifetimeSeconds: number,
    turn?: AccountTurn,
  ): Promise<MintedPermission | "exists" | "missing">;
  deletePermission(
    cosmosUserId: string,
    permissionId: string,
    turn?: AccountTurn,
  ): Promise<"deleted" | "missing">;
  /** Milliseconds until a newcomer would have a turn; undefined while nothing is throttled. */
  throttledForMs(): number | undefined;
  /** @throws GatewayError unless the configured database is there. */
  checkDatabase(): Promise<void>;
  /** Undefined if the database has no such container. */
  readContainer(container: string): Promise<ContainerDefinition | undefined>;
}

/** What start-up checks need to know of a container. */
export interface ContainerDefinition {
  readonly id: string;
  /** For example `["/tenantId"]`; several for a hierarchical key. */
  readonly partitionKeyPaths: readonly string[];
}
