import { expect, test } from "vitest";
import { accessOf } from "../../model/access.ts";
import { createRandom } from "../random.ts";
import { ownerOf } from "../workload/next-target.ts";
import { withRole } from "./callers.ts";
import { createWorld, DATABASE_ID } from "./create-world.ts";
import { MARK_PATTERN } from "./tenants.ts";
import { TYPE_PLANS } from "./type-plans.ts";

const world = createWorld(createRandom(31), { tenants: 14, itemsPerPartition: 4 });

test("a seed gives one world", () => {
  const again = createWorld(createRandom(31), { tenants: 14, itemsPerPartition: 4 });
  expect(again.store).toEqual(world.store);
  expect(again.callers).toEqual(world.callers);
  expect(createWorld(createRandom(32), world.size).store).not.toEqual(world.store);
});

test("every item holds its owner's mark, in several places, and no other", () => {
  for (const { container, partitionKey, content } of world.store.values()) {
    const plan = TYPE_PLANS.find(
      (one) =>
        one.container === container &&
        (one.discriminator === undefined || content.type === one.discriminator.value),
    );
    const marks = JSON.stringify(content).match(MARK_PATTERN) ?? [];
    const owner = plan === undefined ? "" : ownerOf(plan, partitionKey);
    expect(new Set(marks)).toEqual(new Set([world.markOf(owner)]));
  }
});

test("the same ids stand in every tenant", () => {
  const tenantsWith = (id: string) =>
    [...world.store.values()].filter(
      ({ container, content }) => container === "orders" && content.id === id,
    ).length;
  expect(tenantsWith("o1")).toBe(14);
  expect(tenantsWith("o-misfit")).toBe(14);
});

test("what a caller may see is exactly what the profiles let it read", () => {
  for (const caller of world.callers) {
    const access = accessOf(world.profiles, caller.claims, DATABASE_ID);
    const permissions = "refused" in access ? [] : access.permissions;
    const readable = [...world.store.values()].filter(({ container, partitionKey, content }) =>
      permissions.some(
        (permission) =>
          permission.container === container &&
          (permission.item === undefined || permission.item === content.id) &&
          (permission.partitionKey ?? []).every((value, level) => value === partitionKey[level]),
      ),
    );
    const marks = readable.flatMap(({ content }) => JSON.stringify(content).match(MARK_PATTERN));
    const owners = new Set(marks.map((mark) => world.marks.get(mark ?? "")));
    expect([caller.name, owners]).toEqual([caller.name, new Set(caller.mayCarry)]);
  }
});

test("another role gives another access, and other marks to see", () => {
  const ann = world.callers.find(({ name }) => name === "ann of contoso");
  const asClerk = ann && withRole(ann, "clerk", world.persons);
  expect(asClerk?.claims).toMatchObject({ sub: "ann of contoso", roles: ["clerk"] });
  expect(accessOf(world.profiles, asClerk?.claims, DATABASE_ID)).toMatchObject({
    cosmosUser: "clerk:contoso:ann of contoso",
  });
  expect(asClerk?.mayCarry.size).toBe(2);
});
