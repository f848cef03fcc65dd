import type { PartitionKey } from "../cosmos/partition-key.ts";
import type { GatewayError } from "../gateway-error.ts";

/**
 * Things that happen, as values. Modules report them through an `Observe` function and never log:
 * one place turns them into log lines and metrics. An observation holds no token and no key.
 */
export type Observation =
  | { readonly kind: "caller-refused"; readonly reason: string }
  | {
      /** A request ended before GraphQL, with an error of the gateway's own. */
      readonly kind: "request-refused";
      readonly error: GatewayError;
    }
  | {
      /** An operation met a container that is not there. The error's `logReason` names it. */
      readonly kind: "container-missing";
      readonly error: GatewayError;
    }
  | { readonly kind: "not-ready"; readonly probe: string; readonly error: unknown }
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
  | {
      /**
       * A wanted permission was not made: one that the gateway does not own covers the same
       * resource.
       */
      readonly kind: "permission-held-by-another";
      readonly cosmosUserId: string;
      readonly permissionId: string;
      readonly mode: "All" | "Read";
      /** Id of the permission that is there, and counts. */
      readonly heldBy: string;
    }
  | {
      /** A caller was given its own resource tokens: they can't be taken back. */
      readonly kind: "resource-tokens-issued";
      readonly cosmosUserId: string;
      readonly permissions: readonly {
        readonly permissionId: string;
        readonly mode: "All" | "Read";
      }[];
    }
  | {
      /**
       * A stored item that doesn't fit the model was not shown. Says where, and never what is
       * there.
       */
      readonly kind: "item-misfit";
      readonly type: string;
      readonly container: string;
      /** Inside the item, by the model's names: `lines.0.sku`. */
      readonly field: string;
      readonly id: string;
      readonly partitionKey: PartitionKey;
      /** Its place in the answer. */
      readonly path: readonly (string | number)[];
    }
  | { readonly kind: "graphql-server-warning"; readonly message: string }
  | { readonly kind: "account-key-refused"; readonly keyIndex: number }
  | { readonly kind: "issuer-keys-unreachable"; readonly issuer: string; readonly error: unknown }
  | {
      /** Something of the process's own resolvers, as a rule, that nobody waited for. */
      readonly kind: "unhandled-rejection" | "uncaught-exception";
      /** Of the request that it came from, where that is known. */
      readonly requestId: string | undefined;
      readonly error: unknown;
    }
  | {
      /** Keys and secrets were read again: paths of the settings that have other values now. */
      readonly kind: "secrets-read-again";
      readonly changed: readonly string[];
    }
  | {
      /** A key or secret could not be read again. The one before stays. */
      readonly kind: "secret-unreadable";
      readonly setting: string;
      readonly expected: string;
      readonly found: string;
    }
  | { readonly kind: "operation-failed"; readonly errorId: string; readonly error: unknown };

export type Observe = (observation: Observation) => void;
