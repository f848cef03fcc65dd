import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filterPredicate } from "../../src/items/filter-predicate.ts";
import type { ItemOperations } from "../../src/items/item-operations.ts";
import { all, any, type Condition, equal, not } from "../../src/items/sql/condition.ts";
import { anyCharacter } from "../any-character.ts";
import { accessOf, type EmulatedShop, startEmulatedShop, wants } from "../tokens/emulated-shop.ts";

let shop: EmulatedShop;
let items: ItemOperations;
beforeAll(async () => {
  shop = await startEmulatedShop();
  const { grantCache, openItems } = shop.startProcess();
  const access = accessOf("ann", wants("orders", "All", { partitionKey: ["contoso"] }));
  items = openItems(access, await grantCache.grantsFor(access));
});
afterAll(() => shop.stop());

/** Whether Cosmos DB finds that an item with these properties fulfils the condition. */
async function isFulfilled(
  properties: Readonly<Record<string, unknown>>,
  condition: Condition,
): Promise<boolean> {
  await items.upsert("orders", { ...properties, id: "n", tenantId: "contoso" }, ["contoso"]);
  return items
    .patch("orders", "n", [{ op: "set", path: ["seen"], value: true }], ["contoso"], {
      condition: filterPredicate(condition),
    })
    .then(
      () => true,
      (error: { readonly code?: unknown }) => {
        expect(error).toMatchObject({ code: "PRECONDITION_FAILED" });
        return false;
      },
    );
}

const hostilePiece = fc.constantFrom(
  '"',
  "'",
  "`",
  "\\",
  '\\"',
  "\\u0022",
  '" OR true OR c["id"] = "',
  "' OR 1=1 --",
  "*/",
  "/*",
  "--",
  "@p0",
  "]",
  "\n",
  "\r",
  "\0",
  "\u2028",
  "\u2029",
  "\ufeff",
  "\ud83d\ude00",
  "\ud800",
  "𝕊",
);
const text = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.array(fc.oneof(hostilePiece, fc.string()), { maxLength: 6 }).map((pieces) => pieces.join("")),
);
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constant(null),
);
const json = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(text, scalar, { maxKeys: 3, noNullPrototype: true }),
);
const isInfinite = (value: unknown) => typeof value === "number" && !Number.isFinite(value);

describe("a filter predicate", () => {
  test("holds of the value that it names, whatever characters it has", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect(await isFulfilled({ value }, equal(["value"], value))).toBe(true);
        expect(await isFulfilled({ value: `${value}.` }, equal(["value"], value))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test("can't be made true by a value: what is never true stays so", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (value, other) => {
        const never = all(any(equal(["value"], other), not(equal(["value"], other))), any());
        expect(await isFulfilled({ value }, never)).toBe(false);
        expect(
          await isFulfilled({ value }, all(equal(["value"], other), not(equal(["value"], other)))),
        ).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test("holds of values of every JSON type, nested ones included", async () => {
    await fc.assert(
      fc.asyncProperty(
        json.filter((value) => !isInfinite(value)),
        async (value) => {
          const stored = JSON.parse(JSON.stringify(value)) as unknown;
          const has: Condition = { kind: "has", path: ["list"], value: stored };
          expect(await isFulfilled({ list: [0.5, stored, "x"] }, has)).toBe(true);
          expect(await isFulfilled({ list: [0.5, "x"] }, has)).toBe(
            stored === 0.5 || stored === "x",
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test("names a property of any name", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        fc.pre(!["id", "tenantId", "seen", "__proto__"].includes(name));
        expect(await isFulfilled({ [name]: 1 }, equal([name], 1))).toBe(true);
        expect(await isFulfilled({ [name]: 2 }, equal([name], 1))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test("compares texts, lists and what is missing as a query does", async () => {
    const order = { total: -10, status: 'it\'s "open"', tags: ["a"], lines: [{ sku: "s'1" }] };
    const holds: readonly Condition[] = [
      { kind: "compare", path: ["total"], operator: "<", value: -9.5 },
      { kind: "in", path: ["status"], values: ["x", null, order.status] },
      { kind: "text", path: ["status"], test: "STARTSWITH", value: "it's \"" },
      { kind: "text", path: ["status"], test: "RegexMatch", value: "^it's\\s\"" },
      { kind: "some", path: ["lines"], condition: equal(["sku"], "s'1") },
      not({ kind: "type", path: ["missing"], test: "IS_DEFINED" }),
      not(equal(["missing"], 1)),
    ];
    for (const condition of holds) {
      expect([condition, await isFulfilled(order, condition)]).toEqual([condition, true]);
      expect([condition, await isFulfilled(order, not(condition))]).toEqual([condition, false]);
    }
  });

  test("is printable ASCII", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(filterPredicate(equal(["value"], value))).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  test("of what is no JSON is refused", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1]) {
      expect(() => filterPredicate(equal(["value"], value))).toThrow(TypeError);
    }
  });
});
