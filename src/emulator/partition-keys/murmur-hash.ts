/**
 * MurmurHash3, as published by Austin Appleby (public domain): the two variants that Cosmos DB
 * partitions by.
 */

function rotateLeft32(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** The x86 variant of 32 bits, seed 0. */
export function murmur32(bytes: Uint8Array): number {
  const mix = (k: number): number =>
    Math.imul(rotateLeft32(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
  const length = bytes.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let hash = 0;
  let offset = 0;
  for (; offset + 4 <= length; offset += 4) {
    hash ^= mix(view.getUint32(offset, true));
    hash = (Math.imul(rotateLeft32(hash, 13), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let index = length - 1; index >= offset; index--) {
    tail = (tail << 8) | (bytes[index] ?? 0);
  }
  if (offset < length) {
    hash ^= mix(tail);
  }
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const MASK64 = 0xffffffffffffffffn;

function multiply64(left: bigint, right: bigint): bigint {
  return (left * right) & MASK64;
}

function rotateLeft64(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK64;
}

function finish64(value: bigint): bigint {
  let hash = multiply64(value ^ (value >> 33n), 0xff51afd7ed558ccdn);
  hash = multiply64(hash ^ (hash >> 33n), 0xc4ceb9fe1a85ec53n);
  return hash ^ (hash >> 33n);
}

/** The x64 variant of 128 bits, seed 0, as its two halves. */
export function murmur128(bytes: Uint8Array): readonly [bigint, bigint] {
  const c1 = 0x87c37b91114253d5n;
  const c2 = 0x4cf5ad432745937fn;
  const mix1 = (k: bigint): bigint => multiply64(rotateLeft64(multiply64(k, c1), 31n), c2);
  const mix2 = (k: bigint): bigint => multiply64(rotateLeft64(multiply64(k, c2), 33n), c1);
  const length = BigInt(bytes.length);
  // Padded with zeros to whole blocks. A zero half mixes to zero, so the tail needs no own case.
  const blocks = Math.ceil(bytes.length / 16);
  const padded = new Uint8Array(blocks * 16);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  let h1 = 0n;
  let h2 = 0n;
  for (let block = 0; block < blocks; block++) {
    h1 ^= mix1(view.getBigUint64(block * 16, true));
    const isTail = block === blocks - 1 && bytes.length % 16 !== 0;
    if (!isTail) {
      h1 = (multiply64((rotateLeft64(h1, 27n) + h2) & MASK64, 5n) + 0x52dce729n) & MASK64;
    }
    h2 ^= mix2(view.getBigUint64(block * 16 + 8, true));
    if (!isTail) {
      h2 = (multiply64((rotateLeft64(h2, 31n) + h1) & MASK64, 5n) + 0x38495ab5n) & MASK64;
    }
  }
  h1 ^= length;
  h2 ^= length;
  h1 = (h1 + h2) & MASK64;
  h2 = (h2 + h1) & MASK64;
  h1 = finish64(h1);
  h2 = finish64(h2);
  h1 = (h1 + h2) & MASK64;
  h2 = (h2 + h1) & MASK64;
  return [h1, h2];
}
