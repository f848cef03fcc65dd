import type { HttpClient } from "@azure/core-rest-pipeline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createCosmosTransport } from "../../src/cosmos/cosmos-transport.ts";
import { Secret } from "../../src/secret.ts";
import { createAccountClient } from "../../src/tokens/account-client.ts";
import { createGrantCache } from "../../src/tokens/grant-cache.ts";
import { accessOf, type EmulatedShop, startEmulatedShop, wants } from "./emulated-shop.ts";

let shop: EmulatedShop;
beforeEach(async () => {
  shop = await startEmulatedShop();
});
afterEach(() => shop.stop());

/** A process that counts how many account requests are on the wire at a time. */
function startCountedProcess() {
  const transport = createCosmosTransport();
  let underWay = 0;
  let most = 0;
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      underWay += 1;
      most = Math.max(most, underWay);
      try {
        return await transport.httpClient.sendRequest(request);
      } finally {
        underWay -= 1;
      }
    },
  };
  const options = { clock: systemClock, observe: () => {} };
  const accountClient = createAccountClient({
    ...options,
    endpoint: shop.emulator.endpoint,
    keys: shop.emulator.keys.map((key) => new Secret(key)),
    database: "shop",
    httpClient,
  });
  const tokens = {
    lifetimeSeconds: 3600,
    refreshAheadSeconds: 600,
    maxCachedUsers: 10_000,
    provision: "auto",
    issue: false,
  } as const;
  return {
    grantCache: createGrantCache({ ...options, accountClient, tokens }),
    mostUnderWay: () => most,
    close: () => transport.close(),
  };
}

const accessOfUser = (index: number) =>
  accessOf(
    `user-${index}`,
    wants("orders", "All", { partitionKey: [`tenant-${index}`] }),
    wants("carts", "Read", { partitionKey: [`tenant-${index}`] }),
  );

test("300 users at a time all get their grants, sixteen account requests at a time", async () => {
  await shop.addFault({ match: { path: "/users" }, times: 300, status: 429, retryAfterMs: 1 });
  const { grantCache, mostUnderWay, close } = startCountedProcess();
  const users = Array.from({ length: 300 }, (_, index) => accessOfUser(index));
  const all = await Promise.all(users.map((access) => grantCache.grantsFor(access)));
  expect(all.map(({ cosmosUserId, grants }) => [cosmosUserId, grants.length])).toEqual(
    users.map(({ cosmosUserId }) => [cosmosUserId, 2]),
  );
  expect(mostUnderWay()).toBe(16);
  close();
});

test("users are served in the order they came, those that are made complete before new ones begin", async () => {
  const { grantCache, close } = startCountedProcess();
  const done: number[] = [];
  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      await grantCache.grantsFor(accessOfUser(index));
      done.push(index);
    }),
  );
  // Of each user all requests are done before those of a user who came fifty later begin.
  const begun = (await shop.requests()).map(({ path, kind, status }) => ({
    user: Number(/user-(\d+)\//.exec(path)?.[1]),
    isFirst: kind === "permission-feed" && status === 404,
  }));
  for (const [place, { user, isFirst }] of begun.entries()) {
    if (isFirst && user >= 50) {
      expect(begun.slice(place).map((later) => later.user)).not.toContain(user - 50);
    }
  }
  expect(done.slice(0, 100).every((index) => index < 150)).toBe(true);
  close();
});
