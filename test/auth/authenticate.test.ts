import { SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { type Authenticator, createAuthenticator } from "../../src/auth/authenticate.ts";
import type { Caller } from "../../src/auth/caller.ts";
import { wwwAuthenticate } from "../../src/auth/unauthenticated-error.ts";
import type { IssuerConfig } from "../../src/config/config.ts";
import { GatewayError } from "../../src/gateway-error.ts";
import type { Observation } from "../../src/observability/observation.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";

const NOW_SECONDS = 1_900_000_000;
const CONTOSO = "https://login.contoso.com/";
const GOOD = { iss: CONTOSO, aud: "api://shop", sub: "ann", exp: NOW_SECONDS + 600 };

let key: SigningKey;
let otherKey: SigningKey;

beforeAll(async () => {
  key = await createSigningKey({ kid: "one" });
  otherKey = await createSigningKey({ kid: "one" });
});

function issuerWith(keys: readonly SigningKey[], more: Partial<IssuerConfig> = {}): IssuerConfig {
  return {
    issuer: CONTOSO,
    audience: "api://shop",
    algorithms: ["ES256"],
    keys: { kind: "inline", jwks: { keys: keys.map(({ publicJwk }) => publicJwk) } },
    ...more,
  };
}

function setUp(
  options: { readonly issuers?: readonly IssuerConfig[]; readonly anonymous?: boolean } = {},
) {
  const observations: Observation[] = [];
  const time = { nowMs: NOW_SECONDS * 1000 };
  const authenticate = createAuthenticator({
    issuers: options.issuers ?? [issuerWith([key])],
    anonymous: options.anonymous ?? false,
    clock: { nowMs: () => time.nowMs },
    observe: (observation) => observations.push(observation),
  });
  return { authenticate, observations, time };
}

async function refusal(authenticate: Authenticator, header: string | undefined) {
  try {
    await authenticate(header);
  } catch (error) {
    if (error instanceof GatewayError) {
      return error;
    }
    throw error;
  }
  throw new Error("It was let in.");
}

function claimsOf(caller: Caller): Readonly<Record<string, unknown>> {
  return caller.kind === "authenticated" ? caller.claims : {};
}

describe("a good bearer token", () => {
  test("makes the caller that it names, with all claims, which nobody can change", async () => {
    const { authenticate } = setUp();
    const bearerToken = await key.sign({ ...GOOD, roles: ["member"], nested: { a: [1] } });
    const caller = await authenticate(`Bearer ${bearerToken}`);
    expect(caller).toEqual({
      kind: "authenticated",
      issuer: CONTOSO,
      subject: "ann",
      claims: { ...GOOD, roles: ["member"], nested: { a: [1] } },
    });
    const { nested } = claimsOf(caller) as { nested: { a: number[] } };
    expect(() => nested.a.push(2)).toThrow(TypeError);
  });

  test("keeps a claim named __proto__ as a claim like any other", async () => {
    const { authenticate } = setUp();
    const payload = JSON.stringify(GOOD).replace("{", '{"__proto__":{"roles":"manager"},');
    const caller = await authenticate(`Bearer ${await key.signText(payload)}`);
    expect(Object.hasOwn(claimsOf(caller), "__proto__")).toBe(true);
    expect(claimsOf(caller).roles).toBeUndefined();
  });

  test.each(["Bearer", "bearer", "BEARER"])("is taken with the scheme %s", async (scheme) => {
    const { authenticate } = setUp();
    await expect(authenticate(`${scheme} ${await key.sign(GOOD)}`)).resolves.toMatchObject({
      subject: "ann",
    });
  });

  test.each([{ typ: "JWT" }, { typ: "at+jwt" }, { typ: "application/at+jwt" }, {}])(
    "is taken with the header %o",
    async (header) => {
      const { authenticate } = setUp();
      await expect(authenticate(`Bearer ${await key.sign(GOOD, header)}`)).resolves.toBeTruthy();
    },
  );

  test("may name several audiences", async () => {
    const { authenticate } = setUp();
    const bearerToken = await key.sign({ ...GOOD, aud: ["api://other", "api://shop"] });
    await expect(authenticate(`Bearer ${bearerToken}`)).resolves.toBeTruthy();
  });

  test("is held against the issuer that it names, and no other", async () => {
    const fabrikam = "https://login.fabrikam.com/";
    const { authenticate } = setUp({
      issuers: [
        issuerWith([key]),
        issuerWith([otherKey], { issuer: fabrikam, audience: "api://fabrikam" }),
      ],
    });
    const fromFabrikam = { ...GOOD, iss: fabrikam, aud: "api://fabrikam" };
    await expect(
      authenticate(`Bearer ${await otherKey.sign(fromFabrikam)}`),
    ).resolves.toMatchObject({ issuer: fabrikam });
    expect((await refusal(authenticate, `Bearer ${await otherKey.sign(GOOD)}`)).code).toBe(
      "UNAUTHENTICATED",
    );
    expect((await refusal(authenticate, `Bearer ${await key.sign(fromFabrikam)}`)).code).toBe(
      "UNAUTHENTICATED",
    );
  });

  test("without a key id is tried with each key that could have signed it", async () => {
    const first = await createSigningKey();
    const second = await createSigningKey();
    const third = await createSigningKey();
    const { authenticate } = setUp({ issuers: [issuerWith([first, second])] });
    await expect(authenticate(`Bearer ${await second.sign(GOOD)}`)).resolves.toBeTruthy();
    const error = await refusal(authenticate, `Bearer ${await third.sign(GOOD)}`);
    expect(error.logReason).toContain("ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
  });
});

describe("a bad bearer token is refused", () => {
  test.each([
    ["that ended more than a minute ago", { exp: NOW_SECONDS - 60 }, '"exp" claim'],
    ["that starts in more than a minute", { nbf: NOW_SECONDS + 61 }, '"nbf" claim'],
    ["without an end", { exp: undefined }, 'missing required "exp" claim'],
    ["with an end that is no number", { exp: "2099" as unknown as number }, '"exp" claim must be'],
    ["for another audience", { aud: "api://other" }, 'unexpected "aud" claim value'],
    ["without an audience", { aud: undefined }, 'missing required "aud" claim'],
    ["of an issuer that is not configured", { iss: "https://evil.example" }, "not configured"],
    [
      "of an issuer that differs in a slash",
      { iss: "https://login.contoso.com" },
      "not configured",
    ],
    ["without an issuer", { iss: undefined }, "it names no issuer"],
    ["of an issuer that is a list", { iss: [CONTOSO] as unknown as string }, "it names no issuer"],
    ["of an issuer called __proto__", { iss: "__proto__" }, "not configured"],
    ["without a subject", { sub: undefined }, 'missing required "sub" claim'],
    ["with an empty subject", { sub: "" }, "its sub is not a text"],
    ["with a subject that is a number", { sub: 7 as unknown as string }, "its sub is not a text"],
  ])("%s", async (_what, change, reason) => {
    const { authenticate, observations } = setUp();
    const claims = JSON.parse(JSON.stringify({ ...GOOD, ...change }));
    const bearerToken = await key.sign(claims);
    const error = await refusal(authenticate, `Bearer ${bearerToken}`);
    expect(error.code).toBe("UNAUTHENTICATED");
    expect(error.message).toBe("The bearer token is not valid here.");
    expect(error.logReason).toContain(reason);
    expect(wwwAuthenticate(error)).toBe('Bearer realm="graphql", error="invalid_token"');
    expect(observations).toEqual([{ kind: "caller-refused", reason: error.logReason }]);
    const [, payload = "", signature = ""] = bearerToken.split(".");
    expect(JSON.stringify([error, error.stack, error.cause, observations])).not.toContain(payload);
    expect(JSON.stringify([error, error.stack, error.cause, observations])).not.toContain(
      signature,
    );
  });

  test("with an end at infinity", async () => {
    const { authenticate } = setUp();
    const payload = JSON.stringify(GOOD).replace(/"exp":\d+/, '"exp":1e999');
    const error = await refusal(authenticate, `Bearer ${await key.signText(payload)}`);
    expect(error.logReason).toContain("its exp or nbf is not a time");
  });

  test.each(["[]", "7", "null", "", "{", '{"iss":"x","secret":"s3cret"'])(
    "with the payload %s, which goes into no log",
    async (payload) => {
      const { authenticate } = setUp();
      const error = await refusal(authenticate, `Bearer ${await key.signText(payload)}`);
      expect(error.code).toBe("UNAUTHENTICATED");
      expect(JSON.stringify([error.logReason, error.stack, error.cause])).not.toContain("s3cret");
    },
  );

  test("nested as deep as it is long, without harm", async () => {
    const { authenticate } = setUp();
    const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
    const payload = JSON.stringify(GOOD).replace("{", `{"deep":${deep},`);
    const bearerToken = await key.signText(payload);
    expect(bearerToken.length).toBeLessThan(16_384);
    await expect(authenticate(`Bearer ${bearerToken}`)).resolves.toBeTruthy();
  });

  test("signed by another key of the same name", async () => {
    const { authenticate } = setUp();
    const error = await refusal(authenticate, `Bearer ${await otherKey.sign(GOOD)}`);
    expect(error.logReason).toContain("ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
  });

  test("signed by a key that the issuer doesn't have", async () => {
    const { authenticate } = setUp();
    const stranger = await createSigningKey({ kid: "two" });
    const error = await refusal(authenticate, `Bearer ${await stranger.sign(GOOD)}`);
    expect(error.logReason).toContain("ERR_JWKS_NO_MATCHING_KEY");
  });

  test("changed after it was signed", async () => {
    const { authenticate } = setUp();
    const [header, , signature] = (await key.sign(GOOD)).split(".");
    const payload = Buffer.from(JSON.stringify({ ...GOOD, sub: "bob" })).toString("base64url");
    const error = await refusal(authenticate, `Bearer ${header}.${payload}.${signature}`);
    expect(error.logReason).toContain("ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
  });

  test("with alg none, with and without the dot at its end", async () => {
    const { authenticate } = setUp();
    const unsigned = new UnsecuredJWT(GOOD).encode();
    for (const bearerToken of [unsigned, unsigned.replace(/\.$/, ""), `${unsigned}AAAA`]) {
      expect((await refusal(authenticate, `Bearer ${bearerToken}`)).code).toBe("UNAUTHENTICATED");
    }
  });

  test("signed with the public key as a shared secret", async () => {
    const { authenticate } = setUp();
    const secret = new TextEncoder().encode(JSON.stringify(key.publicJwk));
    const bearerToken = await new SignJWT(GOOD)
      .setProtectedHeader({ alg: "HS256", kid: "one" })
      .sign(secret);
    const error = await refusal(authenticate, `Bearer ${bearerToken}`);
    expect(error.logReason).toContain("ERR_JOSE_ALG_NOT_ALLOWED");
  });

  test("signed with an algorithm that is not in the list", async () => {
    const rsa = await createSigningKey({ alg: "RS256", kid: "rsa" });
    const { authenticate } = setUp({ issuers: [issuerWith([rsa])] });
    const error = await refusal(authenticate, `Bearer ${await rsa.sign(GOOD)}`);
    expect(error.logReason).toContain("ERR_JOSE_ALG_NOT_ALLOWED");
  });

  test.each(["logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE"])(
    "made for another purpose: typ %s",
    async (typ) => {
      const { authenticate } = setUp();
      const error = await refusal(authenticate, `Bearer ${await key.sign(GOOD, { typ })}`);
      expect(error.logReason).toContain("typ");
    },
  );

  test("followed by anything else", async () => {
    const { authenticate } = setUp();
    const header = `Bearer ${await key.sign(GOOD)}`;
    for (const more of [" b", ", Bearer b", ",", ";a=b", "\n"]) {
      expect((await refusal(authenticate, header + more)).code).toBe("UNAUTHENTICATED");
    }
  });

  test.each([
    ["", "no scheme"],
    ["Bearer", "no token"],
    ["Bearer ", "no token"],
    ["Basic YTpi", "another scheme"],
    ["Bearer a b", "two tokens"],
    ["Bearer a, Bearer b", "two credentials"],
    ["Bearer a.b.c", "no JWT"],
    ["Bearer null", "the text null"],
    ["Bearer e30.e30.", "empty header and payload"],
    ["Bearer ..", "dots"],
    ["Bearer é", "not ASCII"],
    [`Bearer ${"a".repeat(16_385)}`, "too long"],
  ])("that is none: %#, %s", async (header) => {
    for (const anonymous of [false, true]) {
      const { authenticate } = setUp({ anonymous });
      const error = await refusal(authenticate, header);
      expect(error.code).toBe("UNAUTHENTICATED");
      expect(wwwAuthenticate(error)).toContain('error="invalid_token"');
    }
  });
});

describe("a request without a bearer token", () => {
  test("is refused, and told to send one", async () => {
    const { authenticate } = setUp();
    const error = await refusal(authenticate, undefined);
    expect(error.code).toBe("UNAUTHENTICATED");
    expect(wwwAuthenticate(error)).toBe('Bearer realm="graphql"');
    expect(error.message).toBe("Send a bearer token in the header Authorization.");
    expect(error.logReason).toBe("the header Authorization is missing");
  });

  test("is the anonymous caller where the configuration lets those in", async () => {
    const { authenticate } = setUp({ anonymous: true });
    const caller = await authenticate(undefined);
    expect(caller).toEqual({ kind: "anonymous" });
    expect(Object.isFrozen(caller)).toBe(true);
  });
});

describe("the keys of an issuer", () => {
  const keySetOf = (...keys: readonly SigningKey[]) => ({
    keys: keys.map(({ publicJwk }) => publicJwk),
  });

  test("can be replaced: what the old ones proved is forgotten", async () => {
    const { authenticate } = setUp();
    const next = await createSigningKey({ kid: "next" });
    const old = `Bearer ${await key.sign(GOOD)}`;
    await authenticate(old);
    authenticate.replaceKeySets(new Map([[CONTOSO, keySetOf(next)]]));
    expect((await refusal(authenticate, old)).logReason).toContain("ERR_JWKS_NO_MATCHING_KEY");
    expect(await authenticate(`Bearer ${await next.sign(GOOD)}`)).toMatchObject({
      issuer: CONTOSO,
      subject: "ann",
    });
    const elsewhere = await next.sign({ ...GOOD, aud: "api://other" });
    expect((await refusal(authenticate, `Bearer ${elsewhere}`)).logReason).toContain('"aud"');
  });

  test("of an issuer that is not configured are not taken", async () => {
    const { authenticate } = setUp();
    const fabrikam = "https://login.fabrikam.com/";
    authenticate.replaceKeySets(new Map([[fabrikam, keySetOf(key)]]));
    const bearerToken = await key.sign({ ...GOOD, iss: fabrikam });
    expect((await refusal(authenticate, `Bearer ${bearerToken}`)).logReason).toContain(
      "not configured",
    );
    await expect(authenticate(`Bearer ${await key.sign(GOOD)}`)).resolves.toBeTruthy();
  });

  test("that can't be had are the issuer's fault, and no refusal of a caller", async () => {
    const issuer = issuerWith([], {
      // Nothing listens there.
      keys: { kind: "uri", jwksUri: "http://127.0.0.1:9/keys" },
    });
    const { authenticate, observations } = setUp({ issuers: [issuer] });
    const error = await refusal(authenticate, `Bearer ${await key.sign(GOOD)}`);
    expect(error.code).toBe("UPSTREAM_UNAVAILABLE");
    expect(observations.map(({ kind }) => kind)).not.toContain("caller-refused");
    await expect(authenticate.probeIssuerKeys()).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
  });

  test("are at hand where they stand in the configuration", async () => {
    await expect(setUp().authenticate.probeIssuerKeys()).resolves.toBeUndefined();
  });
});

describe("clocks", () => {
  test("may be a minute apart, both ways", async () => {
    const { authenticate } = setUp();
    const justEnded = await key.sign({ ...GOOD, exp: NOW_SECONDS - 59 });
    const notYet = await key.sign({ ...GOOD, nbf: NOW_SECONDS + 60 });
    await expect(authenticate(`Bearer ${justEnded}`)).resolves.toBeTruthy();
    await expect(authenticate(`Bearer ${notYet}`)).resolves.toBeTruthy();
  });
});
