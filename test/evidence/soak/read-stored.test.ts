import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { tenantOwner } from "../world/callers.ts";
import { createWorld } from "../world/create-world.ts";
import { misplacedItems } from "./read-stored.ts";

const world = createWorld(createRandom(1), { tenants: 3, itemsPerPartition: 2 });
const stored = [...world.store.values()];
const [own = "", other = ""] = world.tenants.map(({ id }) => world.markOf(tenantOwner(id)));
const tenantId = world.tenants[0]?.id ?? "";

test("what the world begins with is where it belongs", () => {
  expect(stored.length).toBeGreaterThan(20);
  expect(misplacedItems(world, world.callers, stored)).toEqual([]);
});

test("a mark that no writer of a place may see is found there", () => {
  const content = { id: "o1", tenantId, note: `with ${other} in it` };
  const found = misplacedItems(world, world.callers, [{ container: "orders", content }]);
  expect(found).toEqual([`orders ["${tenantId}"]: a mark of tenant ${world.tenants[1]?.id}`]);
});

test("a caller may write the own tenant's mark into the own cart, and another's not", () => {
  const cart = (mark: string) => ({
    container: "carts",
    content: { id: "c1", ownerId: `ann of ${tenantId}`, note: mark },
  });
  expect(misplacedItems(world, world.callers, [cart(own)])).toEqual([]);
  expect(misplacedItems(world, world.callers, [cart(other)])).toHaveLength(1);
});
