import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../emulator-controls.ts";
import {
  CreateCartDocument,
  CreateOrderDocument,
  DeleteOrderDocument,
  ListCartsDocument,
  ListOrdersDocument,
  ListProductsDocument,
  ReadCartDocument,
  ReadOrderDocument,
  ReplaceOrderDocument,
} from "../generated/operations.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";
import { newOrder } from "./new-order.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.forgetRequests());

/** Asserts by the emulator's log whose resource tokens the item requests carried, and that some were sent. */
async function expectItemRequestsOf(cosmosUser: string): Promise<void> {
  const sent = itemRequests(await gateway.requests());
  expect(sent.length).toBeGreaterThan(0);
  for (const request of sent) {
    expect(request).toMatchObject({ authorization: "resource", cosmosUser });
  }
}

describe("a manager of contoso", () => {
  const cosmosUser = "manager:contoso:contoso-manager";

  test("lists the orders of contoso", async () => {
    const manager = await gateway.as("contoso-manager");
    const { status, data, errors } = await manager.run(ListOrdersDocument, { first: 100 });
    expect(errors).toEqual([]);
    expect(status).toBe(200);
    expect(data?.orders?.nodes.length).toBeGreaterThanOrEqual(12);
    expect(new Set(data?.orders?.nodes.map((order) => order?.tenantId))).toEqual(
      new Set(["contoso"]),
    );
    await expectItemRequestsOf(cosmosUser);
  });

  test("lists orders by status, and the dearest first in each", async () => {
    const manager = await gateway.as("contoso-manager");
    const { data, errors } = await manager.post<{
      readonly orders: { readonly nodes: readonly { status: string; total: number }[] };
    }>("{ orders(orderBy: [{ status: ASC }, { total: DESC }]) { nodes { status total } } }");
    expect(errors).toEqual([]);
    const nodes = data?.orders.nodes ?? [];
    expect(nodes.length).toBeGreaterThanOrEqual(12);
    expect(nodes.toSorted((a, b) => a.status.localeCompare(b.status) || b.total - a.total)).toEqual(
      nodes,
    );
  });

  test("creates, replaces and deletes an order of contoso", async () => {
    const manager = await gateway.as("contoso-manager");

    const created = await manager.run(CreateOrderDocument, { input: newOrder });
    expect(created.errors).toEqual([]);
    expect(created.data?.createOrder).toMatchObject(newOrder);
    const { id = "", _etag: etag = "" } = created.data?.createOrder ?? {};
    expect(id).toMatch(/^[0-9a-f-]{36}$/);

    const input = { ...newOrder, status: "PAID" as const };
    const replaced = await manager.run(ReplaceOrderDocument, { id, input, ifMatch: etag });
    expect(replaced.errors).toEqual([]);
    expect(replaced.data?.replaceOrder).toMatchObject({ id, status: "PAID" as const });

    const read = await manager.run(ReadOrderDocument, { id });
    expect(read.data?.order).toEqual(replaced.data?.replaceOrder);

    const deleted = await manager.run(DeleteOrderDocument, { id });
    expect(deleted.errors).toEqual([]);
    expect(deleted.data?.deleteOrder).toBe(id);
    expect((await manager.run(ReadOrderDocument, { id })).data).toEqual({ order: null });
    await expectItemRequestsOf(cosmosUser);
  });

  test("is told when the order changed since it was read", async () => {
    const manager = await gateway.as("contoso-manager");
    const before = await manager.run(ReadOrderDocument, { id: "order-2" });
    const ifMatch = before.data?.order?._etag ?? "";
    const input = { ...newOrder, total: 1 };
    await manager.run(ReplaceOrderDocument, { id: "order-2", input, ifMatch });

    const late = await manager.run(ReplaceOrderDocument, {
      id: "order-2",
      input: { ...newOrder, total: 2 },
      ifMatch,
    });
    expect(errorCodes(late)).toEqual(["PRECONDITION_FAILED"]);
    const lateDelete = await manager.run(DeleteOrderDocument, { id: "order-2", ifMatch });
    expect(errorCodes(lateDelete)).toEqual(["PRECONDITION_FAILED"]);
    expect((await manager.run(ReadOrderDocument, { id: "order-2" })).data?.order?.total).toBe(1);
  });

  test("is told that an id is taken, and that an order is not there", async () => {
    const manager = await gateway.as("contoso-manager");
    const taken = await manager.run(CreateOrderDocument, { input: { ...newOrder, id: "order-3" } });
    expect(errorCodes(taken)).toEqual(["CONFLICT"]);
    const gone = await manager.run(DeleteOrderDocument, { id: "never-was" });
    expect(errorCodes(gone)).toEqual(["NOT_FOUND"]);
  });
});

describe("a member of contoso", () => {
  const cosmosUser = "member:contoso:contoso-member";

  test("lists the same orders as the manager", async () => {
    const [member, manager] = await Promise.all([
      gateway.as("contoso-member"),
      gateway.as("contoso-manager"),
    ]);
    const orders = await manager.run(ListOrdersDocument, { first: 100 });
    await gateway.forgetRequests();
    const same = await member.run(ListOrdersDocument, { first: 100 });
    expect(same.data?.orders?.nodes).toEqual(orders.data?.orders?.nodes);
    await expectItemRequestsOf(cosmosUser);
  });

  test("can't create an order, because the database says 403", async () => {
    const member = await gateway.as("contoso-member");
    const answer = await member.run(CreateOrderDocument, { input: newOrder });
    expect(errorCodes(answer)).toEqual(["FORBIDDEN"]);
    const writes = itemRequests(await gateway.requests()).filter(({ kind }) => kind === "create");
    expect(writes).toMatchObject([{ authorization: "resource", cosmosUser, status: 403 }]);
  });

  test("can't replace or delete one either, and nothing changes", async () => {
    const member = await gateway.as("contoso-member");
    const before = await member.run(ReadOrderDocument, { id: "order-4" });
    const replaced = await member.run(ReplaceOrderDocument, { id: "order-4", input: newOrder });
    const deleted = await member.run(DeleteOrderDocument, { id: "order-4" });
    expect([...errorCodes(replaced), ...errorCodes(deleted)]).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect((await member.run(ReadOrderDocument, { id: "order-4" })).data).toEqual(before.data);
    const refused = (await gateway.requests()).filter(({ status }) => status === 403);
    expect(refused.map(({ kind }) => kind)).toEqual(["replace", "delete"]);
  });

  test("gets FORBIDDEN for fabrikam, whether the item exists or not", async () => {
    const member = await gateway.as("contoso-member");
    const there = await member.run(ReadOrderDocument, { id: "order-1", tenantId: "fabrikam" });
    const notThere = await member.run(ReadOrderDocument, { id: "nothing", tenantId: "fabrikam" });
    expect(errorCodes(there)).toEqual(["FORBIDDEN"]);
    const withoutCost = ({ text }: { readonly text: string }) => ({ ...JSON.parse(text) });
    expect(withoutCost(there)).toEqual(withoutCost(notThere));

    const list = await member.run(ListOrdersDocument, { tenantId: "fabrikam" });
    expect(errorCodes(list)).toEqual(["FORBIDDEN"]);
    expect(list.text).not.toContain("order-");
  });

  test("can't reach fabrikam through a write", async () => {
    const member = await gateway.as("contoso-member");
    const input = { ...newOrder, tenantId: "fabrikam" };
    const answers = await Promise.all([
      member.run(CreateOrderDocument, { input }),
      member.run(ReplaceOrderDocument, { id: "order-1", input, tenantId: "fabrikam" }),
      member.run(DeleteOrderDocument, { id: "order-1", tenantId: "fabrikam" }),
    ]);
    expect(answers.map(errorCodes)).toEqual([["FORBIDDEN"], ["FORBIDDEN"], ["FORBIDDEN"]]);
  });
});

test.each(["contoso-manager", "contoso-member", "fabrikam-manager", "fabrikam-member"])(
  "%s reads the shared catalogue, and only the own cart",
  async (name) => {
    const caller = await gateway.as(name);
    const products = await caller.run(ListProductsDocument, {});
    expect(products.errors).toEqual([]);
    expect(products.data?.products?.totalCount).toBe(6);

    const carts = await caller.run(ListCartsDocument, {});
    expect(carts.data?.carts?.nodes.map((cart) => cart?.ownerId)).toEqual([name]);
    const others = name === "contoso-member" ? "contoso-manager" : "contoso-member";
    const other = await caller.run(ReadCartDocument, { id: "cart", ownerId: others });
    expect(errorCodes(other)).toEqual(["FORBIDDEN"]);
    const planted = await caller.run(CreateCartDocument, { input: { ownerId: others, lines: [] } });
    expect(errorCodes(planted)).toEqual(["FORBIDDEN"]);
    await expectItemRequestsOf(`${name.split("-").reverse().join(":")}:${name}`);
  },
);

test("no resource token, account key or bearer token is in any answer", async () => {
  const manager = await gateway.as("contoso-manager");
  const answers = await Promise.all([
    manager.post("{ viewer { subject permissions { container expiresAt } } }"),
    manager.run(ListOrdersDocument, {}),
    manager.run(DeleteOrderDocument, { id: "never-was" }),
  ]);
  for (const { text } of answers) {
    expect(text).not.toMatch(/type=resource|type%3Dresource/);
    expect(text).not.toContain(manager.bearerToken);
    for (const key of gateway.emulator.keys) {
      expect(text).not.toContain(key);
    }
  }
  expect(JSON.stringify(gateway.observations)).not.toContain("type=resource");
});
