/**
 * Things that happen, as values. Modules report them through an `Observe` function and never log:
 * one place turns them into log lines and metrics. An observation holds no token and no key.
 */
export type Observation =
  | { readonly kind: "caller-refused"; readonly reason: string }
  | {
      readonly kind: "profile-refused";
      readonly issuer: string;
      readonly subject: string;
      readonly reason: string;
    }
  | {
      readonly kind: "grants-minted";
      readonly cosmosUserId: string;
      readonly grants: number;
      readonly provisioned: boolean;
    }
  | {
      readonly kind: "grants-refresh-failed";
      readonly cosmosUserId: string;
      readonly error: unknown;
    }
  | {
      readonly kind: "permission-created" | "permission-replaced" | "permission-deleted";
      readonly cosmosUserId: string;
      readonly permissionId: string;
      readonly mode: "All" | "Read";
    }
  | { readonly kind: "account-key-refused"; readonly keyIndex: number }
  | { readonly kind: "issuer-keys-unreachable"; readonly issuer: string; readonly error: unknown }
  | { readonly kind: "operation-failed"; readonly errorId: string; readonly error: unknown };

export type Observe = (observation: Observation) => void;
