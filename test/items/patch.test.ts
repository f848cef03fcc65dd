import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Access } from "../../src/access/access.ts";
import { filterPredicate } from "../../src/items/filter-predicate.ts";
import type { Item, ItemOperations, PatchOperation } from "../../src/items/item-operations.ts";
import { equal } from "../../src/items/sql/condition.ts";
import { anyCharacter } from "../any-character.ts";
import {
  accessOf,
  type EmulatedProcess,
  type EmulatedShop,
  startEmulatedShop,
  wants,
} from "../tokens/emulated-shop.ts";

let shop: EmulatedShop;
let process: EmulatedProcess;
let items: ItemOperations;
beforeEach(async () => {
  shop = await startEmulatedShop();
  process = shop.startProcess();
  items = await open(accessOf("ann", wants("orders", "All", { partitionKey: ["contoso"] })));
  await items.upsert("orders", { id: "warm", tenantId: "contoso" }, ["contoso"]);
  await shop.forgetRequests();
});
afterEach(() => shop.stop());

async function open(access: Access): Promise<ItemOperations> {
  return process.openItems(access, await process.grantCache.grantsFor(access));
}

async function sent(): Promise<readonly string[]> {
  return (await shop.requests()).map(({ kind, status }) => `${kind} ${status}`);
}

/** The error's code, with the place of the operation if it names one. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: { readonly code?: unknown; readonly operationIndex?: unknown }) =>
      `${error.code}${error.operationIndex === undefined ? "" : ` at ${error.operationIndex}`}`,
  );
}

function patchOrder(operations: readonly PatchOperation[], id = "1"): Promise<Item> {
  return items.patch("orders", id, operations, ["contoso"]);
}

async function storeOrder(properties: Readonly<Record<string, unknown>>): Promise<Item> {
  return items.upsert("orders", { ...properties, id: "n", tenantId: "contoso" }, ["contoso"]);
}

function incrementsOf(count: number): readonly PatchOperation[] {
  return Array.from({ length: count }, () => ({ op: "incr", path: ["total"], value: 1 }));
}

const missing: PatchOperation = { op: "remove", path: ["missing"] };

describe("a patch", () => {
  test("of up to ten operations is one patch request, and gives the item as stored", async () => {
    const patched = await patchOrder(incrementsOf(10));
    expect(patched).toMatchObject({ id: "1", total: 40, _etag: expect.any(String) });
    expect(await sent()).toEqual(["patch 200"]);
    expect(await items.read("orders", "1", ["contoso"])).toEqual(patched);
  });

  test("does what Cosmos DB's six operations do, in their order", async () => {
    await storeOrder({ note: "old", tags: ["a", "c"], total: 1, from: "x", lines: [{ sku: "s" }] });
    const patched = await patchOrder(
      [
        { op: "set", path: ["address"], value: { city: "Oslo" } },
        { op: "set", path: ["address", "zip"], value: null },
        { op: "replace", path: ["note"], value: "new" },
        { op: "add", path: ["tags", "1"], value: "b" },
        { op: "add", path: ["tags", "-"], value: "d" },
        { op: "incr", path: ["total"], value: -2.5 },
        { op: "incr", path: ["views"], value: 1 },
        { op: "move", from: ["from"], path: ["to"] },
        { op: "remove", path: ["lines", "0", "sku"] },
      ],
      "n",
    );
    expect(patched).toMatchObject({
      address: { city: "Oslo", zip: null },
      note: "new",
      tags: ["a", "b", "c", "d"],
      total: -1.5,
      views: 1,
      to: "x",
      lines: [{}],
    });
    expect(patched).not.toHaveProperty("from");
  });

  test("changes a property of any name, slashes and tildes included", async () => {
    const name = fc.oneof(
      fc.string({ minLength: 1, unit: anyCharacter }),
      fc.constantFrom("a/b", "~", "~1", "~0/", "/", 'a"b', "é"),
    );
    await fc.assert(
      fc.asyncProperty(name, name, async (outer, inner) => {
        fc.pre(!["id", "tenantId", "ttl", "-"].includes(outer) && !outer.startsWith("_"));
        await storeOrder({ [outer]: { other: 1 } });
        const patched = await patchOrder([{ op: "set", path: [outer, inner], value: 2 }], "n");
        expect(patched[outer]).toEqual(JSON.parse(JSON.stringify({ other: 1, [inner]: 2 })));
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, PatchOperation]>([
    ["removes what is not there", missing],
    ["replaces what is not there", { op: "replace", path: ["missing"], value: 1 }],
    ["leads through what is not there", { op: "set", path: ["missing", "x"], value: 1 }],
    ["leads through a number", { op: "set", path: ["total", "x"], value: 1 }],
    ["increments a text", { op: "incr", path: ["tenantId"], value: 1 }],
    ["moves what is not there", { op: "move", from: ["missing"], path: ["x"] }],
    ["changes the id", { op: "set", path: ["id"], value: "x" }],
    ["changes a system property", { op: "set", path: ["_etag"], value: "x" }],
    ["names nothing", { op: "set", path: [], value: 1 }],
    ["increments by no number", { op: "incr", path: ["total"], value: Number.NaN }],
  ])("that %s is BAD_USER_INPUT with its place, and changes nothing", async (_name, wrong) => {
    const before = await items.read("orders", "1", ["contoso"]);
    expect(await codeOf(patchOrder([...incrementsOf(2), wrong]))).toBe("BAD_USER_INPUT at 2");
    expect(await items.read("orders", "1", ["contoso"])).toEqual(before);
  });

  test("that would change the partition key is BAD_USER_INPUT", async () => {
    const move = patchOrder([{ op: "set", path: ["tenantId"], value: "fabrikam" }]);
    await expect(move).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      message: expect.stringContaining("partition key"),
    });
  });

  test("of nothing is BAD_USER_INPUT, and of an item that is not there NOT_FOUND", async () => {
    expect(await codeOf(patchOrder([]))).toBe("BAD_USER_INPUT");
    expect(await sent()).toEqual([]);
    expect(await codeOf(patchOrder(incrementsOf(1), "no"))).toBe("NOT_FOUND");
    expect(await codeOf(patchOrder(incrementsOf(11), "no"))).toBe("NOT_FOUND");
    expect(await codeOf(patchOrder(incrementsOf(1), "../x"))).toBe("BAD_USER_INPUT");
  });

  test("that got no answer may have been made, and is not repeated", async () => {
    for (const operations of [incrementsOf(1), incrementsOf(11)]) {
      await shop.forgetRequests();
      await shop.addFault({ match: { path: "/docs" }, drop: true });
      await expect(patchOrder(operations)).rejects.toMatchObject({
        code: "UPSTREAM_UNAVAILABLE",
        message: expect.stringContaining("may have been made"),
      });
      expect(await sent()).toHaveLength(1);
    }
  });
});

describe("a patch of more than ten operations", () => {
  test("is one request", async () => {
    expect(await patchOrder(incrementsOf(95))).toMatchObject({ id: "1", total: 125 });
    expect(await sent()).toEqual(["batch 200"]);
    expect(items.cost.requests).toBeLessThan(10);
  });

  test("keeps their order", async () => {
    const tags = Array.from({ length: 35 }, (_, index) => `t${index}`);
    await storeOrder({ tags: [] });
    const patched = await patchOrder(
      tags.map((value) => ({ op: "add", path: ["tags", "-"], value })),
      "n",
    );
    expect(patched.tags).toEqual(tags);
  });

  test("changes nothing where one of them fails, and names it", async () => {
    const before = await items.read("orders", "1", ["contoso"]);
    const operations = [...incrementsOf(23), missing, ...incrementsOf(5)];
    expect(await codeOf(patchOrder(operations))).toBe("BAD_USER_INPUT at 23");
    expect(await items.read("orders", "1", ["contoso"])).toEqual(before);
    const empty: PatchOperation = { op: "set", path: [], value: 1 };
    expect(await codeOf(patchOrder([...incrementsOf(12), empty]))).toBe("BAD_USER_INPUT at 12");
  });

  test("loses none of what others patch at the same time", async () => {
    await Promise.all(Array.from({ length: 20 }, () => patchOrder(incrementsOf(15))));
    expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ total: 330 });
  });

  test("is at most 1000", async () => {
    expect(await patchOrder(incrementsOf(1_000))).toMatchObject({ total: 1_030 });
    await shop.forgetRequests();
    expect(await codeOf(patchOrder(incrementsOf(1_001)))).toBe("BAD_USER_INPUT");
    expect(await sent()).toEqual([]);
  });
});

describe.each([1, 25])("the conditions of a patch of %i operations", (count) => {
  const patchIf = (condition: Parameters<ItemOperations["patch"]>[4]) =>
    items.patch("orders", "1", incrementsOf(count), ["contoso"], condition);

  test("the etag is that of the item before all of them", async () => {
    const before = await items.read("orders", "1", ["contoso"]);
    const ifMatch = before?._etag ?? "";
    expect(await patchIf({ ifMatch })).toMatchObject({ total: 30 + count });
    expect(await codeOf(patchIf({ ifMatch }))).toBe("PRECONDITION_FAILED");
    expect(await codeOf(patchIf({ ifMatch: "é" }))).toBe("PRECONDITION_FAILED");
    expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ total: 30 + count });
  });

  test("the condition is about the item before all of them", async () => {
    const condition = filterPredicate(equal(["total"], 30));
    expect(await patchIf({ condition })).toMatchObject({ total: 30 + count });
    await expect(patchIf({ condition })).rejects.toMatchObject({
      code: "PRECONDITION_FAILED",
      message: expect.stringContaining("does not fulfil the condition"),
    });
    expect(await items.read("orders", "1", ["contoso"])).toMatchObject({ total: 30 + count });
  });

  test("of 20 at the same time under one condition, one is made", async () => {
    const condition = filterPredicate(equal(["total"], 30));
    const codes = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(patchIf({ condition }))),
    );
    expect(codes.filter((code) => code === "no error")).toHaveLength(1);
    expect(codes.filter((code) => code === "PRECONDITION_FAILED")).toHaveLength(19);
  });
});

describe("permissions", () => {
  test.each([1, 11])(
    "a patch of %i with a Read permission is Cosmos DB's to refuse",
    async (count) => {
      items = await open(accessOf("bob", wants("orders", "Read", { partitionKey: ["contoso"] })));
      await items.read("orders", "1", ["contoso"]);
      await shop.forgetRequests();
      expect(await codeOf(patchOrder(incrementsOf(count)))).toBe("FORBIDDEN");
      expect(await sent()).toEqual([count === 1 ? "patch 403" : "batch 403"]);
    },
  );

  test("a permission on an item is enough for ten operations, and says why not for more", async () => {
    items = await open(accessOf("guest", wants("orders", "All", { item: "1" })));
    expect(await patchOrder(incrementsOf(10))).toMatchObject({ total: 40 });
    await shop.forgetRequests();
    await expect(patchOrder(incrementsOf(11))).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringContaining("more than ten operations"),
    });
    expect(await sent()).toEqual([]);
  });

  test.each([1, 11])(
    "past the token's end a patch of %i is made once, with a new token",
    async (count) => {
      await shop.advanceSeconds(3600 + 301);
      expect(await patchOrder(incrementsOf(count))).toMatchObject({ total: 30 + count });
      const kind = count === 1 ? "patch" : "batch";
      expect(await sent()).toEqual([`${kind} 403`, "permission-feed 200", `${kind} 200`]);
    },
  );
});
