import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** A private key and a certificate of it, both in PEM. */
export interface SelfSignedCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** How long a certificate is valid: the emulator makes a new one at each start. */
const VALID_DAYS = 365;

/**
 * A certificate for local use, made at once and signed by itself: clients have to be told to trust
 * it. `hosts` are the DNS names and IP addresses that it is for. Written by hand in DER (X.509, RFC
 * 5280), because Node.js reads certificates and makes none.
 */
export function createSelfSignedCertificate(
  hosts: readonly string[],
  nowMs: number,
): SelfSignedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKeyInfo = publicKey.export({ type: "spki", format: "der" });
  const name = sequence(set(sequence(objectId("2.5.4.3"), utf8("Cosmos DB emulator"))));
  const signatureAlgorithm = sequence(objectId("1.2.840.10045.4.3.2"));
  const content = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    // A first byte of 1 keeps the serial number positive and free of leading zeros
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    signatureAlgorithm,
    name,
    sequence(time(nowMs - 86_400_000), time(nowMs + VALID_DAYS * 86_400_000)),
    name,
    publicKeyInfo,
    tagged(0xa3, sequence(...extensions(hosts, publicKeyInfo))),
  );
  const signature = sign("sha256", content, privateKey);
  const certificate = sequence(content, signatureAlgorithm, tagged(0x03, Buffer.of(0), signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: pem("CERTIFICATE", certificate),
  };
}

function extensions(hosts: readonly string[], publicKeyInfo: Buffer): readonly Buffer[] {
  const isTrue = tagged(0x01, Buffer.of(0xff));
  const names = hosts.map((host) =>
    isIP(host) === 0 ? tagged(0x82, Buffer.from(host, "ascii")) : tagged(0x87, addressBytes(host)),
  );
  const keyId = createHash("sha1").update(publicKeyInfo).digest();
  return [
    // Basic constraints: it may sign, since it signs itself
    sequence(objectId("2.5.29.19"), isTrue, octets(sequence(isTrue))),
    // Subject key identifier
    sequence(objectId("2.5.29.14"), octets(octets(keyId))),
    // Subject alternative names
    sequence(objectId("2.5.29.17"), octets(sequence(...names))),
  ];
}

/** The 4 or 16 bytes of an address. */
function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) {
    return Buffer.from(address.split(".").map(Number));
  }
  const [head = "", tail] = address.split("::");
  const groups = (text: string | undefined): readonly number[] =>
    text === undefined || text === ""
      ? []
      : text.split(":").map((group) => Number.parseInt(group, 16));
  const [front, back] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0);
  const bytes = Buffer.alloc(16);
  [...front, ...zeros, ...back].forEach((group, index) => {
    bytes.writeUInt16BE(group, index * 2);
  });
  return bytes;
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), derLength(content.length), content]);
}

function derLength(length: number): Buffer {
  if (length < 0x80) {
    return Buffer.of(length);
  }
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function set(...parts: readonly Buffer[]): Buffer {
  return tagged(0x31, ...parts);
}

function octets(content: Buffer): Buffer {
  return tagged(0x04, content);
}

function utf8(text: string): Buffer {
  return tagged(0x0c, Buffer.from(text));
}

/** A positive number. */
function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let high = part >> 7; high > 0; high >>= 7) {
      digits.unshift((high & 0x7f) | 0x80);
    }
    bytes.push(...digits);
  }
  return tagged(0x06, Buffer.from(bytes));
}

/** UTCTime: two digits of the year, as RFC 5280 wants it before 2050. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x17, Buffer.from(digits.slice(2), "ascii"));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
