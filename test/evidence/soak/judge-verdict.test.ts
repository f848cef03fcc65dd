import { expect, test } from "vitest";
import type { Operation } from "../../model/terms.ts";
import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { type Answer, expectVerdict, judgeVerdict } from "./judge-verdict.ts";

const world = createWorld(createRandom(1), { tenants: 3, itemsPerPartition: 1 });
const member = { claims: { sub: "ann of contoso", tid: "contoso", roles: ["member"] } };
const stranger = { claims: { sub: "stranger" } };

const listOf = (tenant: string): Operation => ({
  do: "list",
  type: "Order",
  partitionKey: [tenant],
  pageSize: 3,
});
const deletion: Operation = {
  do: "delete",
  type: "Order",
  partitionKey: ["contoso"],
  id: "o1",
};

const denied = (code = "FORBIDDEN", path: readonly string[] = ["orders"]): Answer => ({
  data: path.length > 1 ? { orders: { nodes: [] } } : { orders: null },
  errors: [{ message: "No.", path, extensions: { code } }],
});
const granted: Answer = { data: { orders: { nodes: [] } } };
const judged = (caller: typeof member | typeof stranger, operation: Operation, answer: Answer) =>
  judgeVerdict(expectVerdict(world, caller, operation), answer, "orders");

test("what a caller may do is granted: a denial is wrong", () => {
  expect(judged(member, listOf("contoso"), granted)).toBe("right");
  expect(judged(member, listOf("contoso"), denied())).toBe("wrong denial");
  expect(judged(member, listOf("contoso"), denied("UNAUTHENTICATED"))).toBe("wrong denial");
  expect(judged(member, listOf("contoso"), denied("NO_ACCESS_PROFILE"))).toBe("wrong denial");
});

test("what it may not do is denied: an answer is wrong, an empty one as well", () => {
  for (const operation of [listOf("fabrikam"), deletion]) {
    expect(judged(member, operation, denied())).toBe("right");
    expect(judged(member, operation, granted)).toBe("wrong grant");
    expect(judged(member, operation, { data: { orders: null } })).toBe("wrong grant");
  }
  expect(judged(stranger, listOf("contoso"), granted)).toBe("wrong grant");
  expect(judged(stranger, listOf("contoso"), { errors: denied().errors ?? [] })).toBe("right");
});

test("a failure of another kind leaves it open, and so does an item that a reference leads to", () => {
  expect(judged(member, listOf("fabrikam"), denied("THROTTLED"))).toBe("right");
  expect(judged(member, listOf("contoso"), denied("TIMEOUT"))).toBe("right");
  const nested = denied("FORBIDDEN", ["orders", "nodes", "customer"]);
  expect(judged(member, listOf("contoso"), nested)).toBe("right");
});

test("an id that no item can have may be answered with null, and a possible one may not", () => {
  const read = (id: string): Operation => ({
    do: "read",
    type: "Order",
    partitionKey: ["fabrikam"],
    id,
  });
  const nothing: Answer = { data: { orders: null } };
  for (const id of ["", "..", " ", "o1\\o2", "o1/../o2"]) {
    expect(judged(member, read(id), nothing)).toBe("right");
  }
  for (const id of ["o1", "...", "o 2", "o?x=5", "o%2F3"]) {
    expect(judged(member, read(id), nothing)).toBe("wrong grant");
  }
});
