import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseGrant } from "../../src/items/choose-grant.ts";
import type { ItemRequest } from "../../src/items/item-request.ts";
import { Secret } from "../../src/secret.ts";
import type { Grant } from "../../src/tokens/grant.ts";
import type { GrantScope } from "../../src/tokens/grant-scope.ts";

function grant(permissionId: string, scope: Partial<GrantScope>): Grant {
  return {
    scope: { permissionId, container: "orders", mode: "All", expiresAtMs: 0, ...scope },
    resourceToken: new Secret(permissionId),
  };
}

function withToken(scope: GrantScope): Grant {
  return { scope, resourceToken: new Secret("") };
}

const whole = grant("whole", {});
const wholeRead = grant("whole-read", { mode: "Read" });
const tenant = grant("tenant", { partitionKey: ["contoso"] });
const tenantRead = grant("tenant-read", { partitionKey: ["contoso"], mode: "Read" });
const tenantAnn = grant("tenant-ann", { partitionKey: ["contoso", "ann"] });
const item = grant("item", { item: "1" });

const read: ItemRequest = {
  kind: "read",
  container: "orders",
  item: "1",
  partitionKey: ["contoso"],
};
const change: ItemRequest = { ...read, kind: "change" };
const create: ItemRequest = { kind: "create", container: "orders", partitionKey: ["contoso"] };
const query: ItemRequest = { kind: "query", container: "orders", partitionKey: ["contoso"] };
const queryAll: ItemRequest = { kind: "query", container: "orders" };

function chosen(grants: readonly Grant[], request: ItemRequest): string | undefined {
  try {
    return chooseGrant(grants, request).scope.permissionId;
  } catch (error) {
    expect(error).toMatchObject({ code: "FORBIDDEN" });
    return undefined;
  }
}

describe("the narrowest grant that covers a request", () => {
  test.each<[string, readonly Grant[], ItemRequest, string | undefined]>([
    ["an item before its partition", [whole, tenant, item], read, "item"],
    ["a partition before the container", [whole, tenant], read, "tenant"],
    ["Read before All for a read", [tenant, tenantRead], read, "tenant-read"],
    ["a narrower All before a wider Read", [wholeRead, tenant], read, "tenant"],
    ["All for a write, though Read is narrower", [whole, tenantRead], change, "whole"],
    [
      "Read for a write where there is no more: Cosmos DB refuses",
      [tenantRead],
      create,
      "tenant-read",
    ],
    ["a narrower Read before a wider All for a query", [whole, tenantRead], query, "tenant-read"],
    ["no item grant for a create", [item], create, undefined],
    ["no item grant for a query", [item], query, undefined],
    ["no item grant for another item", [item], { ...read, item: "2" }, undefined],
    ["a partition for a query in it", [tenant, whole], query, "tenant"],
    ["no partition for a query across", [tenant], queryAll, undefined],
    ["the container for a query across", [tenant, whole], queryAll, "whole"],
    ["no other container", [grant("carts", { container: "carts" })], read, undefined],
    ["no other partition", [tenant], { ...read, partitionKey: ["fabrikam"] }, undefined],
    [
      "no value of another type",
      [grant("one", { partitionKey: [1] })],
      { ...read, partitionKey: ["1"] },
      undefined,
    ],
    [
      "null is a value",
      [grant("null", { partitionKey: [null] })],
      { ...read, partitionKey: [null] },
      "null",
    ],
    ["nothing is covered by nothing", [], read, undefined],
  ])("%s", (_name, grants, request, expected) => {
    expect(chosen(grants, request)).toBe(expected);
    expect(chosen([...grants].reverse(), request)).toBe(expected);
  });

  const deep = ["contoso", "ann"];
  test.each<[string, readonly Grant[], ItemRequest, string | undefined]>([
    [
      "all levels before a prefix",
      [tenant, tenantAnn],
      { ...read, partitionKey: deep },
      "tenant-ann",
    ],
    ["a prefix before the container", [whole, tenant], { ...read, partitionKey: deep }, "tenant"],
    ["a prefix for a write", [tenant], { ...create, partitionKey: deep }, "tenant"],
    ["no prefix for a query", [tenant], { ...query, partitionKey: deep }, undefined],
    ["all levels for a query", [tenant, tenantAnn], { ...query, partitionKey: deep }, "tenant-ann"],
    ["nothing longer than the request", [tenantAnn], read, undefined],
  ])("hierarchical: %s", (_name, grants, request, expected) => {
    expect(chosen(grants, request)).toBe(expected);
  });

  test("a query that only a prefix covers says what to ask for", () => {
    expect(() => chooseGrant([tenant], { ...query, partitionKey: deep })).toThrow(
      /names all levels/,
    );
    expect(() => chooseGrant([tenant], { ...query, partitionKey: deep })).toThrow(
      expect.objectContaining({ logReason: "no grant for query in container orders" }),
    );
    expect(() => chooseGrant([item], query)).toThrow("This caller has no permission for that.");
  });
});

describe("a refusal", () => {
  const NO_PERMISSION = "This caller has no permission for that.";
  const NO_TRANSACTION =
    "Cosmos DB runs no transaction under a permission on a single item. A patch of more than ten operations is a transaction, too.";
  const batch: ItemRequest = { kind: "batch", container: "orders", partitionKey: ["contoso"] };
  const deepQuery: ItemRequest = { ...query, partitionKey: ["contoso", "ann"] };
  const elsewhere = grant("elsewhere", { container: "carts", item: "1" });
  const tenantItem = grant("tenant-item", { item: "1", partitionKey: ["contoso"] });
  const fabrikam = grant("fabrikam", { partitionKey: ["fabrikam"] });

  test.each<[string, readonly Grant[], ItemRequest, string]>([
    ["says nothing more where nothing is known", [], read, NO_PERMISSION],
    ["explains a batch under an item's permission", [item], batch, NO_TRANSACTION],
    ["explains it whatever else is held", [item, fabrikam], batch, NO_TRANSACTION],
    ["does not explain what is no batch", [item], create, NO_PERMISSION],
    ["does not explain a batch beside it", [elsewhere, fabrikam], batch, NO_PERMISSION],
    ["does not speak of prefixes for an item's permission", [tenantItem], deepQuery, NO_PERMISSION],
    ["does not speak of prefixes for another partition", [fabrikam], deepQuery, NO_PERMISSION],
  ])("%s", (_name, grants, request, message) => {
    expect(() => chooseGrant(grants, request)).toThrow(
      expect.objectContaining({
        code: "FORBIDDEN",
        message,
        logReason: `no grant for ${request.kind} in container orders`,
      }),
    );
  });
});

test("whatever the grants, the chosen one covers the request's container, partition and item", () => {
  const value = fc.constantFrom("a", "b", 1, null);
  const key = fc.array(value, { minLength: 1, maxLength: 3 });
  const container = fc.constantFrom("orders", "carts");
  const id = fc.constantFrom("1", "2");
  const scopes = fc.array(
    fc.record(
      {
        permissionId: fc.string(),
        container,
        mode: fc.constantFrom("Read" as const, "All" as const),
        partitionKey: key,
        item: id,
        expiresAtMs: fc.constant(0),
      },
      { requiredKeys: ["permissionId", "container", "mode", "expiresAtMs"] },
    ),
    { maxLength: 6 },
  );
  const requests = fc.oneof(
    fc.record({
      kind: fc.constantFrom("read" as const, "change" as const),
      container,
      item: id,
      partitionKey: key,
    }),
    fc.record({
      kind: fc.constantFrom("create" as const, "batch" as const),
      container,
      partitionKey: key,
    }),
    fc.record(
      { kind: fc.constantFrom("query" as const), container, partitionKey: key },
      { requiredKeys: ["kind", "container"] },
    ),
  );
  fc.assert(
    fc.property(scopes, requests, (candidates, request: ItemRequest) => {
      let grantChosen: GrantScope;
      try {
        grantChosen = chooseGrant(candidates.map(withToken), request).scope;
      } catch {
        return;
      }
      expect(grantChosen.container).toBe(request.container);
      expect([undefined, request.item]).toContain(grantChosen.item);
      const prefix = grantChosen.partitionKey ?? [];
      expect(request.partitionKey?.slice(0, prefix.length) ?? []).toEqual(prefix);
    }),
  );
});
