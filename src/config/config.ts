import type { DeepReadonly } from "../deep-freeze.ts";
import type { Secret } from "../secret.ts";
import type { ConfigShape, IssuerShape } from "./config-schema.ts";

type Shape = DeepReadonly<ConfigShape>;

/**
 * The whole configuration, validated and frozen: the shape that the schema checks, and what loading
 * makes of some of its values. The reference page in `docs/` explains each key.
 */
export interface Config extends Omit<Shape, "server" | "cosmos" | "auth" | "tokens"> {
  readonly server: ServerConfig;
  readonly cosmos: CosmosConfig;
  /** Glob of the model files, absolute: resolved against the configuration file's folder. */
  readonly schema: string;
  readonly auth: AuthConfig;
  readonly tokens: TokensConfig;
}

export interface ServerConfig extends Omit<Shape["server"], "cursorSecret"> {
  /** Seals the cursors of lists. Absent: a random one, made at start. */
  readonly cursorSecret?: Secret;
}

export interface CosmosConfig extends Omit<Shape["cosmos"], "keys"> {
  /** Account keys, tried in turn. At least one. */
  readonly keys: readonly Secret[];
}

export interface AuthConfig extends Omit<Shape["auth"], "issuers"> {
  readonly issuers: readonly IssuerConfig[];
}

export interface IssuerConfig extends Omit<DeepReadonly<IssuerShape>, "jwksUri" | "jwksFile"> {
  readonly keys: IssuerKeys;
}

export type IssuerKeys =
  | { readonly kind: "uri"; readonly jwksUri: string }
  | {
      readonly kind: "inline";
      readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
    };

export type ProfileConfig = Shape["profiles"][number];

export type PermissionConfig = ProfileConfig["permissions"][number];

export type PermissionMode = PermissionConfig["mode"];

export interface TokensConfig extends Omit<Shape["tokens"], "refreshAheadSeconds"> {
  /** How long before its end a used grant is renewed in the background, in seconds. */
  readonly refreshAheadSeconds: number;
}

export type LimitsConfig = Shape["limits"];
