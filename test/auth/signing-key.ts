import { CompactSign, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** A key pair of a test's issuer, and tokens signed with it. */
export interface SigningKey {
  readonly publicJwk: Record<string, unknown>;
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** Signs a payload as it is written, for what no builder of tokens lets through. */
  signText(payload: string): Promise<string>;
}

export async function createSigningKey(
  options: { readonly alg?: string; readonly kid?: string } = {},
): Promise<SigningKey> {
  const { alg = "ES256", kid } = options;
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const identity = kid === undefined ? {} : { kid };
  return {
    publicJwk: { ...(await exportJWK(publicKey)), ...identity },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, ...identity, ...header }).sign(privateKey),
    signText: (payload) =>
      new CompactSign(new TextEncoder().encode(payload))
        .setProtectedHeader({ alg, ...identity })
        .sign(privateKey),
  };
}
