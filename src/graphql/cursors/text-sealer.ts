import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** What a sealed text belongs to; it opens for nothing else. Any JSON. */
export type SealScope = unknown;

export interface TextSealer {
  /** Equal texts in equal scopes give equal results, so clients can use them as keys. */
  seal(text: string, scope: SealScope): string;
  /** Undefined for text that was altered, or sealed in another scope or for another purpose. */
  open(sealed: string, scope: SealScope): string | undefined;
}

const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** A key, or a function that gives those of the moment: the first seals, each opens. */
export type SealingKeys = Uint8Array | (() => readonly Uint8Array[]);

/**
 * Seals with the first of the keys, and opens with each of them, so that a key can be rolled.
 *
 * @param keys each as `createKeySealer` takes it.
 * @param purpose keeps apart what one key seals.
 */
export function createTextSealer(keys: SealingKeys, purpose: string): TextSealer {
  const currentKeys = typeof keys === "function" ? keys : () => [keys];
  const sealers = new WeakMap<Uint8Array, TextSealer>();
  const sealersNow = () =>
    currentKeys().map((key) => {
      const sealer = sealers.get(key) ?? createKeySealer(key, purpose);
      sealers.set(key, sealer);
      return sealer;
    });
  const [sealer] = sealersNow();
  if (sealer === undefined) {
    throw new Error("A sealer needs a key.");
  }
  return {
    seal: (text, scope) => (sealersNow()[0] ?? sealer).seal(text, scope),
    open: (sealed, scope) => {
      for (const each of sealersNow()) {
        const text = each.open(sealed, scope);
        if (text !== undefined) {
          return text;
        }
      }
      return undefined;
    },
  };
}

/**
 * Seals with a synthetic initialization vector: the HMAC-SHA256 of scope and text authenticates
 * both and is the vector of AES-256-CTR. Unlike a random vector it may be used any number of times,
 * and it makes the result repeatable.
 *
 * @param key at least 16 bytes that all replicas of the gateway share, so that each opens what the
 * others sealed. The key may have other uses, too: two keys are derived from it.
 * @param purpose keeps apart what one key seals.
 */
function createKeySealer(key: Uint8Array, purpose: string): TextSealer {
  if (key.length < 16) {
    throw new Error("The cursor key needs at least 16 bytes.");
  }
  const derive = (use: string) =>
    Buffer.from(hkdfSync("sha256", key, "", `cosmos-graphql-gateway ${purpose} ${use}`, KEY_BYTES));
  const authenticationKey = derive("authentication");
  const encryptionKey = derive("encryption");
  const tagOf = (text: Uint8Array, scope: SealScope) =>
    createHmac("sha256", authenticationKey)
      // The length keeps every scope apart from every text.
      .update(withLength(canonicalJson(scope)))
      .update(text)
      .digest()
      .subarray(0, TAG_BYTES);

  return {
    seal(text, scope) {
      const bytes = Buffer.from(text);
      const tag = tagOf(bytes, scope);
      const cipher = createCipheriv("aes-256-ctr", encryptionKey, tag);
      return Buffer.concat([tag, cipher.update(bytes), cipher.final()]).toString("base64url");
    },
    open(sealed, scope) {
      const bytes = Buffer.from(sealed, "base64url");
      // Node.js skips characters that aren't base64url, so the text is compared with the one that
      // was given out.
      if (bytes.length <= TAG_BYTES || bytes.toString("base64url") !== sealed) {
        return undefined;
      }
      const tag = bytes.subarray(0, TAG_BYTES);
      const decipher = createDecipheriv("aes-256-ctr", encryptionKey, tag);
      const text = Buffer.concat([decipher.update(bytes.subarray(TAG_BYTES)), decipher.final()]);
      return timingSafeEqual(tag, tagOf(text, scope)) ? text.toString() : undefined;
    },
  };
}

function withLength(text: string): string {
  return `${Buffer.byteLength(text)}:${text}`;
}
