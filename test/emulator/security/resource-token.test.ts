import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createResourceTokenSealer,
  type ResourceTokenClaims,
} from "../../../src/emulator/security/resource-token.ts";
import { anyCharacter } from "../../any-character.ts";

const secret = randomBytes(32);
const sealer = createResourceTokenSealer(secret);
const claims: ResourceTokenClaims = {
  userRid: "YV1WAAP1LAA=",
  userId: "someone@cool.net",
  permissionId: "orders",
  mode: "Read",
  resource: "dbs/shop/colls/orders",
  partitionKey: ["contoso"],
  startMs: 1_800_000_000_000,
  expiryMs: 1_800_003_600_000,
};

function signatureOf(resourceToken: string): string {
  return resourceToken.slice("type=resource&ver=1&sig=".length);
}

describe("a resource token", () => {
  test("has the service's form: 16 bytes, then a multiple of 16 bytes", () => {
    const form = /^type=resource&ver=1&sig=([A-Za-z0-9+/=]+);([A-Za-z0-9+/=]+);$/;
    const [, first = "", second = ""] = form.exec(sealer.seal(claims)) ?? [];
    expect(Buffer.from(first, "base64")).toHaveLength(16);
    expect(Buffer.from(second, "base64").length % 16).toBe(0);
  });

  test("differs at each mint and says the same", () => {
    const [first, second] = [sealer.seal(claims), sealer.seal(claims)];
    expect(first).not.toBe(second);
    expect(sealer.open(signatureOf(first))).toEqual(claims);
    expect(sealer.open(signatureOf(second))).toEqual(claims);
  });

  test("is opened by another sealer of the same secret, and by none of another", () => {
    const signature = signatureOf(sealer.seal(claims));
    expect(createResourceTokenSealer(secret).open(signature)).toEqual(claims);
    expect(createResourceTokenSealer(randomBytes(32)).open(signature)).toBeUndefined();
  });

  test("of an earlier release is opened as well", () => {
    const earlier = createResourceTokenSealer(Buffer.alloc(32, "a secret of the data directory"));
    expect(
      earlier.open(
        "C4A0X/IPC3apqOfig3IcJw==;Of1MMCPzrwLCWMgvq/e4zijxQ2GTJDgXjTKmsSGNljuB8rgwweH+nKIjhJk/JK7DAozNISZcQ8WqlqGNx5DyrgAVLT23V3Or638vLcmc7YUV0AQJBeQOOm2tdp/hjGtOgwX7QLwwKtCFqFzxzFVOpXuCIzO4y4KwSNlT2hw6dkYjNPLbu3iuky27+j10Z/OQrX7KgXzlG6UNR9mrphAruMi2yydZvK3B1DjDMsnEhjnmXNpFSAvle2rtdV3xSJsReMlBL9IATlzUxG6Q+e4W0/9nfQH/CNXIX9knBfD39t8=;",
      ),
    ).toEqual(claims);
  });

  test("is padded to whole blocks and no further, whatever its length", () => {
    for (let characters = 0; characters < 32; characters += 1) {
      const given = { ...claims, userId: "u".repeat(characters) };
      const [, body = ""] = signatureOf(sealer.seal(given)).split(";");
      const blocks = Math.ceil(JSON.stringify(given).length / 16);
      // One block more is what proves where it was made.
      expect(Buffer.from(body, "base64")).toHaveLength((blocks + 1) * 16);
      expect(sealer.open(signatureOf(sealer.seal(given)))).toEqual(given);
    }
  });

  test("opens as a whole, with nothing before it and nothing after it", () => {
    const signature = signatureOf(sealer.seal(claims));
    expect(sealer.open(`A${signature}`)).toBeUndefined();
    expect(sealer.open(`${signature}A`)).toBeUndefined();
    expect(sealer.open(signature.slice(0, -1))).toBeUndefined();
  });

  test("shows none of its claims", () => {
    const signature = signatureOf(sealer.seal(claims));
    const bytes = Buffer.concat(signature.split(";").map((part) => Buffer.from(part, "base64")));
    expect(bytes.toString("latin1")).not.toMatch(/someone|orders|contoso|Read/);
  });

  test("carries any text and any partition key unchanged", () => {
    const text = fc.string({ unit: anyCharacter, maxLength: 255 });
    const level = fc.oneof(
      text,
      fc.integer(),
      fc.constant(0.1),
      fc.boolean(),
      fc.constant(null),
      fc.constant({}),
    );
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(level, { minLength: 1, maxLength: 3 }),
        (userId, id, key) => {
          const given = { ...claims, userId, permissionId: id, partitionKey: key };
          expect(sealer.open(signatureOf(sealer.seal(given)))).toEqual(given);
        },
      ),
    );
  });

  test("does not open once a single byte is changed", () => {
    const signature = signatureOf(sealer.seal(claims));
    const parts = signature.split(";").map((part) => Buffer.from(part, "base64"));
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (position, mask) => {
        const [vector = Buffer.alloc(0), body = Buffer.alloc(0)] = parts.map((part) =>
          Buffer.from(part),
        );
        const at = position % (vector.length + body.length);
        const target = at < vector.length ? vector : body;
        const offset = at < vector.length ? at : at - vector.length;
        target.writeUInt8(target.readUInt8(offset) ^ mask, offset);
        expect(
          sealer.open(`${vector.toString("base64")};${body.toString("base64")};`),
        ).toBeUndefined();
      }),
    );
  });

  test.each(["", ";;", "abc;def;", "AAAAAAAAAAAAAAAAAAAAAA==;;", "AAAAAAAAAAAAAAAAAAAAAA==;AAAA;"])(
    "does not open from %j",
    (signature) => {
      expect(sealer.open(signature)).toBeUndefined();
    },
  );

  test("needs a secret of 32 bytes", () => {
    expect(() => createResourceTokenSealer(randomBytes(31))).toThrow("32 bytes");
  });
});
