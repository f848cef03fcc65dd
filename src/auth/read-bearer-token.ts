import { UnauthenticatedError } from "./unauthenticated-error.ts";

/**
 * Longest bearer token, in characters. Node.js refuses header lines above 16 KiB anyway; this
 * bounds the work for servers that allow more.
 */
const MAX_BEARER_TOKEN_LENGTH = 16_384;

/** One scheme, spaces, one `b64token` of RFC 6750. The scheme's case doesn't count (RFC 9110). */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/**
 * The bearer token in a header Authorization; undefined if there is no such header.
 *
 * @throws UnauthenticatedError for a header of any other form.
 */
export function readBearerToken(authorizationHeader: string | undefined): string | undefined {
  if (authorizationHeader === undefined) {
    return undefined;
  }
  if (authorizationHeader.length > MAX_BEARER_TOKEN_LENGTH + "Bearer ".length) {
    throw new UnauthenticatedError(
      "refused",
      `the header Authorization is longer than ${MAX_BEARER_TOKEN_LENGTH} characters`,
    );
  }
  const bearerToken = BEARER.exec(authorizationHeader)?.[1];
  if (bearerToken === undefined) {
    throw new UnauthenticatedError(
      "refused",
      "the header Authorization does not have the form `Bearer TOKEN`",
    );
  }
  return bearerToken;
}
