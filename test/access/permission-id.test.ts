import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { permissionIdOf } from "../../src/access/permission-id.ts";
import { idFault } from "../../src/cosmos/id-rules.ts";
import { anyCharacter } from "../any-character.ts";

describe("a permission's id", () => {
  test.each([
    [
      { container: "orders", partitionKey: ["contoso"] },
      "gateway-orders-partition-6caa3e1997c7e527774d8d1087ad2536fd5a829b7dcf602fb7cfe83074d458ba",
    ],
    [
      { container: "products" },
      "gateway-products-container-7582f9a3a586044be5f25b6bbd1f3b7520c6f3b2fd95ae1f88a8ee10c081e165",
    ],
    [
      { container: "carts", partitionKey: ["contoso"], item: "ann" },
      "gateway-carts-item-4aa9838451472d743540c3b4a54ae9fe071ae4f84d3965a6ceb0a7bb1b4b2f74",
    ],
    [
      { container: "order.lines", item: "ann" },
      "gateway-order_lines-item-b844c1cd408599d884fc9f37ab52e8e44f28e836990c32b7726146fe704a509c",
    ],
  ])("of %o stays the same, so that provisioned permissions are found again", (resource, id) => {
    expect(permissionIdOf(resource)).toBe(id);
  });

  test("is another for another container, partition key or item", () => {
    const resources = [
      { container: "a" },
      { container: "a", partitionKey: [null] },
      { container: "a", partitionKey: ["1"] },
      { container: "a", partitionKey: [1] },
      { container: "a", partitionKey: [true] },
      { container: "a", partitionKey: ["true"] },
      { container: "a", partitionKey: ["1", "2"] },
      { container: "a", partitionKey: ["1,2"] },
      { container: "a", item: "1" },
      { container: "a", item: "2" },
      { container: "a", item: "1", partitionKey: ["1"] },
      { container: "a,1" },
      { container: "A" },
      { container: "a ." },
      { container: "a_" },
    ];
    expect(new Set(resources.map(permissionIdOf)).size).toBe(resources.length);
  });

  test("obeys Cosmos DB's rules, whatever the container and the partition key hold", () => {
    const resource = fc.record({
      container: fc.string({ unit: anyCharacter, maxLength: 255 }),
      partitionKey: fc.array(fc.oneof(fc.string({ unit: anyCharacter }), fc.integer())),
    });
    fc.assert(
      fc.property(resource, (each) => {
        const id = permissionIdOf(each);
        expect(idFault(id)).toBeUndefined();
        expect(id).toMatch(/^gateway-[A-Za-z0-9_-]+$/);
      }),
    );
  });

  test("stays within Cosmos DB's limit for the longest name of a container", () => {
    const [one, other] = ["a", "b"].map((end) =>
      permissionIdOf({ container: "c".repeat(254) + end }),
    );
    expect(idFault(one ?? "")).toBeUndefined();
    expect(other).not.toBe(one);
  });

  test("shows neither partition key nor item, which may be personal data", () => {
    const id = permissionIdOf({ container: "carts", partitionKey: ["ann"], item: "ann-cart" });
    expect(id).not.toContain("ann");
  });
});
