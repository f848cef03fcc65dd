import { murmur32, murmur128 } from "./murmur-hash.ts";
import type {
  PartitionKey,
  PartitionKeyComponent,
  PartitionKeyDefinition,
} from "./stored-partition-key.ts";

/**
 * Type markers of the service's binary encoding, as its SDKs hold them
 * (`utils/hashing/encoding/prefix`).
 */
const MARKER = {
  undefined: 0x00,
  null: 0x01,
  false: 0x02,
  true: 0x03,
  number: 0x05,
  string: 0x08,
  infinity: 0xff,
};

/** A version 1 hash regards only so many characters of a string. */
const VERSION1_STRING_LENGTH = 100;

/**
 * Where a partition key lies on the ring, as upper-case hexadecimal text: by it the service assigns
 * keys to physical partitions. For a prefix of a hierarchical key, the start of the range that all
 * its keys lie in.
 */
export function effectivePartitionKey(
  key: PartitionKey,
  definition: PartitionKeyDefinition,
): string {
  if (key.length === 0) {
    return "";
  }
  if (definition.kind === "MultiHash") {
    return key.map((component) => hashVersion2([component])).join("");
  }
  return definition.version === 2 ? hashVersion2(key) : hashVersion1(key[0]);
}

/**
 * `[min, max)` on the ring for an end of a range that `n` equal physical partitions share: where
 * number `index` starts.
 */
export function rangeBoundary(
  index: number,
  count: number,
  definition: PartitionKeyDefinition,
): string {
  if (index === 0) {
    return "";
  }
  if (index === count) {
    return "FF";
  }
  if (definition.kind === "Hash" && definition.version === 1) {
    return hex(encodeNumber(Math.floor((index * 0x100000000) / count)));
  }
  // The two highest bits of a version 2 hash are always zero
  const start = (BigInt(index) << 126n) / BigInt(count) - 1n;
  return start.toString(16).toUpperCase().padStart(32, "0");
}

function hashVersion1(component: PartitionKeyComponent): string {
  const value =
    typeof component === "string" ? component.slice(0, VERSION1_STRING_LENGTH) : component;
  const hash = murmur32(hashInput(value, MARKER.undefined));
  return hex(encodeNumber(hash), encodeComponent(value));
}

function hashVersion2(key: PartitionKey): string {
  const input = Buffer.concat(key.map((component) => hashInput(component, MARKER.infinity)));
  const [low, high] = murmur128(input);
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(high, 0);
  bytes.writeBigUInt64BE(low, 8);
  bytes.writeUInt8(bytes.readUInt8(0) & 0x3f, 0);
  return hex(bytes);
}

function hashInput(component: PartitionKeyComponent, stringEnd: number): Buffer {
  if (typeof component === "string") {
    return Buffer.concat([Buffer.of(MARKER.string), Buffer.from(component), Buffer.of(stringEnd)]);
  }
  if (typeof component === "number") {
    const bytes = Buffer.alloc(9);
    bytes.writeUInt8(MARKER.number, 0);
    bytes.writeDoubleLE(component, 1);
    return bytes;
  }
  return Buffer.of(simpleMarker(component));
}

function simpleMarker(component: boolean | null | undefined): number {
  if (component === undefined) {
    return MARKER.undefined;
  }
  if (component === null) {
    return MARKER.null;
  }
  return component ? MARKER.true : MARKER.false;
}

function encodeComponent(component: PartitionKeyComponent): Buffer {
  if (typeof component === "number") {
    return encodeNumber(component);
  }
  if (typeof component !== "string") {
    return Buffer.of(simpleMarker(component));
  }
  const text = Buffer.from(component);
  const isShort = component.length <= VERSION1_STRING_LENGTH;
  const shown = isShort ? text : text.subarray(0, VERSION1_STRING_LENGTH + 1);
  const shifted = shown.map((byte) => (byte < 0xff ? byte + 1 : byte));
  return Buffer.concat([
    Buffer.of(MARKER.string),
    shifted,
    isShort ? Buffer.of(MARKER.undefined) : Buffer.alloc(0),
  ]);
}

/**
 * Order-preserving bytes of a double: sign folded away, then 8 bits and groups of 7, the lowest bit
 * saying "more follows".
 */
function encodeNumber(value: number): Buffer {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const raw = view.getBigUint64(0);
  const signBit = 0x8000000000000000n;
  let payload = BigInt.asUintN(64, raw < signBit ? raw ^ signBit : ~raw + 1n);
  const bytes = [MARKER.number, Number(payload >> 56n)];
  payload = BigInt.asUintN(64, payload << 8n);
  let pending: number | undefined;
  do {
    if (pending !== undefined) {
      bytes.push(pending);
    }
    pending = Number(payload >> 56n) | 0x01;
    payload = BigInt.asUintN(64, payload << 7n);
  } while (payload !== 0n);
  const last = pending & 0xfe;
  if (last !== 0) {
    bytes.push(last);
  }
  return Buffer.from(bytes);
}

function hex(...parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("hex").toUpperCase();
}
