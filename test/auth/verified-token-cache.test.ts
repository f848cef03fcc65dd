import { describe, expect, test } from "vitest";
import { BELIEVE_MS, createVerifiedTokenCache } from "../../src/auth/verified-token-cache.ts";
import type { VerifiedToken } from "../../src/auth/verify-bearer-token.ts";

const NOW_MS = 1_900_000_000_000;

function setUp(token: Partial<VerifiedToken> = {}) {
  const time = { nowMs: NOW_MS };
  const verified: string[] = [];
  let failing = false;
  const verify = createVerifiedTokenCache(
    async (bearerToken) => {
      verified.push(bearerToken);
      await Promise.resolve();
      if (failing) {
        throw new Error("refused");
      }
      return {
        caller: { kind: "authenticated", issuer: "i", subject: bearerToken, claims: {} },
        expiresAtMs: NOW_MS + 600_000,
        notBeforeMs: 0,
        ...token,
      };
    },
    { nowMs: () => time.nowMs },
  );
  return { verify, verified, time, fail: (value: boolean) => (failing = value) };
}

describe("verified bearer tokens", () => {
  test("are verified once, however often they come", async () => {
    const { verify, verified } = setUp();
    const first = await verify("a");
    expect((await verify("a")).caller).toBe(first.caller);
    expect(verified).toEqual(["a"]);
  });

  test("are verified once when a thousand requests come with one at once", async () => {
    const { verify, verified } = setUp();
    await Promise.all(Array.from({ length: 1000 }, () => verify("a")));
    expect(verified).toEqual(["a"]);
  });

  test("are told apart to the last character", async () => {
    const { verify, verified } = setUp();
    const long = "x".repeat(16_000);
    const callers = await Promise.all([`${long}a`, `${long}b`].map(verify));
    expect(callers.map(({ caller }) => caller.subject.at(-1))).toEqual(["a", "b"]);
    expect(verified).toHaveLength(2);
  });

  test("are verified again from their exp on, to the millisecond", async () => {
    const { verify, verified, time } = setUp();
    await verify("a");
    time.nowMs = NOW_MS + 599_999;
    await verify("a");
    expect(verified).toHaveLength(1);
    time.nowMs = NOW_MS + 600_000;
    await verify("a");
    await verify("a");
    expect(verified).toHaveLength(3);
  });

  test("are verified again after ten minutes, for their key may have been withdrawn", async () => {
    const { verify, verified, time } = setUp({ expiresAtMs: NOW_MS + 86_400_000 });
    await verify("a");
    time.nowMs = NOW_MS + BELIEVE_MS;
    await verify("a");
    expect(verified).toHaveLength(1);
    time.nowMs = NOW_MS + BELIEVE_MS + 1;
    await verify("a");
    expect(verified).toHaveLength(2);
  });

  test("are verified again when the clock goes back to before their nbf", async () => {
    const { verify, verified, time } = setUp({ notBeforeMs: NOW_MS });
    await verify("a");
    time.nowMs = NOW_MS - 60_000;
    await verify("a");
    expect(verified).toHaveLength(1);
    time.nowMs = NOW_MS - 60_001;
    await verify("a");
    expect(verified).toHaveLength(2);
  });

  test("that were refused are not remembered", async () => {
    const { verify, verified, fail } = setUp();
    fail(true);
    const answers = await Promise.allSettled([verify("a"), verify("a")]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    fail(false);
    await verify("a");
    expect(verified).toHaveLength(2);
  });

  test("make room for others after 32 million characters", async () => {
    const { verify, verified } = setUp();
    const padding = "x".repeat(16_380);
    for (let index = 1000; index < 3049; index += 1) {
      await verify(padding + index);
    }
    await verify(`${padding}3048`);
    expect(verified).toHaveLength(2049);
    await verify(`${padding}1000`);
    expect(verified).toHaveLength(2050);
  });

  test("make room for others after ten thousand", async () => {
    const { verify, verified } = setUp();
    for (let index = 0; index <= 10_000; index += 1) {
      await verify(String(index));
    }
    await verify("10000");
    expect(verified).toHaveLength(10_001);
    await verify("0");
    expect(verified).toHaveLength(10_002);
  });
});
