import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import type { IssuerKeySource } from "../../src/auth/issuer-keys.ts";
import { verifyBearerToken } from "../../src/auth/verify-bearer-token.ts";
import { GatewayError } from "../../src/gateway-error.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";

const NOW_SECONDS = 1_900_000_000;
const ISSUER = "https://login.contoso.com/";
const GOOD = { iss: ISSUER, aud: "api://shop", sub: "ann", exp: NOW_SECONDS + 600 };

let key: SigningKey;

beforeAll(async () => {
  key = await createSigningKey({ kid: "one" });
});

function keysOf(...keys: readonly SigningKey[]): IssuerKeySource["find"] {
  const keySet = { keys: keys.map(({ publicJwk }) => publicJwk) };
  return createLocalJWKSet(keySet as unknown as JSONWebKeySet);
}

function verify(bearerToken: string, find = keysOf(key)) {
  const issuer = {
    issuer: ISSUER,
    audience: "api://shop",
    algorithms: ["ES256" as const],
    keys: { kind: "inline" as const, jwks: { keys: [] } },
    keySource: { find, probe: () => Promise.resolve() },
  };
  return verifyBearerToken(bearerToken, {
    issuers: new Map([[ISSUER, issuer]]),
    clock: { nowMs: () => NOW_SECONDS * 1000 },
  });
}

function refusal(logReason: unknown) {
  return expect.objectContaining({ code: "UNAUTHENTICATED", logReason });
}

describe("a verified bearer token", () => {
  test("tells from when to when it may be believed, in milliseconds and without tolerance", async () => {
    expect(await verify(await key.sign(GOOD))).toMatchObject({
      expiresAtMs: (NOW_SECONDS + 600) * 1000,
      notBeforeMs: 0,
    });
    const bounded = await key.sign({ ...GOOD, nbf: NOW_SECONDS - 5 });
    expect(await verify(bounded)).toMatchObject({ notBeforeMs: (NOW_SECONDS - 5) * 1000 });
  });

  test("names one caller, whose claims nobody can change", async () => {
    const { caller } = await verify(await key.sign(GOOD));
    expect(caller).toEqual({
      kind: "authenticated",
      issuer: ISSUER,
      subject: "ann",
      claims: GOOD,
    });
    expect(Object.isFrozen(caller)).toBe(true);
  });
});

describe("the reason of a refusal", () => {
  test.each(["JWT2", "xjwt", "at+at+jwt", "application/logout+jwt", "", 7])(
    "is the typ %j",
    async (typ) => {
      await expect(verify(await key.sign(GOOD, { typ }))).rejects.toThrow(
        refusal("bearer token refused: its typ is not that of an access token"),
      );
    },
  );

  test("is an issuer that is not configured, of which 200 characters are told", async () => {
    const told = JSON.stringify(`https://${"x".repeat(192)}`);
    const bearerToken = await key.sign({ ...GOOD, iss: `https://${"x".repeat(500)}` });
    await expect(verify(bearerToken)).rejects.toThrow(
      refusal(`bearer token refused: its issuer is not configured: ${told}`),
    );
  });

  test.each([undefined, 7])("is that it names no issuer: %j", async (iss) => {
    const payload = JSON.stringify({ ...GOOD, iss });
    await expect(verify(await key.signText(payload))).rejects.toThrow(
      refusal("bearer token refused: it names no issuer"),
    );
  });

  test("is that it is no JWT", async () => {
    await expect(verify("a.b.c")).rejects.toThrow(
      refusal("bearer token refused: it is not a signed JWT"),
    );
  });

  test("is a start before all times", async () => {
    const payload = JSON.stringify(GOOD).replace("{", '{"nbf":-1e999,');
    await expect(verify(await key.signText(payload))).rejects.toThrow(
      refusal("bearer token refused: its exp or nbf is not a time"),
    );
  });

  test("is what the verification found, by its code", async () => {
    const bearerToken = await key.sign({ ...GOOD, exp: NOW_SECONDS - 600 });
    await expect(verify(bearerToken)).rejects.toThrow(
      refusal('bearer token refused: ERR_JWT_EXPIRED: "exp" claim timestamp check failed'),
    );
  });

  test.each([
    [new TypeError("a secret"), "TypeError"],
    ["a secret", "string"],
  ])(
    "is no more than the kind of an error that is no word of the verification: %s",
    async (thrown, kind) => {
      const find = () => Promise.reject(thrown);
      await expect(verify(await key.sign(GOOD), find)).rejects.toThrow(
        refusal(`bearer token refused: it could not be verified (${kind})`),
      );
    },
  );

  test("is not the token's where the issuer's keys can't be had", async () => {
    const unavailable = new GatewayError("UPSTREAM_UNAVAILABLE", "No keys.");
    const find = () => Promise.reject(unavailable);
    await expect(verify(await key.sign(GOOD), find)).rejects.toBe(unavailable);
  });
});

describe("a token without a key id, of an issuer with several keys", () => {
  let keys: readonly [SigningKey, SigningKey];

  beforeAll(async () => {
    keys = [await createSigningKey(), await createSigningKey()];
  });

  test("is tried with each of them", async () => {
    for (const each of keys) {
      const bearerToken = await each.sign(GOOD);
      expect((await verify(bearerToken, keysOf(...keys))).caller.subject).toBe("ann");
    }
  });

  test("is refused for the signature where none fits", async () => {
    const foreign = await (await createSigningKey()).sign(GOOD);
    await expect(verify(foreign, keysOf(...keys))).rejects.toThrow(
      refusal(expect.stringContaining("ERR_JWS_SIGNATURE_VERIFICATION_FAILED")),
    );
  });

  test("is refused for its claims where one fits", async () => {
    const ended = await keys[0].sign({ ...GOOD, exp: NOW_SECONDS - 600 });
    await expect(verify(ended, keysOf(...keys))).rejects.toThrow(
      refusal(expect.stringContaining("ERR_JWT_EXPIRED")),
    );
  });
});
