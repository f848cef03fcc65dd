/** What a permission allows: `Read`, or `All` (reading and writing). */
export type PermissionMode = "Read" | "All";

/**
 * What a `permissionMode` as written allows; undefined if it is none. Any case will do, and the
 * answer has the case that was sent: the JavaScript SDK's enum says `all`.
 */
export function permissionModeOf(written: string): PermissionMode | undefined {
  switch (written.toLowerCase()) {
    case "read":
      return "Read";
    case "all":
      return "All";
    default:
      return undefined;
  }
}
