import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { checkIssuers } from "../../src/config/check-issuers.ts";
import type { IssuerShape } from "../../src/config/config-schema.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const publicJwk = { ...ec.publicKey.export({ format: "jwk" }), kid: "one" };
const privateJwk = ec.privateKey.export({ format: "jwk" });
const shortRsa = generateKeyPairSync("rsa", { modulusLength: 1024 });

function checkKeyFile(content: string) {
  const value: IssuerShape = {
    issuer: "https://login.example.com/",
    audience: "shop",
    algorithms: ["ES256"],
    jwksFile: "./keys.json",
  };
  return checkIssuers([{ index: 2, value }], {
    folder: "/etc/gateway",
    readFile: (path) => {
      if (path !== "/etc/gateway/keys.json") {
        throw Object.assign(new Error(path), { code: "ENOENT" });
      }
      return content;
    },
  });
}

describe("a key file", () => {
  test("of public keys is read in", () => {
    const { issuers, faults } = checkKeyFile(JSON.stringify({ keys: [publicJwk] }));
    expect(faults).toEqual([]);
    expect(issuers[0]?.keys).toEqual({ kind: "inline", jwks: { keys: [publicJwk] } });
  });

  test.each([
    ["with a private key", { keys: [publicJwk, privateJwk] }, "keys[1] is private"],
    ["with a symmetric key", { keys: [{ kty: "oct", k: "c2VjcmV0" }] }, "keys[0] is symmetric"],
    ["with a broken key", { keys: [{ ...publicJwk, x: "AAAA" }] }, "keys[0] is not a well-formed"],
    ["with something else", { keys: ["key", null, {}] }, "keys[0] is not a key, keys[1] is not a"],
    [
      "with a short RSA key",
      { keys: [shortRsa.publicKey.export({ format: "jwk" })] },
      "keys[0] is an RSA key of 1024 bits",
    ],
    ["without keys", { keys: [] }, "no key"],
    ["that is one key", publicJwk, "no list `keys`"],
    ["that is a list", [publicJwk], "no list `keys`"],
  ])("%s is refused, unquoted", (_what, content, found) => {
    const { faults, issuers } = checkKeyFile(JSON.stringify(content));
    expect(issuers).toEqual([]);
    expect(faults).toEqual([
      {
        path: ["auth", "issuers", 2, "jwksFile"],
        expected: "a JSON Web Key Set with public keys in /etc/gateway/keys.json",
        found: expect.stringContaining(found),
      },
    ]);
    expect(JSON.stringify(faults)).not.toContain(privateJwk.d);
  });

  test("that is no JSON is refused, unquoted", () => {
    const { faults } = checkKeyFile("s3cret");
    expect(faults).toMatchObject([{ found: "text that is not JSON" }]);
  });
});

describe("issuers", () => {
  const shape: IssuerShape = {
    issuer: "https://login.example.com/",
    audience: "shop",
    algorithms: ["ES256"],
    jwksUri: "https://login.example.com/keys",
  };
  const source = { folder: "/", readFile: () => "" };

  test("stand in a configuration once each", () => {
    const { faults } = checkIssuers(
      [0, 1].map((index) => ({ index, value: shape })),
      source,
    );
    expect(faults).toMatchObject([{ path: ["auth", "issuers", 1, "issuer"] }]);
  });

  test("have either a URL or a file", () => {
    const both = { ...shape, jwksFile: "keys.json" };
    const { jwksUri: _, ...neither } = shape;
    const { faults } = checkIssuers(
      [
        { index: 0, value: both },
        { index: 1, value: { ...neither, issuer: "other" } },
      ],
      source,
    );
    expect(faults).toMatchObject([{ found: "both" }, { found: "neither" }]);
  });

  test("are never the development issuer", () => {
    const value = { ...shape, issuer: "urn:cosmos-graphql-gateway:development" };
    const { faults } = checkIssuers([{ index: 0, value }], source);
    expect(faults).toMatchObject([{ path: ["auth", "issuers", 0, "issuer"] }]);
  });
});
