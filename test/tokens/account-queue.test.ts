import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../src/gateway-error.ts";
import {
  createAccountQueue,
  MAX_ACCOUNT_REQUESTS,
  ThrottledRequest,
} from "../../src/tokens/account-queue.ts";
import type { AccountTurn } from "../../src/tokens/account-turns.ts";
import { shareWork } from "../../src/tokens/shared-work.ts";

/** Actions that end when they are told to, and the order in which they began. */
function createActions() {
  const queue = createAccountQueue();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const fails = new Map<string, () => void>();
  return {
    begun,
    add: (
      name: string,
      kind: "beginning" | "continuing" = "beginning",
      turn: AccountTurn | undefined = undefined,
    ) =>
      queue.run(
        kind,
        () => {
          begun.push(name);
          return new Promise<string>((resolve, reject) => {
            ends.set(name, () => resolve(name));
            fails.set(name, () => reject(new Error(name)));
          });
        },
        turn,
      ),
    end: async (name: string) => {
      ends.get(name)?.();
      await nextTurn();
    },
    fail: async (name: string) => {
      fails.get(name)?.();
      await nextTurn();
    },
  };
}

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe("the queue of account requests", () => {
  test("lets sixteen run, and each further one when one of them ends", async () => {
    const { add, begun, end } = createActions();
    const all = names("a", MAX_ACCOUNT_REQUESTS + 3);
    const results = all.map((name) => add(name));
    await nextTurn();
    expect(MAX_ACCOUNT_REQUESTS).toBe(16);
    expect(begun).toEqual(all.slice(0, 16));
    await end("a5");
    expect(begun).toEqual(all.slice(0, 17));
    await end("a0");
    await end("a16");
    expect(begun).toEqual(all);
    await Promise.all(all.map(end));
    expect(await Promise.all(results)).toEqual(all);
  });

  test("goes on after a failure, which is that action's alone", async () => {
    const { add, begun, fail, end } = createActions();
    const full = names("a", 16).map((name) => add(name));
    const next = add("next");
    await nextTurn();
    const failed = expect(full[3]).rejects.toThrow("a3");
    await fail("a3");
    await failed;
    expect(begun.at(-1)).toBe("next");
    await end("next");
    expect(await next).toBe("next");
  });

  test("takes what continues before what begins, each in the order it came", async () => {
    const { add, begun, end } = createActions();
    for (const name of names("a", 16)) {
      void add(name);
    }
    void add("b0", "beginning");
    void add("c0", "continuing");
    void add("b1", "beginning");
    void add("c1", "continuing");
    await nextTurn();
    for (const name of names("a", 16)) {
      await end(name);
    }
    expect(begun.slice(16)).toEqual(["c0", "c1", "b0", "b1"]);
  });

  test("is as free as before when all have ended", async () => {
    const { add, begun, end } = createActions();
    for (const round of ["a", "b"]) {
      const all = names(round, 40);
      for (const name of all) {
        void add(name);
      }
      await nextTurn();
      expect(begun).toHaveLength(round === "a" ? 16 : 56);
      for (const name of all) {
        await end(name);
      }
    }
    expect(begun).toHaveLength(80);
  });

  test("profiles have their turns one after the other", async () => {
    const { add, begun, end } = createActions();
    const demand = { isWanted: true, deadlineMs: Infinity, whenUnwanted: () => () => {} };
    for (const name of names("a", 18)) {
      void add(name, "beginning", { profile: "many", demand });
    }
    void add("b0", "beginning", { profile: "few", demand });
    await nextTurn();
    for (const name of names("a", 3)) {
      await end(name);
    }
    expect(begun.slice(16)).toEqual(["a16", "b0", "a17"]);
  });

  test("what nobody waits for any more leaves, and is never begun", async () => {
    const { add, begun, end } = createActions();
    for (const name of names("a", 16)) {
      void add(name);
    }
    const leaving = new AbortController();
    const shared = shareWork((demand) => add("left", "beginning", { profile: "p", demand }));
    const wait = shared.wait({ signal: leaving.signal, onAbort: () => new Error("gone") });
    const failed = expect(wait).rejects.toThrow("gone");
    await nextTurn();
    leaving.abort();
    await failed;
    await end("a0");
    void add("next");
    await nextTurn();
    expect(begun.slice(16)).toEqual(["next"]);
  });

  test("the 10,001st of a profile is THROTTLED at once; that of another takes the last one's place", async () => {
    const { add } = createActions();
    for (const name of names("a", 16 + 10_000 - 1)) {
      add(name).catch(() => {});
    }
    const last = add("last");
    await nextTurn();
    await expect(add("more")).rejects.toMatchObject({ code: "THROTTLED", retryAfterMs: 1_000 });
    const demand = { isWanted: true, deadlineMs: Infinity, whenUnwanted: () => () => {} };
    void add("other", "beginning", { profile: "other", demand });
    await expect(last).rejects.toMatchObject({ code: "THROTTLED" });
  });

  test("a refusal pauses all; what was refused is repeated first; what comes too late is told so", async () => {
    let now = 0;
    const queue = createAccountQueue(() => now);
    const refusal = new GatewayError("THROTTLED", "busy", { retryAfterMs: 40 });
    const ran: string[] = [];
    const refusedOnce = queue.run("beginning", async () => {
      ran.push("refused");
      if (ran.length === 1) {
        throw new ThrottledRequest(refusal);
      }
    });
    await nextTurn();
    const other = queue.run("beginning", async () => {
      ran.push("other");
    });
    const demand = { isWanted: true, deadlineMs: 30, whenUnwanted: () => () => {} };
    const late = queue.run("beginning", async () => {}, { profile: "p", demand });
    await expect(late).rejects.toMatchObject({ code: "THROTTLED" });
    expect(ran).toEqual(["refused"]);
    now = 100;
    await Promise.all([refusedOnce, other]);
    expect(ran).toEqual(["refused", "refused", "other"]);
  });
});
