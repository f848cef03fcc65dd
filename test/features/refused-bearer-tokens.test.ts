import { request as httpRequest } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEVELOPMENT_ISSUER } from "../../src/config/development-issuer-name.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

const claims = { sub: "contoso-manager", tid: "contoso", roles: ["manager"] };
const query = "{ orders { nodes { id } } }";

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

async function expectRefusal(headers: Record<string, string>, challenge: RegExp): Promise<void> {
  await gateway.forgetRequests();
  const answer = await gateway.post({ query }, headers);
  expect(answer.status).toBe(401);
  expect(errorCodes(answer)).toEqual(["UNAUTHENTICATED"]);
  expect(answer.headers.get("www-authenticate")).toMatch(challenge);
  expect(answer.data).toBeUndefined();
  // Who proves nothing costs no request to Cosmos DB.
  expect(await gateway.requests()).toEqual([]);
}

const INVALID = /^Bearer .*error="invalid_token"/;

test("a request without a bearer token is 401 with a challenge", async () => {
  await expectRefusal({}, /^Bearer(?!.*error)/);
});

test("the token that the other tests bend is accepted as it is", async () => {
  const bearerToken = await gateway.issuer.issue(claims);
  const answer = await gateway.post({ query }, { authorization: `Bearer ${bearerToken}` });
  expect(answer.errors).toEqual([]);
});

describe("a bearer token is 401", () => {
  test("when it has expired", async () => {
    const bearerToken = await gateway.issuer.issue(claims, { lifetimeSeconds: -120 });
    await expectRefusal({ authorization: `Bearer ${bearerToken}` }, INVALID);
  });

  test("when it is for another audience", async () => {
    const bearerToken = await gateway.issuer.issue(claims, { audience: "api://other" });
    await expectRefusal({ authorization: `Bearer ${bearerToken}` }, INVALID);
  });

  test("when its signature is of another key, of the same name", async () => {
    const genuine = await gateway.issuer.issue(claims);
    const [header = ""] = genuine.split(".");
    const { kid } = JSON.parse(Buffer.from(header, "base64url").toString());
    const { privateKey } = await generateKeyPair("ES256");
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", kid })
      .setIssuer(DEVELOPMENT_ISSUER)
      .setAudience(DEVELOPMENT_ISSUER)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(privateKey);
    await expectRefusal({ authorization: `Bearer ${forged}` }, INVALID);
  });

  test("when its claims were changed", async () => {
    const genuine = await gateway.issuer.issue({ ...claims, roles: ["member"] });
    const [header = "", payload = "", signature = ""] = genuine.split(".");
    const changed = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), ...claims };
    const forged = [header, encode(changed), signature].join(".");
    await expectRefusal({ authorization: `Bearer ${forged}` }, INVALID);
  });

  test.each(["none", "None", "NONE"])("when its algorithm is %s", async (alg) => {
    const payload = {
      ...claims,
      iss: DEVELOPMENT_ISSUER,
      aud: DEVELOPMENT_ISSUER,
      exp: nowSeconds() + 600,
    };
    const unsigned = `${encode({ alg, typ: "at+jwt" })}.${encode(payload)}.`;
    await expectRefusal({ authorization: `Bearer ${unsigned}` }, INVALID);
  });

  test("when the issuer's public key was used as a shared secret", async () => {
    if (gateway.issuer.trust.keys.kind !== "inline") {
      throw new Error("The development issuer has its keys inline.");
    }
    const secret = new TextEncoder().encode(JSON.stringify(gateway.issuer.trust.keys.jwks.keys[0]));
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .setIssuer(DEVELOPMENT_ISSUER)
      .setAudience(DEVELOPMENT_ISSUER)
      .setExpirationTime("1h")
      .sign(secret);
    await expectRefusal({ authorization: `Bearer ${forged}` }, INVALID);
  });

  test("when it brings its own key", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", jwk: await exportJWK(publicKey) })
      .setIssuer(DEVELOPMENT_ISSUER)
      .setAudience(DEVELOPMENT_ISSUER)
      .setExpirationTime("1h")
      .sign(privateKey);
    await expectRefusal({ authorization: `Bearer ${forged}` }, INVALID);
  });

  test.each(["x", "a.b.c", "..", "", "Bearer", "é"])(
    "when it is no token at all: %j",
    async (text) => {
      const header = Buffer.from(`Bearer ${text}`, "utf8").toString("latin1");
      await expectRefusal({ authorization: header }, /^Bearer/);
    },
  );

  test("when it comes as another scheme", async () => {
    const bearerToken = await gateway.issuer.issue(claims);
    await expectRefusal({ authorization: `Basic ${bearerToken}` }, /^Bearer/);
  });
});

test("a request with two bearer tokens is 401, whichever is good", async () => {
  const good = `Bearer ${await gateway.issuer.issue(claims)}`;
  for (const pair of [
    ["Bearer bad", good],
    [good, "Bearer bad"],
  ]) {
    const status = await new Promise((resolve, reject) => {
      const headers = pair.flatMap((value) => ["authorization", value]);
      const path = `/graphql?query=${encodeURIComponent(query)}`;
      // An array sends the header twice.
      const sent = httpRequest(gateway.address, {
        path,
        headers: ["host", "localhost", ...headers],
      });
      sent.on("response", (response) => resolve(response.resume().statusCode));
      sent.on("error", reject).end();
    });
    expect(status).toBe(401);
  }
});

test("a caller whose claims fit no profile is 403 with NO_ACCESS_PROFILE", async () => {
  for (const stranger of [
    { sub: "someone", tid: "contoso" },
    { sub: "someone", tid: "contoso", roles: ["visitor"] },
    { sub: "someone", roles: ["member"] },
    { sub: "someone", tid: ["contoso"], roles: ["member"] },
    { sub: "someone", tid: "x".repeat(300), roles: ["member"] },
  ]) {
    const caller = await gateway.as(stranger);
    const answer = await caller.post(query);
    expect(answer.status).toBe(403);
    expect(errorCodes(answer)).toEqual(["NO_ACCESS_PROFILE"]);
  }
});
