import type { Clock } from "../clock.ts";
import type { AuthConfig } from "../config/config.ts";
import type { KeySet } from "../config/read-key-set.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";
import type { Caller } from "./caller.ts";
import { createIssuerKeySource } from "./issuer-keys.ts";
import { readBearerToken } from "./read-bearer-token.ts";
import { UnauthenticatedError } from "./unauthenticated-error.ts";
import { createVerifiedTokenCache } from "./verified-token-cache.ts";
import { type TrustedIssuer, verifyBearerToken } from "./verify-bearer-token.ts";

/** Turns the header Authorization into a caller. */
export interface Authenticator {
  /**
   * Returns the same frozen caller for the same token while that is valid.
   *
   * @throws GatewayError UNAUTHENTICATED for a missing or bad bearer token; UPSTREAM_UNAVAILABLE if
   * the issuer's keys can't be had, because the token may well be good.
   */
  (authorizationHeader: string | undefined): Promise<Caller>;
  /**
   * @throws GatewayError UPSTREAM_UNAVAILABLE unless every issuer's keys are at hand or can be
   * fetched now.
   */
  readonly probeIssuerKeys: () => Promise<void>;
  /**
   * Takes other keys for issuers whose keys stand in a file. What the old ones proved is forgotten.
   */
  readonly replaceKeySets: (keySets: ReadonlyMap<string, KeySet>) => void;
}

export interface AuthenticatorOptions extends AuthConfig {
  readonly clock: Clock;
  readonly observe: Observe;
}

const ANONYMOUS: Caller = Object.freeze({ kind: "anonymous" });

export function createAuthenticator({
  issuers,
  anonymous,
  clock,
  observe,
}: AuthenticatorOptions): Authenticator {
  const trusted = new Map<string, TrustedIssuer>(
    issuers.map((issuer) => [
      issuer.issuer,
      { ...issuer, keySource: createIssuerKeySource(issuer, { clock, observe }) },
    ]),
  );
  const createVerification = () =>
    createVerifiedTokenCache(
      (bearerToken) => verifyBearerToken(bearerToken, { issuers: trusted, clock }),
      clock,
    );
  let verify = createVerification();

  async function callerOf(authorizationHeader: string | undefined): Promise<Caller> {
    const bearerToken = readBearerToken(authorizationHeader);
    if (bearerToken !== undefined) {
      return (await verify(bearerToken)).caller;
    }
    if (anonymous) {
      return ANONYMOUS;
    }
    throw new UnauthenticatedError("missing", "the header Authorization is missing");
  }

  async function authenticate(authorizationHeader: string | undefined): Promise<Caller> {
    try {
      return await callerOf(authorizationHeader);
    } catch (error) {
      if (error instanceof GatewayError && error.code === "UNAUTHENTICATED") {
        observe({ kind: "caller-refused", reason: error.logReason ?? error.message });
      }
      throw error;
    }
  }

  return Object.assign(authenticate, {
    probeIssuerKeys: async () => {
      await Promise.all([...trusted.values()].map(({ keySource }) => keySource.probe()));
    },
    replaceKeySets: (keySets: ReadonlyMap<string, KeySet>) => {
      for (const [name, jwks] of keySets) {
        const issuer = trusted.get(name);
        if (issuer !== undefined) {
          const keys = { kind: "inline", jwks } as const;
          const keySource = createIssuerKeySource({ issuer: name, keys }, { clock, observe });
          trusted.set(name, { ...issuer, keys, keySource });
        }
      }
      // Another one, so that a verification under way can't bring back what the old keys proved.
      verify = createVerification();
    },
  });
}
