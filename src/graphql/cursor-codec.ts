import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from "node:crypto";
import { GatewayError } from "../gateway-error.ts";
import type { PagePosition } from "../items/sql/page-position.ts";
import type { PartitionKey } from "../partition-key.ts";
import { canonicalJson } from "./canonical-json.ts";

/** What a cursor belongs to; it opens for nothing else. Any JSON. */
export type CursorScope = unknown;

export interface CursorCodec {
  /** Equal positions in equal scopes give equal cursors, so clients can use them as keys. */
  seal(position: PagePosition, scope: CursorScope): string;
  /** @throws GatewayError BAD_USER_INPUT for a cursor that was altered, or sealed in another scope. */
  open(cursor: string, scope: CursorScope): PagePosition;
}

const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Cursors are sealed with a synthetic initialization vector: the HMAC-SHA256 of scope and position
 * authenticates both and is the vector of AES-256-CTR. Unlike a random vector it may be used any
 * number of times, and it makes cursors repeatable. A cursor shows nothing of the item it points to.
 *
 * @param key at least 16 bytes that all replicas of the gateway share, so that each opens the
 * others' cursors. What else the key is used for doesn't matter: two keys are derived from it.
 */
export function createCursorCodec(key: Uint8Array): CursorCodec {
  if (key.length < 16) {
    throw new Error("The cursor key needs at least 16 bytes.");
  }
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", key, "", `cosmos-graphql-gateway cursor ${purpose}`, KEY_BYTES));
  const authenticationKey = derive("authentication");
  const encryptionKey = derive("encryption");
  const tagOf = (text: Uint8Array, scope: CursorScope) =>
    createHmac("sha256", authenticationKey)
      // The length keeps scope and text apart, whatever they hold.
      .update(withLength(canonicalJson(scope)))
      .update(text)
      .digest()
      .subarray(0, TAG_BYTES);

  return {
    seal(position, scope) {
      const text = Buffer.from(serialize(position));
      const tag = tagOf(text, scope);
      const cipher = createCipheriv("aes-256-ctr", encryptionKey, tag);
      return Buffer.concat([tag, cipher.update(text), cipher.final()]).toString("base64url");
    },
    open(cursor, scope) {
      const bytes = Buffer.from(cursor, "base64url");
      // Node.js skips what isn't base64url; a cursor must be exactly what was given out.
      if (bytes.length <= TAG_BYTES || bytes.toString("base64url") !== cursor) {
        throw foreignCursor();
      }
      const tag = bytes.subarray(0, TAG_BYTES);
      const decipher = createDecipheriv("aes-256-ctr", encryptionKey, tag);
      const text = Buffer.concat([decipher.update(bytes.subarray(TAG_BYTES)), decipher.final()]);
      if (!timingSafeEqual(tag, tagOf(text, scope))) {
        throw foreignCursor();
      }
      return deserialize(text.toString());
    },
  };
}

function foreignCursor(): GatewayError {
  return new GatewayError(
    "BAD_USER_INPUT",
    "This cursor is not one of this list: it was altered, or comes from another operation, other arguments or another caller. Start again without `after`.",
  );
}

function withLength(text: string): string {
  return `${Buffer.byteLength(text)}:${text}`;
}

/** A missing value is an empty list and any other is a list of one: JSON has no undefined. */
function serialize({ values, id, partitionKeys }: PagePosition): string {
  const boxed = values.map((value) => (value === undefined ? [] : [value]));
  return JSON.stringify([boxed, id, partitionKeys]);
}

function deserialize(text: string): PagePosition {
  // The tag proves that `serialize` wrote it.
  const [boxed, id, partitionKeys] = JSON.parse(text) as [
    readonly (readonly unknown[])[],
    string,
    readonly PartitionKey[],
  ];
  return { values: boxed.map((box) => box[0]), id, partitionKeys };
}
