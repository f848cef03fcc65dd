import { isInputObjectType, printType } from "graphql";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  total: Int
  note: String @name(is: "the note")
  tags: [String!]
  address: Address
}
type Address { city: String! street: String }
type Refund @container(name: "orders", discriminator: { field: "type", value: "refund" }) {
  id: ID!
  tenantId: String! @partitionKey
  amount: Float
}
type Product @container(name: "products") { id: ID!  category: String! @partitionKey  price: Int  tags: [String!] }
type Flag @container(name: "flags") { id: ID! @partitionKey  on: Boolean }
type Bare @container(name: "flags2") { id: ID! @partitionKey }
`;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      {
        id: "orders",
        partitionKey: { paths: ["/tenantId"] },
        items: [{ id: "r", tenantId: "contoso", type: "refund", amount: 5 }],
      },
      {
        id: "products",
        partitionKey: { paths: ["/category"] },
        items: [{ id: "odd", category: "z", tags: {} }],
      },
      { id: "flags", partitionKey: { paths: ["/id"] }, items: [] },
      { id: "flags2", partitionKey: { paths: ["/id"] }, items: [] },
    ],
  });
});
afterAll(() => api.stop());

const manager = () =>
  api.as(
    "manager",
    { container: "orders", partitionKey: ["contoso"] },
    { container: "products" },
    { container: "flags" },
  );
const TRANSACT = `mutation ($operations: [OrderOperation!]!, $tenantId: String) {
  transactOrders(operations: $operations, tenantId: $tenantId) { id total note tags address { city street } _etag }
}`;
const transact = (...operations: readonly object[]) => manager()(TRANSACT, { operations });
const input = (id: string, more: object = {}) => ({ id, tenantId: "contoso", ...more });
const create = (id: string, more: object = {}) => ({ create: { input: input(id, more) } });
const sent = async () =>
  itemRequests(await api.requests()).map(({ kind, status }) => `${kind} ${status}`);

async function stored(): Promise<unknown> {
  const { data, errors } = await manager()(`{
    orders { nodes { id total note tags address { city } _etag } }
    refunds { nodes { id amount _etag } }
  }`);
  expect(errors).toEqual([]);
  return data;
}

beforeEach(async () => {
  const { data } = await manager()(`{ orders { nodes { id } } }`);
  for (const { id } of data.orders.nodes) {
    await manager()(`mutation ($id: ID!) { deleteOrder(id: $id) }`, { id });
  }
  const { errors } = await transact(
    create("a", { total: 1, tags: ["x"] }),
    create("b", { total: 2, address: { city: "Bonn" } }),
    create("c", { total: 3 }),
  );
  expect(errors).toEqual([]);
  await api.forgetRequests();
});

describe("a transaction", () => {
  test("writes all operations in their order, and answers each", async () => {
    const { data, errors } = await transact(
      create("n", { total: 1 }),
      { patch: { id: "n", patch: { increment: { total: 1 } } } },
      { upsert: { input: input("u", { note: "new" }) } },
      { upsert: { input: input("a", { note: "over" }) } },
      { replace: { id: "b", input: input("b", { total: 20 }) } },
      { delete: { id: "c" } },
      create("c", { total: 30 }),
    );
    expect(errors).toEqual([]);
    expect(data.transactOrders).toMatchObject([
      { id: "n", total: 1 },
      { id: "n", total: 2 },
      { id: "u", note: "new" },
      { id: "a", note: "over", total: null, tags: null },
      { id: "b", total: 20, address: null },
      null,
      { id: "c", total: 30 },
    ]);
    expect(await sent()).toEqual(["query 200", "batch 200"]);
    const { data: read } = await manager()(
      `{ orders { nodes { id total } } refunds { totalCount } }`,
    );
    expect(read.orders.nodes.map(({ id }: { id: string }) => id)).toEqual([
      "a",
      "b",
      "c",
      "n",
      "u",
    ]);
    expect(read.refunds.totalCount).toBe(1);
  });

  test("of creates and patches alone is one request", async () => {
    const { errors } = await transact(
      create("n"),
      { patch: { id: "a", patch: { append: { tags: ["y"] }, unset: ["note"] } } },
      {
        patch: {
          id: "b",
          patch: { set: { address: { street: "S" } } },
          condition: { total: { eq: 2 } },
        },
      },
    );
    expect(errors).toEqual([]);
    expect(await api.requests()).toMatchObject([
      { kind: "batch", status: 200, authorization: "resource", partitionKey: ["contoso"] },
    ]);
  });

  test("in a container with one type is one request whatever it does", async () => {
    const { data, errors } = await manager()(`mutation { transactProducts(operations: [
      { create: { input: { id: "p", category: "x", price: 1 } } }
      { upsert: { input: { id: "q", category: "x" } } }
      { replace: { id: "p", input: { category: "x", price: 2 } } }
      { delete: { id: "q" } }
    ]) { id price } }`);
    expect(errors).toEqual([]);
    expect(data.transactProducts).toEqual([
      { id: "p", price: 1 },
      { id: "q", price: null },
      { id: "p", price: 2 },
      null,
    ]);
    expect(await sent()).toEqual(["batch 201"].map(() => "batch 200"));
  });

  test("patches what Cosmos DB's own operations can't, with what is before it", async () => {
    const { data, errors } = await transact(
      create("n"),
      { patch: { id: "n", patch: { append: { tags: ["1"] } } } },
      { patch: { id: "n", patch: { append: { tags: ["2"] }, set: { address: { city: "Ulm" } } } } },
      {
        patch: {
          id: "a",
          patch: { set: { address: { city: "Rom" } } },
          condition: { total: { eq: 1 } },
        },
      },
      { patch: { id: "c", patch: {} } },
    );
    expect(errors).toEqual([]);
    expect(data.transactOrders).toMatchObject([
      { id: "n", tags: null },
      { id: "n", tags: ["1"] },
      { id: "n", tags: ["1", "2"], address: { city: "Ulm" } },
      { id: "a", total: 1, tags: ["x"], address: { city: "Rom" } },
      { id: "c", total: 3 },
    ]);
  });

  test("patches nothing where nothing is said, and gives the item", async () => {
    const { data } = await transact({ patch: { id: "c", patch: {} } });
    expect(data.transactOrders).toMatchObject([{ id: "c", total: 3 }]);
  });

  test("reads an item once, however many operations are on it", async () => {
    const { codes } = await transact(
      { replace: { id: "a", input: input("a") } },
      { upsert: { input: input("a") } },
      { delete: { id: "a" } },
    );
    expect(codes).toEqual([]);
    expect(await sent()).toEqual(["read 200", "batch 200"]);
  });

  test("of a hundred operations is done, of more not", async () => {
    const many = Array.from({ length: 100 }, (_, index) => create(`m${index}`));
    expect((await transact(...many)).data.transactOrders).toHaveLength(100);
    const deletes = many.map((_, index) => ({ delete: { id: `m${index}` } }));
    expect((await transact(...deletes)).data.transactOrders).toEqual(deletes.map(() => null));
    await api.forgetRequests();
    for (const tooMany of [
      [...many, create("one more")],
      [...deletes, { delete: { id: "one more" } }],
    ]) {
      expect((await transact(...tooMany)).codes).toEqual(["BAD_USER_INPUT"]);
    }
    expect((await transact()).data.transactOrders).toEqual([]);
    expect(await api.requests()).toEqual([]);
  });

  test("takes its partition from an input, an argument, or the permissions, and has one only", async () => {
    const key = (category: string) => ({ create: { input: { category } } });
    const run = (operations: readonly object[], category?: string) =>
      manager()(
        `mutation ($operations: [ProductOperation!]!, $category: String) {
          transactProducts(operations: $operations, category: $category) { category }
        }`,
        { operations, category },
      );
    expect((await run([key("x"), key("x")])).codes).toEqual([]);
    expect((await run([key("x")], "x")).codes).toEqual([]);
    const other = await run([key("x"), key("y")]);
    expect(other.codes).toEqual(["BAD_USER_INPUT"]);
    expect(other.errors[0]?.message).toBe(
      "Operation 1, create: A transaction stays in one partition, and this operation has another `category`. No operation was carried out.",
    );
    expect((await run([key("x")], "y")).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await run([{ delete: { id: "p" } }])).errors[0]?.message).toMatch(/Give `category`/);
  });

  test("where the id is the partition key, is about one item", async () => {
    const run = (operations: readonly object[]) =>
      manager()(
        `mutation ($operations: [FlagOperation!]!) { transactFlags(operations: $operations) { id on } }`,
        { operations },
      );
    const { data } = await run([
      { create: { input: { id: "f" } } },
      { patch: { id: "f", patch: { set: { on: true } } } },
    ]);
    expect(data.transactFlags).toEqual([
      { id: "f", on: null },
      { id: "f", on: true },
    ]);
    const { errors } = await run([{ delete: { id: "f" } }, { delete: { id: "g" } }]);
    expect(errors[0]).toMatchObject({ code: "BAD_USER_INPUT", message: /^Operation 1/ });
  });

  test("is FORBIDDEN without a permission to write there", async () => {
    const member = api.as("member", {
      container: "orders",
      partitionKey: ["contoso"],
      mode: "Read",
    });
    expect((await member(TRANSACT, { operations: [create("n")] })).codes).toEqual(["FORBIDDEN"]);
    const nobody = api.as("nobody", { container: "products" });
    expect((await nobody(TRANSACT, { operations: [create("n")] })).codes).toEqual(["FORBIDDEN"]);
    const elsewhere = { create: { input: { tenantId: "fabrikam" } } };
    expect((await transact(elsewhere)).codes).toEqual(["FORBIDDEN"]);
  });
});

describe("a transaction of which one operation fails changes nothing, and names it", () => {
  const condition = { total: { eq: 7 } };
  const cases: readonly [string, string, object][] = [
    ["an id that is taken", "CONFLICT", create("a")],
    ["an id of another type's item", "CONFLICT", create("r")],
    ["an upsert over another type's item", "CONFLICT", { upsert: { input: input("r") } }],
    ["an id that can't be", "BAD_USER_INPUT", create("a/b")],
    ["a replace of nothing", "NOT_FOUND", { replace: { id: "no", input: input("no") } }],
    ["a replace of another type", "NOT_FOUND", { replace: { id: "r", input: input("r") } }],
    ["a replace by another id", "BAD_USER_INPUT", { replace: { id: "b", input: input("x") } }],
    [
      "a replace of another version",
      "PRECONDITION_FAILED",
      { replace: { id: "b", input: input("b"), ifMatch: '"0"' } },
    ],
    ["a delete of nothing", "NOT_FOUND", { delete: { id: "no" } }],
    ["a delete of what can't be", "NOT_FOUND", { delete: { id: "a/b" } }],
    ["a delete of another type", "NOT_FOUND", { delete: { id: "r" } }],
    ["a delete of another version", "PRECONDITION_FAILED", { delete: { id: "b", ifMatch: '"0"' } }],
    ["a patch of nothing", "NOT_FOUND", { patch: { id: "no", patch: { set: { total: 1 } } } }],
    ["a patch of another type", "NOT_FOUND", { patch: { id: "r", patch: { set: { total: 1 } } } }],
    [
      "a patch of another type, under a condition",
      "NOT_FOUND",
      { patch: { id: "r", patch: { set: { total: 1 } }, condition } },
    ],
    [
      "a patch of another version",
      "PRECONDITION_FAILED",
      { patch: { id: "b", patch: { set: { total: 1 } }, ifMatch: '"0"' } },
    ],
    [
      "a patch under a condition",
      "PRECONDITION_FAILED",
      { patch: { id: "b", patch: { set: { total: 1 } }, condition } },
    ],
    [
      "a condition on what the transaction has created",
      "PRECONDITION_FAILED",
      { patch: { id: "n", patch: { set: { total: 1 } }, condition } },
    ],
    [
      "a patch that has to be worked out, under a condition",
      "PRECONDITION_FAILED",
      { patch: { id: "b", patch: { append: { tags: ["t"] } }, condition } },
    ],
    [
      "a patch of nothing under a condition",
      "PRECONDITION_FAILED",
      { patch: { id: "b", patch: {}, condition } },
    ],
    [
      "a patch that makes half an object",
      "BAD_USER_INPUT",
      { patch: { id: "c", patch: { set: { address: { street: "S" } } } } },
    ],
    [
      "a patch with a property in two parts",
      "BAD_USER_INPUT",
      { patch: { id: "c", patch: { set: { total: 1 }, increment: { total: 1 } } } },
    ],
  ];
  test.each(cases)("%s is %s", async (_name, code, operation) => {
    const before = await stored();
    const answer = await transact(
      create("n"),
      { patch: { id: "a", patch: { increment: { total: 1 } } } },
      operation,
      { delete: { id: "c" } },
    );
    expect(answer.codes).toEqual([code]);
    expect(answer.errors[0]?.message).toMatch(/^Operation 2, .*No operation was carried out\.$/);
    if (code === "NOT_FOUND") {
      expect(answer.errors[0]?.message).toContain("There is no Order with this id.");
    }
    expect(await stored()).toEqual(before);
  });

  test("at once, where trying again makes no sense", async () => {
    await transact({ replace: { id: "a", input: input("a"), ifMatch: '"0"' } });
    expect(await sent()).toEqual(["read 200", "batch 207"]);
    await api.forgetRequests();
    await transact({ delete: { id: "no" } });
    expect(await sent()).toEqual(["read 404"]);
    await api.forgetRequests();
    await transact({ patch: { id: "a", patch: {}, ifMatch: '"0"' } });
    expect(await sent()).toEqual(["read 200"]);
  });

  test("also where the item contradicts the model", async () => {
    const { errors } = await manager()(`mutation { transactProducts(category: "z", operations: [
      { patch: { id: "odd", patch: { append: { tags: ["t"] } } } }
    ]) { id } }`);
    expect(errors).toEqual([
      {
        code: "BAD_USER_INPUT",
        message:
          "Operation 0, patch: `tags` can't be appended to: the item has no list there. No operation was carried out.",
      },
    ]);
  });
});

describe("other writers at the same time", () => {
  test("an item that another type takes meanwhile is not written over", async () => {
    await api.addFault({
      match: { method: "POST", path: "/orders/docs$" },
      times: 2,
      delayMs: 400,
    });
    const replacing = transact({ replace: { id: "a", input: input("a") } }, create("n"));
    await vi.waitFor(async () => {
      expect(await sent()).toContain("read 200");
    });
    await manager()(`mutation { deleteOrder(id: "a") }`);
    await manager()(
      `mutation { createRefund(input: { id: "a", tenantId: "contoso", amount: 7 }) { id } }`,
    );
    expect((await replacing).codes).toEqual(["NOT_FOUND"]);
    await api.clearFaults();
    expect((await manager()(`{ refund(id: "a") { amount } }`)).data.refund.amount).toBe(7);
    await manager()(`mutation { deleteRefund(id: "a") }`);
  });

  test.each([
    ["an order is written over", "createOrder", undefined],
    ["another type's item is not", "createRefund", "CONFLICT"],
  ])("an upsert of what comes to be meanwhile: %s", async (_name, create, code) => {
    const id = create.toLowerCase();
    await api.addFault({
      match: { method: "POST", path: "/orders/docs$" },
      times: 1,
      delayMs: 500,
    });
    const upserting = transact({ upsert: { input: input(id, { total: 2 }) } });
    await vi.waitFor(async () => {
      expect(await sent()).toContain("read 404");
    });
    const { codes } = await manager()(
      `mutation { ${create}(input: { id: "${id}", tenantId: "contoso" }) { id } }`,
    );
    expect(codes).toEqual([]);
    const answer = await upserting;
    expect(answer.codes).toEqual(code === undefined ? [] : [code]);
    expect(answer.data?.transactOrders).toEqual(
      code === undefined ? [expect.objectContaining({ id, total: 2 })] : null,
    );
    await manager()(`mutation { deleteRefund(id: "${id}") }`);
  });

  test("a patch under a condition that still holds is made over what came meanwhile", async () => {
    await api.addFault({
      match: { method: "POST", path: "/orders/docs$" },
      times: 1,
      delayMs: 500,
    });
    const patching = transact({ patch: { id: "c", patch: {}, condition: { total: { eq: 3 } } } });
    await vi.waitFor(async () => {
      expect(await sent()).toContain("read 200");
    });
    await manager()(`mutation { patchOrder(id: "c", patch: { set: { note: "new" } }) { id } }`);
    expect((await patching).data?.transactOrders).toMatchObject([{ total: 3, note: "new" }]);
  });

  test("without `ifMatch` all succeed in the end", async () => {
    const answers = await Promise.all(
      [1, 2, 3].map((total) =>
        transact(
          { replace: { id: "a", input: input("a", { total }) } },
          { upsert: { input: input("shared", { total }) } },
          { patch: { id: "b", patch: { append: { tags: [`${total}`] } } } },
        ),
      ),
    );
    expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
    const { data } = await manager()(`{ order(id: "b") { tags } }`);
    expect([...data.order.tags].sort()).toEqual(["1", "2", "3"]);
  });

  test("under one condition, one of twenty is done", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        transact({
          patch: { id: "a", patch: { set: { total: 9 } }, condition: { total: { eq: 1 } } },
        }),
      ),
    );
    const codes = answers.flatMap((answer) => answer.codes);
    expect(codes).toEqual(Array.from({ length: 19 }, () => "PRECONDITION_FAILED"));
  });
});

describe("an operation is exactly one of its kinds", () => {
  test("in the schema", () => {
    const type = api.schema.getType("OrderOperation");
    expect(isInputObjectType(type) && printType(type)).toContain("input OrderOperation @oneOf {");
    const bare = api.schema.getType("BareOperation");
    expect(isInputObjectType(bare) && Object.keys(bare.getFields())).toEqual([
      "create",
      "upsert",
      "replace",
      "delete",
    ]);
  });

  test.each([
    ["none", {}],
    ["two", { ...create("n"), delete: { id: "a" } }],
    ["a null", { create: null }],
    ["one and a null", { ...create("n"), delete: null }],
  ])("as a variable: not %s", async (_name, operation) => {
    const answer = await transact(operation);
    expect(answer.errors[0]?.message).toMatch(/Exactly one key|must be non-null/);
    expect(answer.data).toBeUndefined();
    expect(await api.requests()).toEqual([]);
  });

  test.each([
    "{}",
    `{ delete: { id: "a" }, create: { input: { tenantId: "x" } } }`,
    "{ delete: null }",
  ])("as a literal: not %s", async (operation) => {
    const run = manager()(`mutation { transactOrders(operations: [${operation}]) { id } }`);
    await expect(run).rejects.toThrow(/exactly one key|must be non-null/);
  });
});
