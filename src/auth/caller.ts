/** Who a request proved to be. */
export type Caller = AuthenticatedCaller | AnonymousCaller;

export interface AuthenticatedCaller {
  readonly kind: "authenticated";
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A request without a bearer token, where the configuration lets those in. */
export interface AnonymousCaller {
  readonly kind: "anonymous";
}
