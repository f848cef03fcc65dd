import type { PartitionKeyValue } from "../cosmos/partition-key.ts";
import type { Secret } from "../secret.ts";

/** The whole configuration, validated and frozen. The reference page in `docs/` explains each key. */
export interface Config {
  readonly server: ServerConfig;
  readonly cosmos: CosmosConfig;
  /** Glob of the model files, absolute: resolved against the configuration file's folder. */
  readonly schema: string;
  readonly auth: AuthConfig;
  /** In order: the first that fits a caller wins. */
  readonly profiles: readonly ProfileConfig[];
  readonly tokens: TokensConfig;
  readonly limits: LimitsConfig;
  readonly introspection: boolean;
  readonly api: { readonly generic: boolean };
}

export interface ServerConfig {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Origins of web pages that may call the API, such as `https://app.example.com`; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** How long requests are still taken when the process is to end and `/readyz` says so already. */
  readonly drainDelayMs: number;
  /** Seals the cursors of lists. Absent: a random one, made at start. */
  readonly cursorSecret?: Secret;
}

export interface CosmosConfig {
  /** For example `https://contoso.documents.azure.com:443/`. */
  readonly endpoint: string;
  /** Account keys, tried in turn. At least one. */
  readonly keys: readonly Secret[];
  readonly database: string;
}

export interface AuthConfig {
  readonly issuers: readonly IssuerConfig[];
  /** Whether a request without a bearer token is let in, as the anonymous caller. */
  readonly anonymous: boolean;
}

export interface IssuerConfig {
  /** Compared with the token's `iss` character by character. */
  readonly issuer: string;
  readonly audience: string;
  readonly keys: IssuerKeys;
  /** JWS algorithms that are accepted. Asymmetric ones only. */
  readonly algorithms: readonly string[];
}

export type IssuerKeys =
  | { readonly kind: "uri"; readonly jwksUri: string }
  | {
      readonly kind: "inline";
      readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
    };

export interface ProfileConfig {
  /** `[a-z0-9-]+` */
  readonly name: string;
  /**
   * Which callers it fits: every named claim contains the value (equal to it, or a list that has
   * it). `{}` fits every authenticated caller; only `"anonymous"` fits the anonymous one.
   */
  readonly when: Readonly<Record<string, string | number | boolean>> | "anonymous";
  /** Template of the Cosmos DB user id, such as `member:{tid}:{sub}`. */
  readonly cosmosUser: string;
  readonly permissions: readonly PermissionConfig[];
}

export interface PermissionConfig {
  readonly container: string;
  /** One value a level. Strings are templates; `"{tid}"` takes the claim as it is. */
  readonly partitionKey?: readonly PartitionKeyValue[];
  /** Template of an item id: the permission covers that item alone. */
  readonly item?: string;
  readonly mode: PermissionMode;
}

export type PermissionMode = "Read" | "All";

export interface TokensConfig {
  /** How long a resource token lives, in seconds: 600 to 86400. */
  readonly lifetimeSeconds: number;
  /** How long before its end a used grant is renewed in the background, in seconds. */
  readonly refreshAheadSeconds: number;
  readonly maxCachedUsers: number;
  /** `auto` creates what a profile asks for; `existing` reads what is there. */
  readonly provision: "auto" | "existing";
  readonly issue: boolean;
}

export interface LimitsConfig {
  readonly depth: number;
  readonly complexity: number;
  readonly pageSize: { readonly default: number; readonly max: number };
  readonly requestBytes: number;
  readonly requestTimeoutMs: number;
  readonly inFlightPerUser: number;
  readonly inFlight: number;
  readonly answerBytes: number;
}
