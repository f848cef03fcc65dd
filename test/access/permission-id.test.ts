import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { permissionIdOf } from "../../src/access/permission-id.ts";
import { idFault } from "../../src/cosmos/id-rules.ts";

describe("a permission's id", () => {
  test("stays the same, so that provisioned permissions are found again", () => {
    expect(permissionIdOf({ container: "orders", partitionKey: ["contoso"] })).toBe(
      "gateway-orders-partition-6caa3e1997c7e527774d8d1087ad2536fd5a829b7dcf602fb7cfe83074d458ba",
    );
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
      container: fc.string({ unit: "binary", maxLength: 255 }),
      partitionKey: fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.integer())),
    });
    fc.assert(
      fc.property(resource, (each) => {
        const id = permissionIdOf(each);
        expect(idFault(id)).toBeUndefined();
        expect(id).toMatch(/^gateway-[A-Za-z0-9_-]+$/);
      }),
    );
  });

  test("shows neither partition key nor item, which may be personal data", () => {
    const id = permissionIdOf({ container: "carts", partitionKey: ["ann"], item: "ann-cart" });
    expect(id).not.toContain("ann");
  });
});
