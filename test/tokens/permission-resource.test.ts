import { describe, expect, test } from "vitest";
import type { WantedPermission } from "../../src/access/access.ts";
import {
  coversSameResource,
  isAsWanted,
  type MintedPermission,
  readPermission,
  requirePermission,
  toPermissionBody,
} from "../../src/tokens/permission-resource.ts";

/** As Cosmos DB answers it. */
function resource(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "by-hand",
    permissionMode: "All",
    resource: "dbs/shop/colls/orders",
    resourcePartitionKey: ["contoso"],
    _token: "type=resource&ver=1&sig=x",
    ...change,
  };
}

function scopeOf(change: Record<string, unknown>) {
  return readPermission("shop", resource(change))?.scope;
}

function minted(change: Record<string, unknown>): MintedPermission {
  return requirePermission("shop", resource(change));
}

const wanted: WantedPermission = {
  permissionId: "gateway-orders",
  container: "orders",
  partitionKey: ["contoso"],
  mode: "All",
};

describe("a permission that Cosmos DB answered", () => {
  test("is its id, mode, scope and token", () => {
    const permission = readPermission("shop", resource());
    expect(permission).toMatchObject({ permissionId: "by-hand", mode: "All" });
    expect(permission?.scope).toStrictEqual({ container: "orders", partitionKey: ["contoso"] });
    expect(permission?.resourceToken.reveal()).toBe("type=resource&ver=1&sig=x");
  });

  test.each([
    ["All", "All"],
    ["all", "All"],
    ["Read", "Read"],
    ["READ", "Read"],
    ["Write", "Read"],
    [undefined, "Read"],
  ])("with the mode %j allows %s, and never more than it says", (permissionMode, mode) => {
    expect(readPermission("shop", resource({ permissionMode }))?.mode).toBe(mode);
  });

  test.each([
    undefined,
    null,
    "text",
    {},
    resource({ id: 1 }),
    resource({ resource: undefined }),
    resource({ _token: undefined }),
  ])("is none if it is %j", (answer) => {
    expect(readPermission("shop", answer)).toBeUndefined();
    expect(() => requirePermission("shop", answer)).toThrow(
      expect.objectContaining({
        code: "UPSTREAM_UNAVAILABLE",
        message: "The data store can't be used at the moment.",
        logReason: "Cosmos DB answered a permission without a token",
      }),
    );
  });
});

describe("the scope of a permission", () => {
  test.each([
    ["dbs/shop/colls/orders", { container: "orders" }],
    ["/dbs/shop/colls/orders/", { container: "orders" }],
    ["dbs/shop/colls/orders/docs/1", { container: "orders", item: "1" }],
    ["dbs/shop/colls/orders/docs/1/", { container: "orders", item: "1" }],
  ])("of the link %s is %o", (link, scope) => {
    expect(scopeOf({ resource: link, resourcePartitionKey: undefined })).toStrictEqual(scope);
  });

  test.each([
    "dbs/other/colls/orders",
    "databases/shop/colls/orders",
    "dbs/shop/containers/orders",
    "dbs/shop/colls",
    "dbs/shop",
    "dbs/shop/colls//docs/1",
    "dbs/shop/colls/orders/docs",
    "dbs/shop/colls/orders/docs//1",
    "dbs/shop/colls/orders/docs/1/attachments/2",
    "dbs/shop/colls/orders/sprocs/bulk",
    "dbs/YV1WAA==/colls/YV1WAP7RkxI=/",
  ])("of the link %s is none, so that it gives no grant", (link) => {
    expect(scopeOf({ resource: link })).toBeUndefined();
  });

  test.each([[undefined], [null]])("has no partition key where Cosmos DB says %j", (value) => {
    expect(scopeOf({ resourcePartitionKey: value })).toStrictEqual({ container: "orders" });
  });

  test("takes every value that a level of a partition key can have", () => {
    const partitionKey = ["contoso", 7, true, null];
    expect(scopeOf({ resourcePartitionKey: partitionKey })).toStrictEqual({
      container: "orders",
      partitionKey,
    });
  });

  test.each([["contoso"], [[]], [[{}]], [["contoso", ["ann"]]], [{ 0: "contoso", length: 1 }]])(
    "is none, and never the whole container, where the partition key is %j",
    (value) => {
      expect(scopeOf({ resourcePartitionKey: value })).toBeUndefined();
    },
  );
});

describe("a permission is as wanted", () => {
  test("if mode, container, partition key and item are", () => {
    expect(isAsWanted(minted({}), wanted)).toBe(true);
    const onItem = minted({ resource: "dbs/shop/colls/orders/docs/1" });
    expect(isAsWanted(onItem, { ...wanted, item: "1" })).toBe(true);
  });

  test.each([
    { permissionMode: "Read" },
    { resource: "dbs/shop/colls/carts" },
    { resource: "dbs/shop/colls/orders/docs/1" },
    { resourcePartitionKey: ["fabrikam"] },
    { resourcePartitionKey: ["contoso", "ann"] },
    { resourcePartitionKey: undefined },
    { resource: "dbs/shop/colls/orders/sprocs/bulk" },
  ])("and not with %o", (change) => {
    expect(isAsWanted(minted(change), wanted)).toBe(false);
  });

  test("on a whole container only if a whole container is wanted", () => {
    const whole = { container: "orders" };
    expect(coversSameResource(minted({ resourcePartitionKey: undefined }), whole)).toBe(true);
    expect(coversSameResource(minted({}), whole)).toBe(false);
  });

  test("on the same resource whatever its mode, which is what stands in another's way", () => {
    expect(coversSameResource(minted({ permissionMode: "Read" }), wanted)).toBe(true);
  });
});

describe("the body of a permission", () => {
  test("on a partition has the partition key as a list", () => {
    expect(toPermissionBody("shop", wanted)).toStrictEqual({
      id: "gateway-orders",
      permissionMode: "All",
      resource: "dbs/shop/colls/orders",
      resourcePartitionKey: ["contoso"],
    });
  });

  test("on an item has the item's link", () => {
    expect(toPermissionBody("shop", { ...wanted, item: "1" })).toMatchObject({
      resource: "dbs/shop/colls/orders/docs/1",
    });
  });

  test("on a whole container has no partition key", () => {
    const { partitionKey: _, ...whole } = wanted;
    expect(toPermissionBody("shop", whole)).toStrictEqual({
      id: "gateway-orders",
      permissionMode: "All",
      resource: "dbs/shop/colls/orders",
    });
  });
});
