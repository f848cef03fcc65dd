/**
 * The `_rid`s of resources: 4 bytes for a database, 8 for a container (database first, the highest
 * bit of the fifth byte set, which tells it from a user), 16 for an item, a permission or a script.
 * Written in base64 with `-` in place of `/`.
 */
export function encodeResourceId(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replaceAll("/", "-");
}

/** Undefined: the text is no resource id. */
export function decodeResourceId(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+-]+={0,2}$/.test(text)) {
    return undefined;
  }
  const bytes = Buffer.from(text.replaceAll("-", "/"), "base64");
  return encodeResourceId(bytes) === text ? bytes : undefined;
}

/** Spreads counted numbers over 32 bits without ever meeting twice: an odd factor permutes them. */
function scatter(count: number): number {
  return Math.imul(count, 0x9e3779b1) >>> 0;
}

/** `count` is the database's number within the account, from 1. */
export function databaseResourceId(count: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(scatter(count));
  return encodeResourceId(bytes);
}

/** `count` is the container's number within its database, from 1. */
export function containerResourceId(databaseRid: string, count: number): string {
  const own = Buffer.alloc(4);
  own.writeUInt32BE((scatter(count) | 0x80000000) >>> 0);
  return encodeResourceId(Buffer.concat([requireBytes(databaseRid), own]));
}

/**
 * A resource under a container; `count` orders items as they were created: it lies in the last 8
 * bytes, lowest first.
 */
export function itemResourceId(containerBytes: Uint8Array, count: number): string {
  const bytes = Buffer.alloc(16);
  bytes.set(containerBytes);
  bytes.writeUInt32LE(count >>> 0, 8);
  bytes.writeUInt32LE(Math.floor(count / 0x100000000), 12);
  return encodeResourceId(bytes);
}

/** What `itemResourceId` was given; undefined for a text that is no item's `_rid`. */
export function itemNumber(rid: string): number | undefined {
  const bytes = decodeResourceId(rid);
  return bytes?.length === 16
    ? bytes.readUInt32LE(8) + bytes.readUInt32LE(12) * 0x100000000
    : undefined;
}

/** The bytes of a `_rid` that the emulator made itself. */
export function requireBytes(rid: string): Buffer {
  const bytes = decodeResourceId(rid);
  if (bytes === undefined) {
    throw new Error(`Not a resource id: ${rid}`);
  }
  return bytes;
}
