import { GatewayError } from "../gateway-error.ts";

/**
 * A request that proved nothing. The client learns whether a bearer token was missing or bad, no
 * more.
 */
export class UnauthenticatedError extends GatewayError {
  readonly credential: "missing" | "refused";

  /** `logReason` says why, without the bearer token or any part of it. */
  constructor(credential: "missing" | "refused", logReason: string) {
    super(
      "UNAUTHENTICATED",
      credential === "missing"
        ? "Send a bearer token in the header Authorization."
        : "The bearer token is not valid here.",
      { logReason },
    );
    this.credential = credential;
  }
}

/**
 * The value of the header `WWW-Authenticate` for an error with HTTP status 401 (RFC 6750,
 * section 3): with `error="invalid_token"` where a credential was sent and refused.
 */
export function wwwAuthenticate(error: GatewayError): string {
  return error instanceof UnauthenticatedError && error.credential === "refused"
    ? 'Bearer realm="graphql", error="invalid_token"'
    : 'Bearer realm="graphql"';
}
