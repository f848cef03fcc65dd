import { createPublicKey } from "node:crypto";
import { resolve } from "node:path";
import { isJsonObject, type JsonObject } from "../cosmos/json-object.ts";
import { readFailure } from "./substitute-variables.ts";

export type KeySet = { readonly keys: readonly JsonObject[] };

/** A key set that was read, or what was expected and found instead. */
export type KeySetReading =
  | { readonly ok: true; readonly keySet: KeySet }
  | { readonly ok: false; readonly expected: string; readonly found: string };

/** Longest key set that is read from anywhere, in bytes. A key takes a few hundred. */
export const MAX_KEY_SET_BYTES = 1024 * 1024;

/** Members of a JSON Web Key that only its owner may have (RFC 7518, and `priv` of RFC 9964). */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/** Shorter RSA keys are refused when a token is verified (RFC 7518, section 3.3). */
const MIN_RSA_BITS = 2048;

/**
 * Reads a JSON Web Key Set from a file. Refuses what doesn't belong in one that the gateway reads:
 * a private key, a symmetric one, and one that is not well-formed. Nothing of the file is quoted.
 */
export function readKeySet(
  file: string,
  { folder, readFile }: { readonly folder: string; readonly readFile: (path: string) => string },
): KeySetReading {
  const path = resolve(folder, file);
  const expected = `a JSON Web Key Set with public keys in ${path}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFile(path));
  } catch (error) {
    const found = error instanceof SyntaxError ? "text that is not JSON" : readFailure(error);
    return { ok: false, expected, found };
  }
  const keys = isJsonObject(parsed) && Array.isArray(parsed.keys) ? parsed.keys : undefined;
  if (keys === undefined || keys.length === 0) {
    return { ok: false, expected, found: keys === undefined ? "no list `keys`" : "no key" };
  }
  const faults = keys.flatMap((key: unknown, index) => {
    const fault = keyFault(key);
    return fault === undefined ? [] : [`keys[${index}] ${fault}`];
  });
  return faults.length > 0
    ? { ok: false, expected, found: faults.join(", ") }
    : { ok: true, keySet: { keys: keys.filter(isJsonObject) } };
}

function keyFault(key: unknown): string | undefined {
  if (!isJsonObject(key)) {
    return "is not a key";
  }
  if (key.kty === "oct") {
    return "is symmetric: anyone who can check a token with it can forge one";
  }
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member))) {
    return "is private: publish the public part alone, and replace the key";
  }
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key, format: "jwk" });
    const bits = asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
    return asymmetricKeyType === "rsa" && bits < MIN_RSA_BITS
      ? `is an RSA key of ${bits} bits; the least is ${MIN_RSA_BITS}`
      : undefined;
  } catch {
    return "is not a well-formed public key";
  }
}
