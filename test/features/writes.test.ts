import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../emulator-controls.ts";
import {
  CreateOrdersDocument,
  DeleteOrdersDocument,
  type OrderOperation,
  PatchOrderDocument,
  ReadOrderDocument,
  TransactOrdersDocument,
} from "../generated/operations.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";
import { newOrder } from "./new-order.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

type Caller = Awaited<ReturnType<GatewayUnderTest["as"]>>;
let manager: Caller;
let member: Caller;
beforeEach(async () => {
  manager = await gateway.as("contoso-manager");
  member = await gateway.as("contoso-member");
  const ids = ["w-1", "w-2", "w-3"];
  await manager.run(TransactOrdersDocument, {
    operations: ids.map((id) => ({ upsert: { input: { ...newOrder, id } } })),
  });
  await member.run(ReadOrderDocument, { id: "w-1" });
  await gateway.forgetRequests();
});

const sent = async () =>
  itemRequests(await gateway.requests()).map(({ kind, status }) => `${kind} ${status}`);
const order = (id: string) => ({ ...newOrder, id });
const totalOf = async (id: string) =>
  (await manager.run(ReadOrderDocument, { id })).data?.order?.total ?? null;

describe("a patch", () => {
  test("of a warm caller is one request to Cosmos DB", async () => {
    const { data, errors, extensions } = await manager.run(PatchOrderDocument, {
      id: "w-1",
      patch: {
        set: { status: "PAID" },
        increment: { total: 2.5 },
        append: { lines: [{ sku: "desk-oak", quantity: 1, price: 2.5 }] },
      },
      condition: { status: { eq: "OPEN" } },
    });
    expect(errors).toEqual([]);
    expect(data?.patchOrder).toMatchObject({ id: "w-1", status: "PAID", total: 15 });
    expect(data?.patchOrder?.lines).toHaveLength(2);
    expect(await gateway.requests()).toMatchObject([
      {
        method: "PATCH",
        kind: "patch",
        authorization: "resource",
        cosmosUser: "manager:contoso:contoso-manager",
        partitionKey: ["contoso"],
        status: 200,
      },
    ]);
    expect(extensions.cosmos).toMatchObject({ requests: 1 });
  });

  test("under a condition that no longer holds is PRECONDITION_FAILED", async () => {
    const pay = () =>
      manager.run(PatchOrderDocument, {
        id: "w-1",
        patch: { set: { status: "PAID" } },
        condition: { status: { eq: "OPEN" } },
      });
    expect(errorCodes(await pay())).toEqual([]);
    expect(errorCodes(await pay())).toEqual(["PRECONDITION_FAILED"]);
  });

  test("is FORBIDDEN to who may only read, because Cosmos DB says so", async () => {
    const patch = { increment: { total: 1 } };
    expect(errorCodes(await member.run(PatchOrderDocument, { id: "w-1", patch }))).toEqual([
      "FORBIDDEN",
    ]);
    expect(await sent()).toEqual(["patch 403"]);
    const elsewhere = { id: "order-1", tenantId: "fabrikam", patch };
    expect(errorCodes(await manager.run(PatchOrderDocument, elsewhere))).toEqual(["FORBIDDEN"]);
  });
});

describe("a transaction", () => {
  test("is carried out as a whole, in one partition", async () => {
    const { data, errors } = await manager.run(TransactOrdersDocument, {
      operations: [
        { create: { input: order("w-4") } },
        { patch: { id: "w-4", patch: { increment: { total: 7.5 } } } },
        { replace: { id: "w-1", input: { ...order("w-1"), total: 1 } } },
        { delete: { id: "w-2" } },
        { delete: { id: "w-4" } },
      ],
    });
    expect(errors).toEqual([]);
    expect(data?.transactOrders?.map((item) => item && [item.id, item.total])).toEqual([
      ["w-4", 12.5],
      ["w-4", 20],
      ["w-1", 1],
      null,
      null,
    ]);
    expect(await sent()).toEqual(["query 200", "batch 200"]);
    expect([await totalOf("w-1"), await totalOf("w-2")]).toEqual([1, null]);
  });

  test("that fails names the operation by its place, and changes nothing", async () => {
    const { data, errors, status } = await manager.run(TransactOrdersDocument, {
      operations: [
        { patch: { id: "w-1", patch: { set: { total: 99 } } } },
        { delete: { id: "w-2" } },
        { create: { input: order("w-3") } },
        { delete: { id: "w-3" } },
      ],
    });
    expect([status, data]).toEqual([200, { transactOrders: null }]);
    expect(errors).toMatchObject([
      {
        message:
          "Operation 2, create: An item with this id, or with the same value of a unique key, exists already. No operation was carried out.",
        path: ["transactOrders", 2],
        extensions: { code: "CONFLICT", operationIndex: 2 },
      },
    ]);
    expect([await totalOf("w-1"), await totalOf("w-2")]).toEqual([12.5, 12.5]);
  });

  test.each([
    ["no kind", {}],
    ["two kinds", { delete: { id: "w-1" }, create: { input: newOrder } }],
  ])("with an operation of %s is refused before anything is sent", async (_name, operation) => {
    const answer = await manager.run(TransactOrdersDocument, {
      // What the generated types rule out.
      operations: [operation as unknown as OrderOperation],
    });
    expect(errorCodes(answer)).toEqual(["BAD_USER_INPUT"]);
    expect(answer.errors[0]?.message).toContain("OrderOperation");
    expect(await gateway.requests()).toEqual([]);
  });

  test("is Cosmos DB's to refuse", async () => {
    const operations = [{ create: { input: order("w-4") } }];
    expect(errorCodes(await member.run(TransactOrdersDocument, { operations }))).toEqual([
      "FORBIDDEN",
    ]);
    expect(await sent()).toEqual(["batch 403"]);
    const answer = await manager.run(TransactOrdersDocument, { operations, tenantId: "fabrikam" });
    expect(answer.errors).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT", operationIndex: 0 } },
    ]);
  });
});

describe("many at once", () => {
  test("are created and deleted with one transaction a partition", async () => {
    const ids = ["m-1", "m-2", "m-3"];
    const created = await manager.run(CreateOrdersDocument, { inputs: ids.map(order) });
    expect(created.errors).toEqual([]);
    expect(created.data?.createOrders?.map((item) => item?.id)).toEqual(ids);
    expect(await sent()).toEqual(["batch 200"]);
    const deleted = await manager.run(DeleteOrdersDocument, { ids });
    expect([deleted.data?.deleteOrders, deleted.errors]).toEqual([ids, []]);
    expect((await sent()).slice(1)).toEqual(["query 200", "batch 200"]);
    expect(await totalOf("m-1")).toBeNull();
  });

  test("tell by place what was written, and why the rest was not", async () => {
    const inputs = [
      order("m-4"),
      { ...newOrder, tenantId: "fabrikam" },
      { ...newOrder, tenantId: "other" },
    ];
    const { data, errors } = await manager.run(CreateOrdersDocument, { inputs });
    expect(data?.createOrders).toMatchObject([{ id: "m-4" }, null, null]);
    expect(errors).toMatchObject([
      { path: ["createOrders", 1], extensions: { code: "FORBIDDEN", operationIndex: 1 } },
      { path: ["createOrders", 2], extensions: { code: "FORBIDDEN", operationIndex: 2 } },
    ]);
    await manager.run(DeleteOrdersDocument, { ids: ["m-4"] });
  });

  test("where one fails, its transaction is undone", async () => {
    const { data, errors } = await manager.run(DeleteOrdersDocument, {
      ids: ["w-1", "gone", "w-2"],
    });
    expect(data?.deleteOrders).toEqual([null, null, null]);
    expect(errors).toMatchObject([
      { path: ["deleteOrders", 1], extensions: { code: "NOT_FOUND", operationIndex: 1 } },
    ]);
    expect(await totalOf("w-1")).toBe(12.5);
  });
});
