import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GatewayError } from "../../src/gateway-error.ts";
import { accessOf, type EmulatedShop, startEmulatedShop, wants } from "./emulated-shop.ts";

const OTHER_KEY = Buffer.from("a key that this account does not have").toString("base64");
const LIFETIME_SECONDS = 3600;

let shop: EmulatedShop;

beforeEach(async () => {
  shop = await startEmulatedShop();
});

afterEach(() => shop.stop());

async function failureOf(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error as GatewayError;
}

describe("account keys", () => {
  test("a refused key is reported by its index and the next one is used", async () => {
    const { accountClient, observations } = shop.startProcess({
      keys: [OTHER_KEY, shop.emulator.keys[1]],
    });
    expect(await accountClient.createUser("ann")).toBe("created");
    expect(observations).toEqual([{ kind: "account-key-refused", keyIndex: 0 }]);
  });

  test("the key that worked last is tried first", async () => {
    const { accountClient } = shop.startProcess({ keys: [OTHER_KEY, shop.emulator.keys[0]] });
    await accountClient.checkDatabase();
    await shop.forgetRequests();
    await accountClient.checkDatabase();
    await accountClient.readPermissionFeed("nobody", LIFETIME_SECONDS);
    expect((await shop.requests()).map(({ status }) => status)).toEqual([200, 404]);
  });

  test("an answer that is part of the work counts as one for the key that got it", async () => {
    const { accountClient, observations } = shop.startProcess({
      keys: [OTHER_KEY, shop.emulator.keys[0]],
    });
    await accountClient.readPermissionFeed("nobody", LIFETIME_SECONDS);
    await accountClient.readPermissionFeed("nobody", LIFETIME_SECONDS);
    expect(observations).toHaveLength(1);
  });

  test("when every key is refused the log names cosmos.keys, and no key is in any text", async () => {
    const { accountClient, observations } = shop.startProcess({ keys: [OTHER_KEY, OTHER_KEY] });
    const error = await failureOf(accountClient.readPermissionFeed("ann", LIFETIME_SECONDS));
    expect(error.code).toBe("UPSTREAM_UNAVAILABLE");
    expect(error.logReason).toContain("cosmos.keys");
    expect(error.message).not.toContain("cosmos");
    // The error says it. A line for each key and each request would say it over and over.
    expect(observations).toEqual([]);
    const everything = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
    expect(everything).not.toContain(OTHER_KEY);
  });
});

describe("what can't be used", () => {
  test("an endpoint that does not answer is named as cosmos.endpoint, without waiting", async () => {
    const { accountClient } = shop.startProcess({ endpoint: "http://127.0.0.1:1/" });
    const error = await failureOf(accountClient.checkDatabase());
    expect(error.code).toBe("UPSTREAM_UNAVAILABLE");
    expect(error.logReason).toContain("cosmos.endpoint http://127.0.0.1:1/");
    expect(error.logReason).toContain("ECONNREFUSED");
  });

  test("a host that does not exist is named as cosmos.endpoint, without the SDK's 120 repeats", async () => {
    const { accountClient } = shop.startProcess({ endpoint: "http://nowhere.invalid/" });
    const error = await failureOf(accountClient.checkDatabase());
    expect(error.logReason).toContain("cosmos.endpoint http://nowhere.invalid/");
  });

  test("a missing database is named as cosmos.database", async () => {
    const { accountClient } = shop.startProcess({ database: "shoop" });
    const error = await failureOf(accountClient.checkDatabase());
    expect(error.logReason).toContain(`cosmos.database: there is no database "shoop"`);
    expect((await failureOf(accountClient.createUser("ann"))).logReason).toContain(
      "cosmos.database",
    );
  });

  test("a container is read with its partition key, and is undefined if there is none", async () => {
    const { accountClient } = shop.startProcess();
    expect(await accountClient.readContainer("carts")).toEqual({
      id: "carts",
      partitionKeyPaths: ["/tenantId", "/customerId"],
    });
    expect(await accountClient.readContainer("nothing")).toBeUndefined();
  });
});

describe("throttling", () => {
  test("429 and 449 are waited out", async () => {
    const { accountClient } = shop.startProcess();
    await shop.addFault({ match: { method: "POST" }, status: 429, retryAfterMs: 5, times: 2 });
    await shop.addFault({ match: { method: "POST" }, status: 449, times: 1 });
    expect(await accountClient.createUser("ann")).toBe("created");
  });

  test("an answer that asks for a long wait is passed on with the time", async () => {
    const { accountClient } = shop.startProcess();
    await shop.addFault({ match: {}, status: 429, retryAfterMs: 90_000 });
    const error = await failureOf(accountClient.createUser("ann"));
    expect(error).toMatchObject({ code: "THROTTLED", retryAfterMs: 90_000 });
  });
});

describe("users and permissions", () => {
  test("a token never shows in what is printed", async () => {
    const { accountClient } = shop.startProcess();
    await accountClient.createUser("ann");
    const created = await accountClient.createPermission(
      "ann",
      wants("orders", "All", { partitionKey: ["contoso"] }),
      LIFETIME_SECONDS,
    );
    const feed = await accountClient.readPermissionFeed("ann", LIFETIME_SECONDS);
    expect(inspect([created, feed], { depth: 10, showHidden: true })).not.toContain(
      "type=resource",
    );
    expect(JSON.stringify([created, feed])).not.toContain("type=resource");
  });

  test("a feed of more than one page is read whole, one request a page", async () => {
    const { accountClient } = shop.startProcess();
    await accountClient.createUser("ann");
    await Promise.all(
      Array.from({ length: 1_010 }, (_, tenant) => {
        const wanted = wants("orders", "Read", { partitionKey: [`tenant-${tenant}`] });
        return accountClient.createPermission("ann", wanted, LIFETIME_SECONDS);
      }),
    );
    await shop.forgetRequests();
    const feed = await accountClient.readPermissionFeed("ann", LIFETIME_SECONDS);
    expect(new Set(feed?.map(({ permissionId }) => permissionId)).size).toBe(1_010);
    expect(await shop.requests()).toHaveLength(2);
  });

  test("tokens live as long as was asked for, whatever minted them", async () => {
    const hours = { tokens: { lifetimeSeconds: 4 * 3600 } };
    const reader = accessOf("ann", wants("orders", "Read"));
    const writer = accessOf("ann", wants("orders", "All"));
    const opened = [];
    // Created, read from the feed, and replaced.
    for (const access of [reader, reader, writer]) {
      const { grantCache, openItems } = shop.startProcess(hours);
      opened.push(openItems(access, await grantCache.grantsFor(access)));
    }
    await shop.advanceSeconds(4 * 3600);
    await shop.forgetRequests();
    for (const items of opened) {
      expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ id: "1" });
    }
    const kinds = (await shop.requests()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "permission-feed")).toEqual([]);
  });

  test("what is there, and what is not, are results", async () => {
    const { accountClient } = shop.startProcess();
    const wanted = wants("orders", "Read");
    expect(await accountClient.readPermissionFeed("ann", LIFETIME_SECONDS)).toBeUndefined();
    expect(await accountClient.createPermission("ann", wanted, LIFETIME_SECONDS)).toBe("missing");
    expect(await accountClient.createUser("ann")).toBe("created");
    expect(await accountClient.createUser("ann")).toBe("exists");
    expect(await accountClient.replacePermission("ann", wanted, LIFETIME_SECONDS)).toBe("missing");
    expect(await accountClient.createPermission("ann", wanted, LIFETIME_SECONDS)).toMatchObject({
      scope: { container: "orders" },
    });
    expect(await accountClient.createPermission("ann", wanted, LIFETIME_SECONDS)).toBe("exists");
    expect(await accountClient.deletePermission("ann", wanted.permissionId)).toBe("deleted");
    expect(await accountClient.deletePermission("ann", wanted.permissionId)).toBe("missing");
  });

  test.each(["..", ".", "", " ", "a/b", "a\\b", "a?b", "a#b", "a ", "\ud800"])(
    "the id %j sends nothing",
    async (id) => {
      const { accountClient } = shop.startProcess();
      const error = await failureOf(accountClient.readPermissionFeed(id, LIFETIME_SECONDS));
      expect(error.code).toBe("NO_ACCESS_PROFILE");
      expect(await shop.requests()).toEqual([]);
    },
  );

  test("a user id may hold any character that Cosmos DB allows", async () => {
    const { accountClient } = shop.startProcess();
    const ids = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      // Control characters are no part of an id that an access profile makes.
      .map((id) => `member:${id.replace(/[/\\?#\p{Cc}]/gu, "%")}:x`);
    await fc.assert(
      fc.asyncProperty(ids, async (id) => {
        expect(await accountClient.createUser(id)).toMatch(/created|exists/);
        const wanted = wants("orders", "Read");
        const created = await accountClient.createPermission(id, wanted, LIFETIME_SECONDS);
        expect(created === "exists" || typeof created === "object").toBe(true);
        expect(await accountClient.readPermissionFeed(id, LIFETIME_SECONDS)).toHaveLength(1);
      }),
      {
        numRuns: 60,
        examples: [["a%b@c:d e"], ["%2e%2e"], ["🛒 é ß"], ["docs"], ["100%"], ["a+b&c=d;e,f"]],
      },
    );
  });

  test("nothing of it goes near an item", async () => {
    const { accountClient } = shop.startProcess();
    expect(Object.values(accountClient).map((each) => typeof each)).toEqual(
      Object.values(accountClient).map(() => "function"),
    );
    // The names of an item request, in places where they are harmless.
    await accountClient.createUser("docs");
    expect(await accountClient.readPermissionFeed("docs", LIFETIME_SECONDS)).toEqual([]);
    const sent = await shop.requests();
    expect(sent.filter(({ path }) => /\/colls\/[^/]+\/docs/.test(path))).toEqual([]);
  });
});
