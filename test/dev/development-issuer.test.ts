import { expect, test } from "vitest";
import { createAuthenticator } from "../../src/auth/authenticate.ts";
import { createDevelopmentIssuer } from "../../src/dev/development-issuer.ts";

const time = { nowMs: 1_900_000_000_500 };
const clock = { nowMs: () => time.nowMs };

test("a development token is trusted by who has the issuer's public key, for as long as it says", async () => {
  const issuer = await createDevelopmentIssuer({ clock, audience: "api://shop" });
  const authenticate = createAuthenticator({
    issuers: [issuer.trust],
    anonymous: false,
    clock,
    observe: () => undefined,
  });
  const bearerToken = await issuer.issue(
    { sub: "ann", tid: "contoso", iss: "forged", aud: "forged", exp: 1 },
    { lifetimeSeconds: 600 },
  );
  await expect(authenticate(`Bearer ${bearerToken}`)).resolves.toMatchObject({
    issuer: "urn:cosmos-graphql-gateway:development",
    subject: "ann",
    claims: { tid: "contoso", aud: "api://shop", iat: 1_900_000_000, exp: 1_900_000_600 },
  });
  const another = await createDevelopmentIssuer({ clock, audience: "api://shop" });
  await expect(authenticate(`Bearer ${await another.issue({ sub: "ann" })}`)).rejects.toMatchObject(
    { code: "UNAUTHENTICATED" },
  );
});

test("a development issuer shows its public key alone", async () => {
  const issuer = await createDevelopmentIssuer({ clock });
  expect(JSON.stringify(issuer)).not.toMatch(/"d":/);
  expect(issuer.trust.keys).toMatchObject({ kind: "inline", jwks: { keys: [{ kty: "EC" }] } });
});
