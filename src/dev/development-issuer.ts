import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Clock } from "../clock.ts";
import type { IssuerConfig } from "../config/config.ts";
import { DEVELOPMENT_ISSUER } from "../config/development-issuer-name.ts";

/** Signs bearer tokens for sample callers. Its private key never leaves this object. */
export interface DevelopmentIssuer {
  /** For the gateway's configuration, in place of `auth.issuers`: the public key stands in it. */
  readonly trust: IssuerConfig;
  /**
   * A bearer token with these claims, which name at least `sub`. Issuer, audience and times are set
   * here, also over those of the claims. It lives an hour and is for this issuer's audience unless
   * told.
   */
  readonly issue: (
    claims: Readonly<Record<string, unknown>> & { readonly sub: string },
    options?: { readonly lifetimeSeconds?: number; readonly audience?: string },
  ) => Promise<string>;
}

const DEFAULT_LIFETIME_SECONDS = 3600;
const ALGORITHM = "ES256";

/** Makes a key pair and an issuer with it. The key ends with the process. */
export async function createDevelopmentIssuer({
  clock,
  audience = DEVELOPMENT_ISSUER,
}: {
  readonly clock: Clock;
  /** The `aud` of its tokens. Default: the issuer's own name. */
  readonly audience?: string;
}): Promise<DevelopmentIssuer> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  const kid = randomUUID();
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: "sig" };
  return {
    trust: {
      issuer: DEVELOPMENT_ISSUER,
      audience,
      keys: { kind: "inline", jwks: { keys: [publicJwk] } },
      algorithms: [ALGORITHM],
    },
    issue: (claims, options = {}) => {
      const { lifetimeSeconds = DEFAULT_LIFETIME_SECONDS } = options;
      const issuedAt = Math.floor(clock.nowMs() / 1000);
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: ALGORITHM, typ: "at+jwt", kid })
        .setIssuer(DEVELOPMENT_ISSUER)
        .setAudience(options.audience ?? audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(privateKey);
    },
  };
}
