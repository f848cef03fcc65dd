import { afterEach, beforeEach, expect, test } from "vitest";
import type { Access } from "../../src/access/access.ts";
import type { GrantCache } from "../../src/tokens/grant-cache.ts";
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

const wanted = [
  wants("orders", "All", { partitionKey: ["contoso"] }),
  wants("orders", "Read", { partitionKey: ["fabrikam"] }),
  wants("carts", "All", { partitionKey: ["contoso", "ann"] }),
];

const clock = createStoppedClock();

/** As a caller would: asks again when told that it makes sense. */
async function persist(grantCache: GrantCache, access: Access) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await grantCache.grantsFor(access);
    } catch (error) {
      expect(error).toMatchObject({
        code: expect.stringMatching(/UPSTREAM_UNAVAILABLE|THROTTLED/),
      });
      if (attempt === 50) {
        throw error;
      }
      clock.advanceSeconds(3);
    }
  }
}

test("whatever Cosmos DB answers on the way, all processes end with the wanted permissions", async () => {
  const faults = [
    { status: 429, retryAfterMs: 2 },
    { status: 449 },
    { status: 409 },
    { status: 404 },
    { status: 503 },
    { status: 408 },
    { status: 401 },
    { drop: true },
  ];
  const processes = Array.from({ length: 4 }, () => shop.startProcess({ clock }));
  for (let round = 0; round < 12; round += 1) {
    for (const [index, fault] of faults.entries()) {
      const method = ["GET", "POST", "POST"][(index + round) % 3] as string; // one of the three
      const path = (index + round) % 2 === 0 ? "/users" : "/permissions$";
      await shop.addFault({ match: { method, path }, times: 1 + (round % 3), ...fault });
    }
    const access = accessOf(`user-${round}`, ...wanted);
    const all = await Promise.all(processes.map(({ grantCache }) => persist(grantCache, access)));
    await shop.clearFaults();
    for (const { grants } of all) {
      expect(new Set(grants.map(({ scope }) => scope.permissionId))).toEqual(
        new Set(wanted.map(({ permissionId }) => permissionId)),
      );
    }
    const { accountClient } = shop.startProcess();
    const feed = await accountClient.readPermissionFeed(access.cosmosUserId, 600);
    expect(feed?.map(({ permissionId, mode }) => `${permissionId} ${mode}`).sort()).toEqual(
      wanted.map(({ permissionId, mode }) => `${permissionId} ${mode}`).sort(),
    );
  }
});
