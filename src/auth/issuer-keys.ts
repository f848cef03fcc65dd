import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../clock.ts";
import type { IssuerConfig } from "../config/config.ts";
import type { Observe } from "../observability/observation.ts";
import { createRemoteKeys } from "./remote-keys.ts";

/** The public keys of one issuer. */
export interface IssuerKeySource {
  /**
   * Finds the key for a token's header.
   *
   * @throws GatewayError UPSTREAM_UNAVAILABLE if the issuer's keys can't be had.
   * @throws jose's error if they are there and none fits.
   */
  readonly find: JWTVerifyGetKey<CryptoKey>;
  /**
   * @throws GatewayError UPSTREAM_UNAVAILABLE unless usable keys are at hand or can be fetched now.
   */
  readonly probe: () => Promise<void>;
}

export function createIssuerKeySource(
  { issuer, keys }: Pick<IssuerConfig, "issuer" | "keys">,
  options: { readonly clock: Clock; readonly observe: Observe },
): IssuerKeySource {
  if (keys.kind === "uri") {
    return createRemoteKeys({ issuer, jwksUri: keys.jwksUri }, options);
  }
  // The library jose types a key's `kty` and a mutable list; the configuration was validated to
  // have both.
  const keySet = structuredClone(keys.jwks) as unknown as JSONWebKeySet;
  return { find: createLocalJWKSet(keySet), probe: () => Promise.resolve() };
}
