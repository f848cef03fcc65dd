import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Access } from "../../src/access/access.ts";
import { GatewayError } from "../../src/gateway-error.ts";
import { MAX_ACCOUNT_REQUESTS } from "../../src/tokens/account-queue.ts";
import { scopesOf } from "../../src/tokens/grant.ts";
import {
  accessOf,
  createStoppedClock,
  type EmulatedShop,
  startEmulatedShop,
  wants,
} from "./emulated-shop.ts";

let shop: EmulatedShop;

beforeEach(async () => {
  shop = await startEmulatedShop();
});

afterEach(() => shop.stop());

const ordersAll = wants("orders", "All", { partitionKey: ["contoso"] });
const ann = accessOf("ann", ordersAll);

const HOUR_SECONDS = 3600;

async function feedReads(): Promise<number> {
  return (await shop.requests()).filter(({ kind }) => kind === "permission-feed").length;
}

/** Lets what goes on in the background end: until the feed was read so often. */
async function untilFeedReads(count: number): Promise<void> {
  await expect.poll(feedReads).toBe(count);
}

async function provisioned(access: Access): Promise<void> {
  await shop.startProcess().grantCache.grantsFor(access);
  await shop.forgetRequests();
}

describe("coalescing", () => {
  test("1,000 concurrent first requests of one Cosmos user cost one feed read", async () => {
    await provisioned(ann);
    const { grantCache } = shop.startProcess();
    const all = await Promise.all(Array.from({ length: 1000 }, () => grantCache.grantsFor(ann)));
    expect(new Set(all).size).toBe(1);
    expect(await shop.requests()).toHaveLength(1);
  });

  test("1,000 concurrent first requests of a user that does not exist yet cost one feed read", async () => {
    const { grantCache } = shop.startProcess();
    await Promise.all(Array.from({ length: 1000 }, () => grantCache.grantsFor(ann)));
    expect(await feedReads()).toBe(1);
  });

  test("each Cosmos user has its own", async () => {
    const { grantCache } = shop.startProcess();
    const users = Array.from({ length: 20 }, (_, index) => accessOf(`user-${index}`, ordersAll));
    const all = await Promise.all(users.map((access) => grantCache.grantsFor(access)));
    expect(all.map(({ cosmosUserId }) => cosmosUserId)).toEqual(
      users.map(({ cosmosUserId }) => cosmosUserId),
    );
  });

  test("one user id with other wanted permissions is not served the same set", async () => {
    const { grantCache } = shop.startProcess();
    const asReader = accessOf("ann", { ...ordersAll, mode: "Read" });
    const [all] = scopesOf(await grantCache.grantsFor(ann));
    const [read] = scopesOf(await grantCache.grantsFor(asReader));
    expect([all?.mode, read?.mode]).toEqual(["All", "Read"]);
  });

  test("the order in which permissions are wanted makes no difference", async () => {
    const { grantCache } = shop.startProcess();
    const other = wants("carts", "Read");
    const first = await grantCache.grantsFor(accessOf("ann", ordersAll, other));
    expect(await grantCache.grantsFor(accessOf("ann", other, ordersAll))).toBe(first);
  });
});

describe("the end of grants", () => {
  test("no grants are served when their end has come", async () => {
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock, tokens: { refreshAheadSeconds: 0 } });
    const first = await grantCache.grantsFor(ann);
    clock.advanceSeconds((first.expiresAtMs - clock.nowMs()) / 1000);
    const second = await grantCache.grantsFor(ann);
    expect(second).not.toBe(first);
    expect(await feedReads()).toBe(2);
  });

  test("the end lies before the token's own, counted from before it was asked for", async () => {
    const clock = createStoppedClock();
    const startMs = clock.nowMs();
    const { grantCache } = shop.startProcess({ clock });
    const grants = await grantCache.grantsFor(ann);
    const { expiresAtMs } = grants;
    expect(expiresAtMs).toBe(startMs + (HOUR_SECONDS - 30) * 1000);
    expect(scopesOf(grants)[0]?.expiresAtMs).toBe(expiresAtMs);
  });

  test("the first token that ends, ends all of them", async () => {
    let now = Date.now();
    // Time passes between the requests that mint the tokens.
    const clock = { nowMs: () => (now += 1_000) };
    const { grantCache } = shop.startProcess({ clock });
    const grants = await grantCache.grantsFor(accessOf("ann", ordersAll, wants("carts", "Read")));
    const ends = scopesOf(grants).map(({ expiresAtMs }) => expiresAtMs);
    expect(new Set(ends).size).toBe(2);
    expect(grants.expiresAtMs).toBe(Math.min(...ends));
  });

  test("a clock that starts at zero is no exception", async () => {
    const clock = createStoppedClock(0);
    const { grantCache } = shop.startProcess({ clock });
    const first = await grantCache.grantsFor(ann);
    expect(await grantCache.grantsFor(ann)).toBe(first);
    clock.advanceSeconds(HOUR_SECONDS);
    expect(await grantCache.grantsFor(ann)).not.toBe(first);
  });

  test("the least recently used are dropped beyond maxCachedUsers", async () => {
    const { grantCache } = shop.startProcess({ tokens: { maxCachedUsers: 2 } });
    const [a, b, c] = ["a", "b", "c"].map((id) => accessOf(id, ordersAll)) as [
      Access,
      Access,
      Access,
    ];
    await grantCache.grantsFor(a);
    await grantCache.grantsFor(b);
    await grantCache.grantsFor(a);
    await grantCache.grantsFor(c);
    await shop.forgetRequests();
    await grantCache.grantsFor(a);
    expect(await feedReads()).toBe(0);
    await grantCache.grantsFor(b);
    expect(await feedReads()).toBe(1);
  });

  test("more users at once than fit in the cache each get their own grants", async () => {
    const { grantCache } = shop.startProcess({ tokens: { maxCachedUsers: 2 } });
    const users = Array.from({ length: 30 }, (_, index) => accessOf(`user-${index}`, ordersAll));
    const all = await Promise.all(users.map((access) => grantCache.grantsFor(access)));
    expect(all.map(({ cosmosUserId }) => cosmosUserId)).toEqual(
      users.map(({ cosmosUserId }) => cosmosUserId),
    );
  });
});

describe("refresh ahead", () => {
  test("grants used near their end are renewed in the background, once, and no caller waits", async () => {
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock });
    const first = await grantCache.grantsFor(ann);
    await shop.forgetRequests();
    clock.advanceSeconds(HOUR_SECONDS - 601);
    await shop.addFault({ match: { path: "/permissions$" }, delayMs: 50 });
    const during = await Promise.all(Array.from({ length: 100 }, () => grantCache.grantsFor(ann)));
    expect(new Set(during)).toEqual(new Set([first]));
    await expect.poll(() => grantCache.grantsFor(ann)).not.toBe(first);
    expect(await feedReads()).toBe(1);
  });

  test("grants that are not used are not renewed", async () => {
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock });
    await grantCache.grantsFor(ann);
    clock.advanceSeconds(HOUR_SECONDS - 601);
    await grantCache.grantsFor(accessOf("bob", ordersAll));
    expect(await feedReads()).toBe(2);
  });

  test("a failed refresh keeps what is there, is reported once, and is tried again later", async () => {
    const clock = createStoppedClock();
    const { grantCache, observations } = shop.startProcess({ clock });
    const first = await grantCache.grantsFor(ann);
    await shop.forgetRequests();
    clock.advanceSeconds(HOUR_SECONDS - 601);
    await shop.addFault({ match: { path: "/permissions$" }, status: 503 });
    for (let use = 0; use < 50; use += 1) {
      expect(await grantCache.grantsFor(ann)).toBe(first);
    }
    await untilFeedReads(1);
    await expect
      .poll(() => observations.filter(({ kind }) => kind === "grants-refresh-failed"))
      .toHaveLength(1);
    expect(await grantCache.grantsFor(ann)).toBe(first);
    clock.advanceSeconds(3);
    expect(await grantCache.grantsFor(ann)).toBe(first);
    await expect.poll(() => grantCache.grantsFor(ann)).not.toBe(first);
    expect(await feedReads()).toBe(2);
  });

  test("grants are renewed at the very moment from which they may be", async () => {
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock });
    const { expiresAtMs } = await grantCache.grantsFor(ann);
    clock.advanceSeconds((expiresAtMs - clock.nowMs()) / 1000 - 600.001);
    await grantCache.grantsFor(ann);
    expect(await feedReads()).toBe(1);
    clock.advanceSeconds(0.001);
    await grantCache.grantsFor(ann);
    await untilFeedReads(2);
  });

  test("grants of nothing are not renewed for being used", async () => {
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock, tokens: { provision: "existing" } });
    await grantCache.grantsFor(ann);
    await grantCache.grantsFor(ann);
    await grantCache.grantsFor(accessOf("bob", ordersAll));
    expect(await feedReads()).toBe(2);
  });

  test("a failed refresh says whose grants it was and why", async () => {
    const clock = createStoppedClock();
    const { grantCache, observations } = shop.startProcess({ clock });
    await grantCache.grantsFor(ann);
    clock.advanceSeconds(HOUR_SECONDS - 601);
    await shop.addFault({ match: { path: "/permissions$" }, status: 503 });
    await grantCache.grantsFor(ann);
    await expect
      .poll(() => observations)
      .toContainEqual({
        kind: "grants-refresh-failed",
        cosmosUserId: "ann",
        error: expect.objectContaining({ code: "UPSTREAM_UNAVAILABLE" }),
      });
  });

  test("a lifetime shorter than refreshAheadSeconds does not mint at every use", async () => {
    const clock = createStoppedClock();
    const tokens = { lifetimeSeconds: 600, refreshAheadSeconds: 600 };
    const { grantCache } = shop.startProcess({ clock, tokens });
    await grantCache.grantsFor(ann);
    clock.advanceSeconds(200);
    await grantCache.grantsFor(ann);
    await grantCache.grantsFor(ann);
    expect(await feedReads()).toBe(1);
  });
});

describe("deadlines", () => {
  test("a caller's deadline ends its own wait and nobody else's", async () => {
    await provisioned(ann);
    const { grantCache } = shop.startProcess();
    await shop.addFault({ match: { path: "/permissions$" }, delayMs: 100 });
    const deadline = new AbortController();
    const first = grantCache.grantsFor(ann, deadline.signal);
    const second = grantCache.grantsFor(ann, new AbortController().signal);
    deadline.abort();
    await expect(first).rejects.toMatchObject({ code: "TIMEOUT" });
    expect((await second).grants).toHaveLength(1);
    expect(await feedReads()).toBe(1);
  });

  test("a caller's deadline ends its wait for a renewal as well", async () => {
    const { grantCache } = shop.startProcess();
    const stale = await grantCache.grantsFor(ann);
    await shop.addFault({ match: { path: "/permissions$" }, delayMs: 100 });
    const deadline = new AbortController();
    const renewal = grantCache.renew(ann, stale, deadline.signal);
    deadline.abort();
    await expect(renewal).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("a mint that everyone left is no failure for who comes later", async () => {
    const { grantCache } = shop.startProcess();
    await shop.addFault({ match: { path: "/users/ann/permissions$" }, delayMs: 50 });
    const deadline = new AbortController();
    const left = grantCache.grantsFor(ann, deadline.signal);
    deadline.abort();
    await expect(left).rejects.toMatchObject({ code: "TIMEOUT" });
    await untilFeedReads(1);
    // Several answers later the mint has seen that nobody waits.
    await grantCache.grantsFor(accessOf("bob", ordersAll));
    expect((await grantCache.grantsFor(ann)).grants).toHaveLength(1);
  });

  test("who comes while a mint that everyone left is ending gets a new one", async () => {
    const { grantCache } = shop.startProcess();
    const others = Array.from({ length: MAX_ACCOUNT_REQUESTS }, (_, index) => `other-${index}`);
    const path = "/users/other-[0-9]+/permissions$";
    await shop.addFault({ match: { path, method: "GET" }, times: others.length, delayMs: 100 });
    const minted = others.map((id) => grantCache.grantsFor(accessOf(id, ordersAll)));
    const deadline = new AbortController();
    const left = grantCache.grantsFor(ann, deadline.signal).catch((error: Error) => error);
    // Now it waits for its turn behind the others, and ends as soon as nobody waits for it.
    await nextTurn();
    deadline.abort();
    expect(await left).toMatchObject({ code: "TIMEOUT" });
    expect((await grantCache.grantsFor(ann)).grants).toHaveLength(1);
    await Promise.all(minted);
  });
});

describe("what a caller is told whose wait ended", () => {
  test("is what ended it, where that is an error of the gateway", async () => {
    await shop.addFault({ match: { path: "/permissions$" }, delayMs: 100 });
    const waiter = new AbortController();
    const wait = shop.startProcess().grantCache.grantsFor(ann, waiter.signal);
    const reason = new GatewayError("OVERLOADED", "The server is about to stop.");
    waiter.abort(reason);
    await expect(wait).rejects.toBe(reason);
  });

  test("is that time ran out, and where", async () => {
    await shop.addFault({ match: { path: "/permissions$" }, delayMs: 100 });
    const waiter = new AbortController();
    const wait = shop.startProcess().grantCache.grantsFor(ann, waiter.signal);
    waiter.abort();
    await expect(wait).rejects.toMatchObject({
      code: "TIMEOUT",
      message: "The data store did not answer in time.",
      logReason: "the request's deadline passed while the permissions were read",
    });
  });

  test("is when to come again, where it was throttling that it waited for", async () => {
    await shop.addFault({ match: { path: "/users" }, times: 9, status: 429, retryAfterMs: 4_000 });
    const { grantCache, accountClient } = shop.startProcess();
    const waiter = new AbortController();
    const outcome = grantCache.grantsFor(ann, waiter.signal).catch((error: unknown) => error);
    await expect.poll(accountClient.throttledForMs).toBeGreaterThan(1_000);
    waiter.abort();
    const error = await outcome;
    expect(error).toMatchObject({
      code: "THROTTLED",
      message: "The data store is busy. Try again later.",
      logReason: "account metadata: the request's deadline passed while the permissions were read",
    });
    expect(error instanceof GatewayError && error.retryAfterMs).toBeGreaterThan(1_000);
  });
});

describe("failures", () => {
  test("a failure is answered from memory for two seconds, and not longer", async () => {
    await provisioned(ann);
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock });
    await shop.addFault({ match: { path: "/permissions$" }, status: 503 });
    const failed = { code: "UPSTREAM_UNAVAILABLE" };
    await Promise.all(
      Array.from({ length: 100 }, () =>
        expect(grantCache.grantsFor(ann)).rejects.toMatchObject(failed),
      ),
    );
    clock.advanceSeconds(2);
    await expect(grantCache.grantsFor(ann)).rejects.toMatchObject(failed);
    expect(await feedReads()).toBe(1);
    clock.advanceSeconds(0.001);
    expect((await grantCache.grantsFor(ann)).grants).toHaveLength(1);
  });

  test("a failure is forgotten when the clock is put back", async () => {
    await provisioned(ann);
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock });
    await shop.addFault({ match: { path: "/permissions$" }, status: 503 });
    await expect(grantCache.grantsFor(ann)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    clock.advanceSeconds(-1200);
    expect((await grantCache.grantsFor(ann)).grants).toHaveLength(1);
  });

  test("one user's failure is not another's", async () => {
    const { grantCache } = shop.startProcess();
    await shop.addFault({ match: { path: "/users/ann/permissions$" }, status: 503 });
    await expect(grantCache.grantsFor(ann)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect((await grantCache.grantsFor(accessOf("bob", ordersAll))).grants).toHaveLength(1);
  });
});

describe("renew", () => {
  test("1,000 holders of one expired set cost one feed read and get the same new one", async () => {
    const { grantCache } = shop.startProcess();
    const stale = await grantCache.grantsFor(ann);
    await shop.forgetRequests();
    const renewed = await Promise.all(
      Array.from({ length: 1000 }, () => grantCache.renew(ann, stale)),
    );
    expect(new Set(renewed).size).toBe(1);
    expect(renewed[0]).not.toBe(stale);
    expect(await grantCache.grantsFor(ann)).toBe(renewed[0]);
    expect(await feedReads()).toBe(1);
  });

  test("who comes late with the old ones gets the new ones from the cache", async () => {
    const { grantCache } = shop.startProcess();
    const stale = await grantCache.grantsFor(ann);
    const renewed = await grantCache.renew(ann, stale);
    await shop.forgetRequests();
    expect(await grantCache.renew(ann, stale)).toBe(renewed);
    expect(await feedReads()).toBe(0);
  });

  test("who comes with refused grants gets none whose end has come", async () => {
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock });
    const stale = await grantCache.grantsFor(ann);
    const renewed = await grantCache.renew(ann, stale);
    clock.advanceSeconds(HOUR_SECONDS);
    expect(await grantCache.renew(ann, stale)).not.toBe(renewed);
  });

  test("who asks while a renewal is under way waits for it", async () => {
    const { grantCache } = shop.startProcess();
    const stale = await grantCache.grantsFor(ann);
    const renewal = grantCache.renew(ann, stale);
    expect(await grantCache.grantsFor(ann)).toBe(await renewal);
  });
});
