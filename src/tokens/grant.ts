import type { PermissionMode } from "../config/config.ts";
import type { PartitionKey } from "../cosmos/partition-key.ts";
import type { Secret } from "../secret.ts";

/** One permission of a Cosmos user together with its current resource token. */
export interface Grant {
  readonly permissionId: string;
  readonly container: string;
  /** Absent: the whole container, or the whole item. A prefix of the levels for a hierarchical key. */
  readonly partitionKey?: PartitionKey;
  /** Present: this item alone. */
  readonly item?: string;
  readonly mode: PermissionMode;
  readonly resourceToken: Secret;
  /** When the token must no longer be used, milliseconds since the epoch. Counted from before the mint. */
  readonly expiresAtMs: number;
}

/** All grants of one Cosmos user, minted together. */
export interface CosmosUserGrants {
  readonly cosmosUserId: string;
  readonly grants: readonly Grant[];
  /** The earliest end of any of them, milliseconds since the epoch. */
  readonly expiresAtMs: number;
}
