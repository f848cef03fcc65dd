/**
 * The order of `_rid`s in a scan. The last 8 bytes of an item's `_rid` number it within its
 * container, lowest byte first, so plain text order is not the order of creation. Texts that are no
 * such `_rid` go by length, then as text.
 */
export function compareRids(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  const a = itemNumber(left);
  const b = itemNumber(right);
  if (a !== undefined && b !== undefined && a !== b) {
    return a < b ? -1 : 1;
  }
  return left.length - right.length || (left < right ? -1 : 1);
}

function itemNumber(rid: string): bigint | undefined {
  // 16 bytes in base64, where `-` stands for `/`
  if (rid.length !== 24 || !/^[A-Za-z0-9+/-]{22}==$/.test(rid)) {
    return undefined;
  }
  return Buffer.from(rid.replaceAll("-", "/"), "base64").readBigUInt64LE(8);
}
