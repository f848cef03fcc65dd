import type { PermissionMode } from "../config/config.ts";
import type { ResourceScope } from "../cosmos/resource-scope.ts";

/**
 * What a caller is to Cosmos DB: one user of the database, and the permissions that user should
 * have.
 */
export interface Access {
  /** Name of the access profile that fits the caller. */
  readonly profile: string;
  readonly cosmosUserId: string;
  readonly wantedPermissions: readonly WantedPermission[];
}

/** A permission that a profile asks for, with the caller's claims filled in. */
export interface WantedPermission extends ResourceScope {
  /**
   * Id of the permission resource: a function of container, item and partition key alone, so that
   * a changed mode replaces the permission instead of colliding with it. Starts with `gateway-`,
   * which marks the permissions that provisioning made and may remove.
   */
  readonly permissionId: string;
  readonly mode: PermissionMode;
}
