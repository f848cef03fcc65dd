import { decodeResourceId, encodeResourceId, requireBytes } from "../resources/resource-id.ts";

const DATABASE_BYTES = 4;
const USER_BYTES = 8;
const PERMISSION_BYTES = 16;

/**
 * The rid of a database's nth user: 8 bytes, the highest bit of the fifth one clear (set, it is a
 * container's).
 */
export function userResourceId(databaseRid: string, number: number): string {
  const own = Buffer.alloc(USER_BYTES - DATABASE_BYTES);
  own.writeUInt32BE(number & 0x7fffffff);
  return encodeResourceId(Buffer.concat([requireBytes(databaseRid), own]));
}

/** The rid of a user's nth permission: 16 bytes. */
export function permissionResourceId(userRid: string, number: number): string {
  const own = Buffer.alloc(PERMISSION_BYTES - USER_BYTES);
  own.writeBigUInt64LE(BigInt(number));
  return encodeResourceId(Buffer.concat([requireBytes(userRid), own]));
}

/** The number in a user's rid; 0 for a text that is none. */
export function userNumber(rid: string): number {
  const bytes = decodeResourceId(rid);
  return bytes?.length === USER_BYTES ? bytes.readUInt32BE(DATABASE_BYTES) : 0;
}

/** The number in a permission's rid; 0 for a text that is none. */
export function permissionNumber(rid: string): number {
  const bytes = decodeResourceId(rid);
  return bytes?.length === PERMISSION_BYTES ? Number(bytes.readBigUInt64LE(USER_BYTES)) : 0;
}
