/** What stands in front of a signature is the same in all of them. */
const SIGNED = /^type=(?:resource|master)&ver=[^&]*&sig=(.+)$/;

/** Bytes that are shorter than this are no key and no signature. */
const MIN_BYTES = 16;

/**
 * The texts that give a secret away: itself without what all of its kind share, and the bytes of
 * those parts of it that are base64, one character a byte, as decoding finds them. The claims of a
 * bearer token are not among the bytes: a caller may see its own subject.
 */
export function secretForms(value: string): readonly string[] {
  const [, signature] = SIGNED.exec(value) ?? [];
  if (signature !== undefined) {
    return [signature, ...signature.split(";").flatMap(bytesOf)];
  }
  const bearerTokenParts = value.split(".");
  if (bearerTokenParts.length === 3 && value.startsWith("eyJ")) {
    return [value, ...bearerTokenParts.slice(2).flatMap(bytesOf)];
  }
  return [value, ...bytesOf(value)];
}

function bytesOf(base64: string): readonly string[] {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) {
    return [];
  }
  const bytes = Buffer.from(base64, "base64").toString("latin1");
  return bytes.length < MIN_BYTES ? [] : [bytes];
}
