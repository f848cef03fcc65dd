import { describe, expect, test } from "vitest";
import { expandPermission } from "../../src/access/expand-permission.ts";
import type { PermissionConfig } from "../../src/config/config.ts";

const claims = { tid: "contoso", sub: "ann" };

const onCart: PermissionConfig = {
  container: "carts",
  partitionKey: ["{tid}"],
  item: "cart-{sub}",
  mode: "All",
};

describe("a permission of a profile", () => {
  test("names its container alone where it has neither partition key nor item", () => {
    const expanded = expandPermission({ container: "products", mode: "Read" }, claims, "shop");
    expect(expanded).toStrictEqual({
      ok: true,
      value: {
        permissionId: expect.stringMatching(/^gateway-products-container-/),
        container: "products",
        mode: "Read",
      },
    });
  });

  test("gives every reason why its partition key and its item can't be filled in", () => {
    expect(expandPermission(onCart, {}, "shop")).toEqual({
      ok: false,
      reasons: ['claim "tid" is missing', 'claim "sub" is missing'],
    });
  });

  test("is refused for its partition key alone and for its item alone", () => {
    expect(expandPermission(onCart, { sub: "ann" }, "shop")).toEqual({
      ok: false,
      reasons: ['claim "tid" is missing'],
    });
    expect(expandPermission(onCart, { tid: "contoso" }, "shop")).toEqual({
      ok: false,
      reasons: ['claim "sub" is missing'],
    });
  });

  test("calls a bad item id an item id", () => {
    const onItem: PermissionConfig = { container: "carts", item: "{sub}", mode: "Read" };
    expect(expandPermission(onItem, { sub: "a".repeat(256) }, undefined)).toEqual({
      ok: false,
      reasons: ["the item id is 256 characters long; the most is 255"],
    });
  });

  test("is refused where its link is too long, and the reason names the container", () => {
    const sub = "a".repeat(250);
    expect(expandPermission(onCart, { tid: "contoso", sub }, "shop")).toEqual({
      ok: false,
      reasons: [
        "a permission on carts can't be had: its link, dbs/…/colls/…, is 281 characters long; the most is 255",
      ],
    });
  });

  test("is not measured where the database is not known", () => {
    const sub = "a".repeat(250);
    expect(expandPermission(onCart, { tid: "contoso", sub }, undefined).ok).toBe(true);
  });
});
