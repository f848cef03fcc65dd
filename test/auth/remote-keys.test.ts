import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAuthenticator } from "../../src/auth/authenticate.ts";
import {
  FAILURE_COOLDOWN_MS,
  MAX_AGE_MS,
  RENEW_AFTER_MS,
  UNKNOWN_KEY_COOLDOWN_MS,
} from "../../src/auth/remote-keys.ts";
import type { Observation } from "../../src/observability/observation.ts";
import { type KeyServer, startKeyServer } from "./key-server.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";

const NOW_MS = 1_900_000_000_000;
const ISSUER = "https://login.contoso.com/";

let server: KeyServer;
let key: SigningKey;
let time: { nowMs: number };
let observations: Observation[];

beforeEach(async () => {
  key = await createSigningKey({ kid: "one" });
  server = await startKeyServer([key.publicJwk]);
  time = { nowMs: NOW_MS };
  observations = [];
});
afterEach(() => server.stop());

function createSubject() {
  return createAuthenticator({
    issuers: [
      {
        issuer: ISSUER,
        audience: "shop",
        algorithms: ["ES256"],
        keys: { kind: "uri", jwksUri: server.jwksUri },
      },
    ],
    anonymous: false,
    clock: { nowMs: () => time.nowMs },
    observe: (observation) => observations.push(observation),
  });
}

/** Each token is another, so that none comes from the cache of verified ones. */
let serial = 0;
async function header(signer = key): Promise<string> {
  serial += 1;
  const exp = NOW_MS / 1000 + 100_000;
  const claims = { iss: ISSUER, aud: "shop", sub: "ann", jti: String(serial), exp };
  return `Bearer ${await signer.sign(claims)}`;
}

describe("the keys behind a jwksUri", () => {
  test("are fetched once for a hundred concurrent first tokens", async () => {
    const authenticate = createSubject();
    const headers = await Promise.all(Array.from({ length: 100 }, () => header()));
    await Promise.all(headers.map((each) => authenticate(each)));
    expect(server.requests()).toBe(1);
  });

  test("are fetched again for an unknown key id, but not at once and not for each token", async () => {
    const authenticate = createSubject();
    await authenticate(await header());
    const rolled = await createSigningKey({ kid: "two" });
    server.answerWith(200, { keys: [key.publicJwk, rolled.publicJwk] });

    await expect(authenticate(await header(rolled))).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
    expect(server.requests()).toBe(1);

    time.nowMs += UNKNOWN_KEY_COOLDOWN_MS;
    await expect(authenticate(await header(rolled))).resolves.toBeTruthy();
    expect(server.requests()).toBe(2);

    const unknown = await createSigningKey({ kid: "three" });
    for (let count = 0; count < 5; count += 1) {
      await expect(authenticate(await header(unknown))).rejects.toMatchObject({
        code: "UNAUTHENTICATED",
      });
    }
    expect(server.requests()).toBe(2);
  });

  test("are the issuer's fault and not the token's when they can't be had", async () => {
    const authenticate = createSubject();
    for (const [status, body] of [
      [500, "down"],
      [200, "no JSON"],
      [200, { keys: "none" }],
      [302, ""],
    ] as const) {
      server.answerWith(status, body);
      await expect(authenticate(await header())).rejects.toMatchObject({
        code: "UPSTREAM_UNAVAILABLE",
        retryAfterMs: FAILURE_COOLDOWN_MS,
      });
      time.nowMs += FAILURE_COOLDOWN_MS;
    }
    expect(observations.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 4 }, () => "issuer-keys-unreachable"),
    );
    server.answerWith(200, { keys: [key.publicJwk] });
    await expect(authenticate(await header())).resolves.toBeTruthy();
  });

  test("are read up to a megabyte, and no further", async () => {
    const authenticate = createSubject();
    server.answerWithoutEnd("fast");
    await expect(authenticate(await header())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
    await server.givenUp();
    // What the connection's buffers hold comes on top.
    expect(server.bytesSent()).toBeLessThan(20_000_000);
    expect(observations).toMatchObject([
      {
        kind: "issuer-keys-unreachable",
        error: { message: "The key set is longer than 1048576 bytes." },
      },
    ]);
  });

  test("are not parsed beyond a megabyte, even where they would be good", async () => {
    const authenticate = createSubject();
    const padding = " ".repeat(1024 * 1024);
    server.answerWith(200, `${JSON.stringify({ keys: [key.publicJwk] })}${padding}`);
    await expect(authenticate(await header())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
  });

  test("are given up when they trickle in", async () => {
    const authenticate = createSubject();
    server.answerWithoutEnd("slow");
    await expect(authenticate(await header())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
    await server.givenUp();
  });

  test("are not asked for again within a second of a failure", async () => {
    const authenticate = createSubject();
    server.answerWith(500, "down");
    for (let count = 0; count < 3; count += 1) {
      await expect(authenticate(await header())).rejects.toMatchObject({
        code: "UPSTREAM_UNAVAILABLE",
      });
    }
    expect(server.requests()).toBe(1);
  });

  test("that can't be had are reported once, however many tokens wait for them", async () => {
    const authenticate = createSubject();
    server.answerWith(500, "down");
    const headers = await Promise.all(Array.from({ length: 20 }, () => header()));
    await Promise.allSettled(headers.map((each) => authenticate(each)));
    expect(server.requests()).toBe(1);
    expect(observations).toHaveLength(1);
  });

  test("go on working while the issuer is away, until they are too old", async () => {
    const authenticate = createSubject();
    await authenticate(await header());
    await server.stop();

    time.nowMs += RENEW_AFTER_MS;
    await expect(authenticate(await header())).resolves.toBeTruthy();
    const unknown = await createSigningKey({ kid: "three" });
    await expect(authenticate(await header(unknown))).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
    await expect(authenticate(await header())).resolves.toBeTruthy();

    time.nowMs += MAX_AGE_MS - RENEW_AFTER_MS;
    await expect(authenticate(await header())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
    expect(observations.some(({ kind }) => kind === "issuer-keys-unreachable")).toBe(true);
  });

  test("are renewed in the background after ten minutes, so a withdrawn key ends", async () => {
    const authenticate = createSubject();
    await authenticate(await header());
    server.answerWith(200, { keys: [(await createSigningKey({ kid: "two" })).publicJwk] });
    time.nowMs += RENEW_AFTER_MS;
    await authenticate(await header());
    await expect.poll(() => server.requests()).toBe(2);
    await expect
      .poll(async () => authenticate(await header()).catch((error: unknown) => error))
      .toMatchObject({ code: "UNAUTHENTICATED" });
  });
});

describe("the probe of issuers' keys", () => {
  test("fetches keys that are not there yet, and is quick when they are", async () => {
    const authenticate = createSubject();
    await authenticate.probeIssuerKeys();
    await authenticate.probeIssuerKeys();
    await authenticate(await header());
    expect(server.requests()).toBe(1);
  });

  test("names the issuer and the setting when they can't be had", async () => {
    const authenticate = createSubject();
    server.answerWith(404, "");
    await expect(authenticate.probeIssuerKeys()).rejects.toThrow(
      `The keys of issuer ${ISSUER} can't be read from ${server.jwksUri}: see auth.issuers.`,
    );
  });
});
