import {
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import type { Clock } from "../clock.ts";
import type { IssuerConfig } from "../config/config.ts";
import { deepFreeze } from "../deep-freeze.ts";
import { GatewayError } from "../gateway-error.ts";
import type { AuthenticatedCaller } from "./caller.ts";
import type { IssuerKeySource } from "./issuer-keys.ts";
import { UnauthenticatedError } from "./unauthenticated-error.ts";

/**
 * How far the clocks of issuer and gateway may be apart, in seconds. Applies to `exp` and `nbf`.
 */
export const CLOCK_TOLERANCE_SECONDS = 60;

/** An issuer that is trusted, and where its keys come from. */
export interface TrustedIssuer extends IssuerConfig {
  readonly keySource: IssuerKeySource;
}

/** What a bearer token proved, and for how long that may be believed without looking again. */
export interface VerifiedToken {
  readonly caller: AuthenticatedCaller;
  /** The token's `exp`, without tolerance. Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** The token's `nbf`, without tolerance; 0 without one. Milliseconds since the epoch. */
  readonly notBeforeMs: number;
}

/**
 * Verifies a bearer token against the issuer that it names: signature, algorithm, `iss`, `aud`,
 * `exp`, `nbf`, `sub`, `typ`.
 *
 * @throws UnauthenticatedError for every fault of the token.
 * @throws GatewayError UPSTREAM_UNAVAILABLE if the issuer's keys can't be had.
 */
export async function verifyBearerToken(
  bearerToken: string,
  {
    issuers,
    clock,
  }: { readonly issuers: ReadonlyMap<string, TrustedIssuer>; readonly clock: Clock },
): Promise<VerifiedToken> {
  const trusted = trustedIssuerOf(bearerToken, issuers);
  try {
    const payload = await verifyWithKey(bearerToken, trusted, {
      issuer: trusted.issuer,
      audience: trusted.audience,
      algorithms: [...trusted.algorithms],
      requiredClaims: ["exp", "sub"],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock.nowMs()),
    });
    return verifiedToken(payload, trusted.issuer);
  } catch (error) {
    throw error instanceof GatewayError ? error : refused(describe(error));
  }
}

/**
 * Picks the issuer by the token's own word. The signature then shows whether that word was true.
 */
function trustedIssuerOf(
  bearerToken: string,
  issuers: ReadonlyMap<string, TrustedIssuer>,
): TrustedIssuer {
  const { issuer, type } = readUnverified(bearerToken);
  // RFC 8725, section 3.11: a token made for another purpose (logout, DPoP proof) gives no access.
  if (type !== undefined && !/^(application\/)?(at\+)?jwt$/i.test(String(type))) {
    throw refused("its typ is not that of an access token");
  }
  const trusted = typeof issuer === "string" ? issuers.get(issuer) : undefined;
  if (trusted === undefined) {
    throw refused(
      typeof issuer === "string"
        ? `its issuer is not configured: ${JSON.stringify(issuer.slice(0, 200))}`
        : "it names no issuer",
    );
  }
  return trusted;
}

function readUnverified(bearerToken: string): { readonly issuer: unknown; readonly type: unknown } {
  try {
    return {
      issuer: decodeJwt(bearerToken).iss,
      type: decodeProtectedHeader(bearerToken).typ,
    };
  } catch {
    // The parser's message quotes the token, so it is dropped.
    throw refused("it is not a signed JWT");
  }
}

async function verifyWithKey(
  bearerToken: string,
  { keySource }: TrustedIssuer,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(bearerToken, keySource.find, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) {
      throw error;
    }
    return verifyWithAnyOf(error, bearerToken, options);
  }
}

/**
 * A token without `kid`, and an issuer with several keys that could have signed it: each is tried.
 */
async function verifyWithAnyOf(
  keys: AsyncIterable<CryptoKey>,
  bearerToken: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(bearerToken, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) {
        throw error;
      }
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function verifiedToken(payload: JWTPayload, issuer: string): VerifiedToken {
  const { sub, exp, nbf = 0 } = payload;
  if (typeof sub !== "string" || sub === "") {
    throw refused("its sub is not a text");
  }
  // 1e999 is JSON for infinity: a token that would never end.
  if (exp === undefined || !Number.isFinite(exp) || !Number.isFinite(nbf)) {
    throw refused("its exp or nbf is not a time");
  }
  return {
    caller: deepFreeze({ kind: "authenticated", issuer, subject: sub, claims: payload }),
    expiresAtMs: exp * 1000,
    notBeforeMs: nbf * 1000,
  };
}

/**
 * Messages of jose name claims and never quote a value. Of any other error, only the kind is told.
 */
function describe(error: unknown): string {
  return error instanceof errors.JOSEError
    ? `${error.code}: ${error.message}`
    : `it could not be verified (${error instanceof Error ? error.name : typeof error})`;
}

function refused(logReason: string): UnauthenticatedError {
  return new UnauthenticatedError("refused", `bearer token refused: ${logReason}`);
}
