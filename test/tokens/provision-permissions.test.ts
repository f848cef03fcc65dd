import { CosmosClient, type PermissionDefinition } from "@azure/cosmos";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
const ordersRead = { ...ordersAll, mode: "Read" } as const;
const cartsAll = wants("carts", "All", { partitionKey: ["contoso", "ann"] });
const orderItem = wants("orders", "Read", { item: "1" });

/** An operator's own tool, with the account key. */
function operator() {
  const client = new CosmosClient({
    endpoint: shop.emulator.endpoint,
    key: shop.emulator.keys[0],
    connectionPolicy: { enableBackgroundEndpointRefreshing: false },
  });
  return client.database("shop");
}

async function permissionsOf(cosmosUserId: string) {
  const { resources } = await operator().user(cosmosUserId).permissions.readAll().fetchAll();
  return resources
    .map(({ id, permissionMode, resource, resourcePartitionKey }) => ({
      id,
      permissionMode,
      resource,
      ...(resourcePartitionKey !== undefined && { resourcePartitionKey }),
    }))
    .sort((left, right) => left.id.localeCompare(right.id));
}

async function addPermission(cosmosUserId: string, body: object): Promise<void> {
  const database = operator();
  await database.users.upsert({ id: cosmosUserId });
  // The SDK's type knows no plain text for the mode.
  await database.user(cosmosUserId).permissions.create(body as PermissionDefinition);
}

async function kinds(): Promise<readonly string[]> {
  return (await shop.requests()).map(({ kind, status }) => `${kind} ${status}`);
}

describe("provision: auto", () => {
  test("a new user gets what its profile asks for, and the feed is read once", async () => {
    const { grantCache, observations } = shop.startProcess();
    const grants = await grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll, orderItem));
    expect(scopesOf(grants)).toMatchObject([
      { container: "orders", partitionKey: ["contoso"], mode: "All" },
      { container: "carts", partitionKey: ["contoso", "ann"], mode: "All" },
      { container: "orders", item: "1", mode: "Read" },
    ]);
    expect(await kinds()).toEqual([
      "permission-feed 404",
      "create 201",
      "create 201",
      "create 201",
      "create 201",
    ]);
    expect(observations).toContainEqual({
      kind: "permission-created",
      cosmosUserId: "ann",
      permissionId: cartsAll.permissionId,
      mode: "All",
    });
    expect(observations.at(-1)).toEqual({
      kind: "grants-minted",
      cosmosUserId: "ann",
      grants: 3,
      provisioned: true,
    });
  });

  test("a new user whose profile asks for nothing is made all the same, and that is said", async () => {
    const { grantCache, observations } = shop.startProcess();
    expect((await grantCache.grantsFor(accessOf("ann"))).grants).toEqual([]);
    expect(observations).toEqual([
      { kind: "grants-minted", cosmosUserId: "ann", grants: 0, provisioned: true },
    ]);
  });

  test("one permission that is missing beside one that is there is made, and that is said", async () => {
    await shop.startProcess().grantCache.grantsFor(accessOf("ann", ordersAll));
    const { grantCache, observations } = shop.startProcess();
    await grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll));
    expect(observations).toMatchObject([
      { kind: "permission-created", permissionId: cartsAll.permissionId },
      { kind: "grants-minted", grants: 2, provisioned: true },
    ]);
  });

  test("grants do not rest on the id of a permission alone", async () => {
    const { grantCache } = shop.startProcess();
    for (const scope of [
      { container: "orders", partitionKey: ["contoso"] },
      { container: "orders", partitionKey: ["fabrikam"] },
      { container: "orders", partitionKey: ["fabrikam"], item: "1" },
      { container: "carts", partitionKey: ["fabrikam"] },
    ]) {
      const access = accessOf("ann", { permissionId: "gateway-1", mode: "All", ...scope });
      expect(scopesOf(await grantCache.grantsFor(access))).toMatchObject([scope]);
    }
  });

  test("a user that has it all costs one read of the feed", async () => {
    await shop.startProcess().grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll));
    await shop.forgetRequests();
    const { grantCache, observations } = shop.startProcess();
    const { grants } = await grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll));
    expect(grants).toHaveLength(2);
    expect(await kinds()).toEqual(["permission-feed 200"]);
    expect(observations).toEqual([
      { kind: "grants-minted", cosmosUserId: "ann", grants: 2, provisioned: false },
    ]);
  });

  test("a permission whose mode drifted is replaced, and the new token has the new mode", async () => {
    await shop.startProcess().grantCache.grantsFor(accessOf("ann", ordersRead));
    const { grantCache, openItems, observations } = shop.startProcess();
    const access = accessOf("ann", ordersAll);
    const grants = await grantCache.grantsFor(access);
    expect(observations).toMatchObject([
      { kind: "permission-replaced", mode: "All" },
      { kind: "grants-minted", provisioned: true },
    ]);
    const body = { id: "new", tenantId: "contoso" };
    const created = await openItems(access, grants).create("orders", body, ["contoso"]);
    expect(created.id).toBe("new");
  });

  test.each(["all", "ALL"])("a permission with the mode written %s is as wanted", async (mode) => {
    await addPermission("ann", {
      id: ordersAll.permissionId,
      permissionMode: mode,
      resource: "dbs/shop/colls/orders",
      resourcePartitionKey: ["contoso"],
    });
    await shop.forgetRequests();
    const { grantCache } = shop.startProcess();
    const { grants } = await grantCache.grantsFor(accessOf("ann", ordersAll));
    expect(grants.map(({ scope }) => scope)).toMatchObject([{ container: "orders", mode: "All" }]);
    expect(await kinds()).toEqual(["permission-feed 200"]);
    expect(await permissionsOf("ann")).toMatchObject([{ permissionMode: mode }]);
  });

  test("a permission whose resource or partition key drifted is put right", async () => {
    await addPermission("ann", {
      id: ordersAll.permissionId,
      permissionMode: "All",
      resource: "dbs/shop/colls/orders",
    });
    await addPermission("ann", {
      id: cartsAll.permissionId,
      permissionMode: "All",
      resource: "dbs/shop/colls/orders",
      resourcePartitionKey: ["elsewhere"],
    });
    await shop.startProcess().grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll));
    expect(await permissionsOf("ann")).toEqual([
      {
        id: cartsAll.permissionId,
        permissionMode: "All",
        resource: "dbs/shop/colls/carts",
        resourcePartitionKey: ["contoso", "ann"],
      },
      {
        id: ordersAll.permissionId,
        permissionMode: "All",
        resource: "dbs/shop/colls/orders",
        resourcePartitionKey: ["contoso"],
      },
    ]);
  });

  test("what the gateway made and no profile asks for any more is deleted", async () => {
    const { grantCache, observations } = shop.startProcess();
    await grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll));
    const { grants } = await grantCache.grantsFor(accessOf("ann", ordersAll));
    expect(grants.map(({ scope }) => scope.container)).toEqual(["orders"]);
    expect((await permissionsOf("ann")).map(({ id }) => id)).toEqual([ordersAll.permissionId]);
    expect(observations).toContainEqual({
      kind: "permission-deleted",
      cosmosUserId: "ann",
      permissionId: cartsAll.permissionId,
      mode: "All",
    });
    expect(observations.at(-1)).toMatchObject({ kind: "grants-minted", provisioned: true });
  });

  test("a permission that another process deleted meanwhile is not said to be deleted again", async () => {
    await shop.startProcess().grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll));
    await shop.addFault({ match: { method: "DELETE" }, status: 404 });
    const { grantCache, observations } = shop.startProcess();
    const grants = await grantCache.grantsFor(accessOf("ann", ordersAll));
    expect(scopesOf(grants).map(({ container }) => container)).toEqual(["orders"]);
    expect(observations.map(({ kind }) => kind)).toEqual(["grants-minted"]);
  });

  test("own permissions that changed places are put right, and do not count as others'", async () => {
    await addPermission("ann", {
      id: cartsAll.permissionId,
      permissionMode: "All",
      resource: "dbs/shop/colls/orders",
      resourcePartitionKey: ["contoso"],
    });
    const { grantCache, observations } = shop.startProcess();
    const grants = await grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll));
    expect(scopesOf(grants).map(({ container }) => container)).toEqual(["orders", "carts"]);
    expect(observations.map(({ kind }) => kind)).not.toContain("permission-held-by-another");
  });

  test("an own permission under an old id gives way to the one that is wanted", async () => {
    await addPermission("ann", {
      id: "gateway-by-an-older-scheme",
      permissionMode: "All",
      resource: "dbs/shop/colls/orders",
      resourcePartitionKey: ["contoso"],
    });
    await shop.startProcess().grantCache.grantsFor(accessOf("ann", ordersAll));
    expect((await permissionsOf("ann")).map(({ id }) => id)).toEqual([ordersAll.permissionId]);
  });

  test("permissions of others are left alone, and their tokens are honoured", async () => {
    await addPermission("ann", {
      id: "by-hand",
      permissionMode: "read",
      resource: "dbs/shop/colls/carts/",
    });
    const { grantCache } = shop.startProcess();
    const { grants } = await grantCache.grantsFor(accessOf("ann", ordersAll));
    expect(grants.map(({ scope }) => scope)).toMatchObject([
      { permissionId: ordersAll.permissionId },
      { permissionId: "by-hand", container: "carts", mode: "Read" },
    ]);
    expect((await permissionsOf("ann")).map(({ id }) => id)).toContain("by-hand");
  });

  test("a permission of others on the same resource is neither changed nor fought over", async () => {
    await addPermission("ann", {
      id: "by-hand",
      permissionMode: "Read",
      resource: "dbs/shop/colls/orders",
      resourcePartitionKey: ["contoso"],
    });
    const { grantCache, observations } = shop.startProcess();
    const { grants } = await grantCache.grantsFor(accessOf("ann", ordersAll));
    expect(grants.map(({ scope }) => scope)).toMatchObject([
      { permissionId: "by-hand", mode: "Read" },
    ]);
    expect(observations[0]).toMatchObject({
      kind: "permission-held-by-another",
      permissionId: ordersAll.permissionId,
      heldBy: "by-hand",
    });
    expect(observations[1]).toMatchObject({ kind: "grants-minted", provisioned: false });
  });

  test("permissions that the gateway can't use give no grant", async () => {
    const { resource: database } = await operator().read();
    const { resource: orders } = await operator().container("orders").read();
    await addPermission("ann", {
      id: "rid-link",
      permissionMode: "All",
      resource: `dbs/${database?._rid}/colls/${orders?._rid}/`,
    });
    await addPermission("ann", {
      id: "no-plain-value",
      permissionMode: "All",
      resource: "dbs/shop/colls/orders",
      resourcePartitionKey: [{}],
    });
    await addPermission("ann", {
      id: "script",
      permissionMode: "All",
      resource: "dbs/shop/colls/orders/sprocs/bulk",
    });
    const { grantCache } = shop.startProcess({ tokens: { provision: "existing" } });
    expect((await grantCache.grantsFor(accessOf("ann"))).grants).toEqual([]);
  });
});

describe("several processes at once", () => {
  test("eight processes provision one new user together, and each gets grants that work", async () => {
    const access = accessOf("ann", ordersAll, cartsAll);
    const processes = Array.from({ length: 8 }, () => shop.startProcess());
    const all = await Promise.all(
      processes.map(async ({ grantCache, openItems }) => {
        const grants = await grantCache.grantsFor(access);
        const items = openItems(access, grants);
        await items.read("orders", "1", ["contoso"]);
        await items.read("carts", "cart", ["contoso", "ann"]);
        return grants;
      }),
    );
    expect(all.map(({ grants }) => grants.length)).toEqual(Array(8).fill(2));
    expect(await permissionsOf("ann")).toHaveLength(2);
  });

  test("processes with different configurations each get what theirs asks for", async () => {
    const wide = shop.startProcess().grantCache;
    const narrow = shop.startProcess().grantCache;
    for (let round = 0; round < 10; round += 1) {
      const [fromWide, fromNarrow] = await Promise.all([
        wide.grantsFor(accessOf(`user-${round}`, ordersAll, cartsAll)),
        narrow.grantsFor(accessOf(`user-${round}`, ordersRead)),
      ]);
      expect(scopesOf(fromWide).map(({ mode }) => mode)).toEqual(["All", "All"]);
      expect(scopesOf(fromNarrow).map(({ mode }) => mode)).toEqual(["Read"]);
    }
  });

  test("an answer that another process was quicker sends it back to the feed", async () => {
    await shop.addFault({ match: { method: "POST", path: "/users$" }, status: 409 });
    await shop.addFault({ match: { method: "POST", path: "/permissions$" }, status: 404 });
    const { grantCache } = shop.startProcess();
    const { grants } = await grantCache.grantsFor(accessOf("ann", ordersAll));
    expect(grants).toHaveLength(1);
  });

  test("a user that another process made meanwhile is looked at before anything is made", async () => {
    await shop.addFault({ match: { method: "POST", path: "/users$" }, status: 409 });
    await shop.startProcess().grantCache.grantsFor(accessOf("ann", ordersAll));
    expect(await kinds()).toEqual([
      "permission-feed 404",
      "create 409",
      "permission-feed 404",
      "create 201",
      "create 201",
    ]);
  });

  test("one permission of several that another process was quicker with is had in the end", async () => {
    await shop.addFault({ match: { method: "POST", path: "/permissions$" }, status: 409 });
    const { grantCache } = shop.startProcess();
    const { grants } = await grantCache.grantsFor(accessOf("ann", ordersAll, cartsAll));
    expect(grants).toHaveLength(2);
  });

  test("it gives up on a user that never comes to rest, and says so", async () => {
    await shop.addFault({
      match: { path: "/permissions$", method: "POST" },
      status: 409,
      times: 99,
    });
    const { grantCache } = shop.startProcess();
    await expect(grantCache.grantsFor(accessOf("ann", ordersAll))).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      message: "The data store can't be used at the moment.",
      logReason: "the permissions of Cosmos user ann kept changing while they were provisioned",
      retryAfterMs: 1_000,
    });
    expect((await kinds()).filter((kind) => kind.startsWith("permission-feed"))).toHaveLength(5);
  });
});

describe("provision: existing", () => {
  test("only reads what is there", async () => {
    await addPermission("ann", {
      id: "gateway-left-over",
      permissionMode: "Read",
      resource: "dbs/shop/colls/orders",
    });
    await shop.forgetRequests();
    const { grantCache, observations } = shop.startProcess({ tokens: { provision: "existing" } });
    const { grants } = await grantCache.grantsFor(accessOf("ann", cartsAll));
    expect(grants.map(({ scope }) => scope)).toMatchObject([{ container: "orders", mode: "Read" }]);
    expect(observations).toMatchObject([{ kind: "grants-minted", provisioned: false }]);
    expect(await kinds()).toEqual(["permission-feed 200"]);
  });

  test("a user that does not exist has no grants, for a few seconds", async () => {
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock, tokens: { provision: "existing" } });
    const access = accessOf("ann", ordersAll);
    expect((await grantCache.grantsFor(access)).grants).toEqual([]);
    await addPermission("ann", {
      id: "by-hand",
      permissionMode: "Read",
      resource: "dbs/shop/colls/orders",
    });
    await shop.forgetRequests();
    clock.advanceSeconds(4);
    expect((await grantCache.grantsFor(access)).grants).toEqual([]);
    expect(await kinds()).toEqual([]);
    clock.advanceSeconds(1);
    expect((await grantCache.grantsFor(access)).grants).toHaveLength(1);
  });

  test("a user without grants is looked up again when the clock is put back", async () => {
    const clock = createStoppedClock();
    const { grantCache } = shop.startProcess({ clock, tokens: { provision: "existing" } });
    const access = accessOf("ann", ordersAll);
    expect((await grantCache.grantsFor(access)).grants).toEqual([]);
    await addPermission("ann", {
      id: "by-hand",
      permissionMode: "Read",
      resource: "dbs/shop/colls/orders",
    });
    clock.advanceSeconds(-1200);
    expect((await grantCache.grantsFor(access)).grants).toHaveLength(1);
  });
});
