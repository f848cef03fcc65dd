import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { HeaderKeyValue } from "../http/partition-key-header.ts";
import type { PermissionMode } from "../users/permission-mode.ts";

/**
 * Everything that a resource token says, sealed inside it. Nothing is looked up when it is used.
 */
export interface ResourceTokenClaims {
  readonly userRid: string;
  readonly userId: string;
  readonly permissionId: string;
  readonly mode: PermissionMode;
  /** The permission's resource link as written: names or rids. */
  readonly resource: string;
  /** Absent: every partition under the link. */
  readonly partitionKey?: readonly HeaderKeyValue[];
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  /** Milliseconds since the epoch. */
  readonly expiryMs: number;
}

/** Seals claims into tokens and opens them again. */
export interface ResourceTokenSealer {
  /** A token, `type=resource&ver=1&sig=…;…;`, different at each call. */
  seal(claims: ResourceTokenClaims): string;
  /** The claims in the `sig` part of a token; undefined if no sealer of this secret made it. */
  open(signature: string): ResourceTokenClaims | undefined;
}

/**
 * The service's tokens have two base64 parts, the first of 16 bytes and the second of a multiple of
 * 16: https://github.com/Azure/azure-sdk-for-rust has recordings. Here they are the initialization
 * vector, and the encrypted claims with their authentication tag.
 */
const BLOCK_BYTES = 16;
const SIGNATURE = /^([A-Za-z0-9+/]{22}==);([A-Za-z0-9+/]+={0,2});$/;
const CIPHER = "aes-256-gcm";

/**
 * A sealer; another one of the same secret opens its tokens, also after a restart.
 *
 * @param secret 32 random bytes or more. Not an account key: rolling the keys ends no token.
 */
export function createResourceTokenSealer(secret: Uint8Array): ResourceTokenSealer {
  if (secret.length < 32) {
    throw new Error("The secret of resource tokens needs 32 bytes.");
  }
  const key = Buffer.from(hkdfSync("sha256", secret, "", "resource tokens", 32));

  return {
    seal(claims) {
      const vector = randomBytes(BLOCK_BYTES);
      const cipher = createCipheriv(CIPHER, key, vector, { authTagLength: BLOCK_BYTES });
      const plain = pad(Buffer.from(JSON.stringify(claims)));
      const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      return `type=resource&ver=1&sig=${vector.toString("base64")};${sealed.toString("base64")};`;
    },

    open(signature) {
      const [, vector, body] = SIGNATURE.exec(signature) ?? [];
      if (vector === undefined || body === undefined) {
        return undefined;
      }
      const sealed = Buffer.from(body, "base64");
      const decipher = createDecipheriv(CIPHER, key, Buffer.from(vector, "base64"), {
        authTagLength: BLOCK_BYTES,
      });
      let plain: Buffer;
      try {
        // A body that is too short to hold one makes it throw.
        decipher.setAuthTag(sealed.subarray(-BLOCK_BYTES));
        plain = Buffer.concat([
          decipher.update(sealed.subarray(0, -BLOCK_BYTES)),
          decipher.final(),
        ]);
      } catch {
        return undefined;
      }
      // What the tag has proved to be sealed here needs no further check.
      return JSON.parse(plain.toString()) as ResourceTokenClaims;
    },
  };
}

/** Spaces after JSON change nothing when it is parsed, so padding needs no mark of its own. */
function pad(json: Buffer): Buffer {
  const padding = (BLOCK_BYTES - (json.length % BLOCK_BYTES)) % BLOCK_BYTES;
  return Buffer.concat([json, Buffer.alloc(padding, " ")]);
}
