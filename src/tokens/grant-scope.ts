import type { PermissionMode } from "../config/config.ts";
import type { ResourceScope } from "../cosmos/resource-scope.ts";

/**
 * The half of a grant that anyone may see: what it allows, where, and until when. It holds no
 * resource token and leads to none. Frozen.
 */
export interface GrantScope extends ResourceScope {
  readonly permissionId: string;
  readonly mode: PermissionMode;
  /**
   * When the token must no longer be used, milliseconds since the epoch. Counted from before the
   * mint.
   */
  readonly expiresAtMs: number;
}
