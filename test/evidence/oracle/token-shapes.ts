/** What a token looks like in lower case, whichever it is: none belongs into what leaves. */
export interface TokenShape {
  readonly name: string;
  readonly pattern: RegExp;
}

export const TOKEN_SHAPES: readonly TokenShape[] = [
  // One character of the signature is enough: what is cut off after it was a token.
  { name: "a resource token", pattern: /type=resource&ver=[^&\s]{0,8}&sig=[a-z0-9+/_-]/ },
  {
    name: "a signature of the account key",
    pattern: /type=master&ver=[^&\s]{0,8}&sig=[a-z0-9+/_-]/,
  },
  // The header and a beginning of the claims, whether the signature follows or not.
  { name: "a bearer token", pattern: /eyj[\w-]{8,}\.eyj[\w-]{4,}/ },
];
