import type { CosmosRequest } from "../http/cosmos-request.ts";
import { notValidNow, unauthorized } from "../service-errors.ts";
import { parseAuthorizationHeader } from "./authorization-header.ts";
import { isSignedWithAny, signaturePayload, signedForms } from "./master-key-signature.ts";
import type { ResourceTokenClaims, ResourceTokenSealer } from "./resource-token.ts";

/** What a request proved: that it has an account key, or a resource token of some permission. */
export type Authorization =
  | { readonly kind: "master" }
  | { readonly kind: "resource"; readonly claims: ResourceTokenClaims };

export interface AuthenticationOptions {
  /** Account keys, base64. Each of them is valid. */
  readonly keys: readonly string[];
  readonly sealer: ResourceTokenSealer;
  /** The emulator's clock, which a test may have advanced: for resource tokens. */
  readonly nowMs: number;
  /**
   * The machine's clock, for `x-ms-date`: a client does not see that the emulator's clock was
   * advanced. Default `nowMs`.
   */
  readonly machineNowMs?: number;
  /**
   * How long before its start and after its end a resource token is still taken. Default 300
   * seconds, which is what was measured; 15 minutes are documented:
   * https://learn.microsoft.com/azure/cosmos-db/concepts-limits
   */
  readonly graceSeconds?: number;
  /** How far `x-ms-date` may be from the machine's time. Default 900 seconds. */
  readonly clockSkewSeconds?: number;
}

/** `Thu, 27 Apr 2017 00:51:12 GMT` */
const HTTP_DATE = /^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Who sends a request.
 *
 * @throws CosmosError 401 for an authorization header that is missing, malformed or wrong, 403 for
 *   one that is out of its time.
 */
export function authenticate(
  request: CosmosRequest,
  options: AuthenticationOptions,
): Authorization {
  const { type, signature } = parseAuthorizationHeader(request.headers.authorization);
  switch (type) {
    case "resource":
      return { kind: "resource", claims: openResourceToken(signature, options) };
    case "master":
      checkMasterKey(request, signature, options);
      return { kind: "master" };
    default:
      throw unauthorized(`The authorization type '${type.slice(0, 32)}' is not supported.`);
  }
}

function openResourceToken(
  signature: string,
  { sealer, nowMs, graceSeconds = 300 }: AuthenticationOptions,
): ResourceTokenClaims {
  const claims = sealer.open(signature);
  if (claims === undefined) {
    throw unauthorized(
      "The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol.",
    );
  }
  const { startMs, expiryMs } = claims;
  const graceMs = graceSeconds * 1000;
  if (nowMs < startMs - graceMs || nowMs > expiryMs + graceMs) {
    throw notValidNow(startMs, expiryMs, nowMs);
  }
  return claims;
}

function checkMasterKey(
  request: CosmosRequest,
  signature: string,
  { keys, nowMs, machineNowMs = nowMs, clockSkewSeconds = 900 }: AuthenticationOptions,
): void {
  const xMsDate = request.headers["x-ms-date"] ?? "";
  const date = xMsDate === "" ? (request.headers.date ?? "") : "";
  const signedDate = xMsDate === "" ? date : xMsDate;
  const signedMs = HTTP_DATE.test(signedDate) ? Date.parse(signedDate) : Number.NaN;
  if (Number.isNaN(signedMs)) {
    throw unauthorized(
      "Authorization token mandates Date header. Please pass in RFC 1123 style date format.",
    );
  }
  const payloads = signedForms(request).map((form) =>
    signaturePayload({ method: request.method, ...form, xMsDate, date }),
  );
  if (!isSignedWithAny(signature, payloads, keys)) {
    throw unauthorized(
      `The input authorization token can't serve the request. Please check that the expected payload is built as per the protocol, and check the key being used. Server used the following payload to sign: '${payloads[0]}'`,
    );
  }
  if (Math.abs(machineNowMs - signedMs) > clockSkewSeconds * 1000) {
    throw notValidNow(signedMs, signedMs, machineNowMs);
  }
}
