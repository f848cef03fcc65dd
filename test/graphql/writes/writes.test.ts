import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  status: Status!
  total: Float @name(is: "the total")
  note: String
  lines: [Line!]!
  createdAt: DateTime
  due: Date
  views: Long
  extra: JSON
}
type Refund @container(name: "orders", discriminator: { field: "type", value: "refund" }) {
  id: ID!
  tenantId: String! @partitionKey
  amount: Float
}
type Product @container(name: "products") { id: ID!  category: String! @partitionKey  name: String }
type Line { sku: String! @name(is: "stock")  sub: [Line!] }
enum Status { OPEN PAID }
`;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    createId: () => "generated",
    containers: [
      {
        id: "orders",
        partitionKey: { paths: ["/tenantId"] },
        items: [
          { id: "o1", tenantId: "contoso", type: "order", status: "OPEN", lines: [], secret: 1 },
          { id: "r1", tenantId: "contoso", type: "refund", amount: 5 },
          { id: "plain", tenantId: "contoso" },
          { id: "odd", tenantId: "contoso", type: "order", lines: [] },
        ],
      },
      { id: "products", partitionKey: { paths: ["/category"] }, items: [] },
    ],
  });
});
afterAll(() => api.stop());
beforeEach(() => api.forgetRequests());

const manager = () =>
  api.as("manager", { container: "orders", partitionKey: ["contoso"] }, { container: "products" });
const member = () =>
  api.as("member", { container: "orders", partitionKey: ["contoso"], mode: "Read" });
const sent = async () => itemRequests(await api.requests());

const FIELDS =
  "id tenantId status total note lines { sku sub { sku } } createdAt due views extra _etag _ts";
const CREATE = `mutation ($input: OrderInput!) { createOrder(input: $input) { ${FIELDS} } }`;
const REPLACE = `mutation ($id: ID!, $input: OrderInput!, $ifMatch: String, $tenantId: String) {
  replaceOrder(id: $id, input: $input, ifMatch: $ifMatch, tenantId: $tenantId) { ${FIELDS} }
}`;
const UPSERT = `mutation ($input: OrderInput!, $ifMatch: String) {
  upsertOrder(input: $input, ifMatch: $ifMatch) { ${FIELDS} }
}`;
const DELETE = `mutation ($id: ID!, $ifMatch: String, $tenantId: String) {
  deleteOrder(id: $id, ifMatch: $ifMatch, tenantId: $tenantId)
}`;
const READ = `query ($id: ID!) { order(id: $id) { ${FIELDS} } }`;
const input = (more: object = {}) => ({ tenantId: "contoso", status: "OPEN", lines: [], ...more });

describe("create", () => {
  test("stores under the stored names, with the discriminator, and answers the item as stored", async () => {
    const given = input({
      id: "full",
      total: 12.5,
      note: null,
      lines: [{ sku: "a", sub: [{ sku: "b" }] }],
      createdAt: "2026-03-01T09:30:00.250+02:00",
      due: "2026-03-01",
      views: 9007199254740991,
      extra: { deep: [1, null, { x: "y" }] },
    });
    const { data, errors } = await manager()(CREATE, { input: given });
    expect(errors).toEqual([]);
    expect(data.createOrder).toEqual({
      ...given,
      lines: [{ sku: "a", sub: [{ sku: "b" }] }].map(({ sku, sub }) => ({ sku, sub })),
      createdAt: "2026-03-01T07:30:00.250Z",
      _etag: expect.any(String),
      _ts: expect.any(Number),
    });
    const generic = api.as("raw", { container: "orders" });
    expect((await generic(READ, { id: "full" })).data.order.total).toBe(12.5);
    expect((await manager()(READ, { id: "full" })).data.order).toEqual(data.createOrder);
  });

  test("makes an id where none is given", async () => {
    const { data } = await manager()(CREATE, { input: input() });
    expect(data.createOrder.id).toBe("generated");
    await manager()(DELETE, { id: "generated" });
  });

  test("is one request for a warm caller", async () => {
    await manager()(`mutation { createProduct(input: { id: "p1", category: "x" }) { id } }`);
    await api.forgetRequests();
    await manager()(`mutation { createProduct(input: { id: "p2", category: "x" }) { id } }`);
    expect(await api.requests()).toMatchObject([
      { kind: "create", authorization: "resource", partitionKey: ["x"] },
    ]);
  });

  test("of an id that is taken is CONFLICT", async () => {
    expect((await manager()(CREATE, { input: input({ id: "o1" }) })).codes).toEqual(["CONFLICT"]);
  });

  test.each(["a/b", "a\\b", "a#b", ""])(
    "of an id that can't be is BAD_USER_INPUT: %j",
    async (id) => {
      expect((await manager()(CREATE, { input: input({ id }) })).codes).toEqual(["BAD_USER_INPUT"]);
    },
  );

  test("is FORBIDDEN for a caller who may only read, because Cosmos DB says so", async () => {
    expect((await member()(CREATE, { input: input() })).codes).toEqual(["FORBIDDEN"]);
    const elsewhere = input({ tenantId: "fabrikam" });
    expect((await manager()(CREATE, { input: elsewhere })).codes).toEqual(["FORBIDDEN"]);
  });

  test("refuses values that the scalars don't allow", async () => {
    const values = [
      { createdAt: "2026-03-01" },
      { createdAt: "2026-02-30T00:00:00Z" },
      { due: "2026-02-30" },
      { views: 9007199254740992 },
      { views: 1.5 },
    ];
    for (const value of values) {
      const answer = await manager()(CREATE, { input: input(value) });
      expect(answer.errors).toHaveLength(1);
      expect(answer.data).toBeUndefined();
    }
  });
});

describe("replace", () => {
  test("keeps nothing of what was there, and changes the etag", async () => {
    const before = (await manager()(CREATE, { input: input({ id: "rep", note: "x" }) })).data
      .createOrder;
    const { data } = await manager()(REPLACE, { id: "rep", input: input({ total: 3 }) });
    expect(data.replaceOrder).toMatchObject({ id: "rep", total: 3, note: null });
    expect(data.replaceOrder._etag).not.toBe(before._etag);
  });

  test("with the version as `ifMatch` works once", async () => {
    const { _etag } = (await manager()(CREATE, { input: input({ id: "ver" }) })).data.createOrder;
    const variables = { id: "ver", input: input(), ifMatch: _etag };
    expect((await manager()(REPLACE, variables)).codes).toEqual([]);
    expect((await manager()(REPLACE, variables)).codes).toEqual(["PRECONDITION_FAILED"]);
  });

  test("of an item that isn't there, or is of another type, is NOT_FOUND", async () => {
    for (const id of ["none", "r1", "plain"]) {
      expect((await manager()(REPLACE, { id, input: input() })).codes).toEqual(["NOT_FOUND"]);
    }
    const { data } = await manager()(`{ refund(id: "r1") { amount } }`);
    expect(data.refund.amount).toBe(5);
  });

  test("can't change the id or the partition", async () => {
    const answers = await Promise.all([
      manager()(REPLACE, { id: "o1", input: input({ id: "o2" }) }),
      manager()(REPLACE, { id: "o1", input: input(), tenantId: "fabrikam" }),
    ]);
    expect(answers.map(({ codes }) => codes)).toEqual([["BAD_USER_INPUT"], ["BAD_USER_INPUT"]]);
    const same = { id: "o1", input: input({ id: "o1" }), tenantId: "contoso" };
    expect((await manager()(REPLACE, same)).codes).toEqual([]);
  });

  test("is FORBIDDEN for a caller who may only read", async () => {
    expect((await member()(REPLACE, { id: "o1", input: input() })).codes).toEqual(["FORBIDDEN"]);
  });

  test("never writes over an item of another type, even one that takes the id meanwhile", async () => {
    await manager()(CREATE, { input: input({ id: "swap" }) });
    await api.forgetRequests();
    await api.addFault({ match: { method: "PUT", path: "/swap" }, times: 1, delayMs: 1000 });
    const replacing = manager()(REPLACE, { id: "swap", input: input() });
    await vi.waitFor(async () => {
      expect((await sent()).map(({ method }) => method)).toContain("GET");
    });
    await manager()(DELETE, { id: "swap" });
    await manager()(
      `mutation { createRefund(input: { id: "swap", tenantId: "contoso", amount: 7 }) { id } }`,
    );
    expect((await replacing).codes).toEqual(["NOT_FOUND"]);
    expect((await manager()(`{ refund(id: "swap") { amount } }`)).data.refund.amount).toBe(7);
    await manager()(`mutation { deleteRefund(id: "swap") }`);
  });

  test("of concurrent writers without `ifMatch` all succeed", async () => {
    await manager()(CREATE, { input: input({ id: "busy" }) });
    const answers = await Promise.all(
      [1, 2, 3].map((total) => manager()(REPLACE, { id: "busy", input: input({ total }) })),
    );
    expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
  });
});

describe("upsert", () => {
  test("creates, then replaces", async () => {
    const first = await manager()(UPSERT, { input: input({ id: "up", note: "x" }) });
    expect(first.data.upsertOrder.note).toBe("x");
    const second = await manager()(UPSERT, { input: input({ id: "up", total: 1 }) });
    expect(second.data.upsertOrder).toMatchObject({ note: null, total: 1 });
  });

  test("over an item of another type is CONFLICT", async () => {
    expect((await manager()(UPSERT, { input: input({ id: "r1" }) })).codes).toEqual(["CONFLICT"]);
  });

  test.each([
    ["an item of another type stays", "createRefund", ["CONFLICT"]],
    ["one of the same type is written over", "createOrder", []],
  ])("of an id that is taken meanwhile: %s", async (_name, create, codes) => {
    const id = create.toLowerCase();
    await api.addFault({ match: { method: "POST", path: "/docs$" }, times: 1, delayMs: 500 });
    const upserting = manager()(UPSERT, { input: input({ id, total: 2 }) });
    await vi.waitFor(async () => {
      expect((await sent()).map(({ method }) => method)).toContain("GET");
    });
    const more = create === "createOrder" ? "status: OPEN, lines: []" : "";
    const other = await manager()(
      `mutation { ${create}(input: { id: "${id}", tenantId: "contoso" ${more} }) { id } }`,
    );
    expect(other.codes).toEqual([]);
    expect((await upserting).codes).toEqual(codes);
    const { data } = await manager()(`{ order(id: "${id}") { total } refund(id: "${id}") { id } }`);
    expect(data).toEqual(
      create === "createOrder"
        ? { order: { total: 2 }, refund: null }
        : { order: null, refund: { id } },
    );
    await manager()(`mutation { deleteRefund(id: "${id}") }`);
  });

  test("with another version as `ifMatch` is PRECONDITION_FAILED", async () => {
    const variables = { input: input({ id: "o1" }), ifMatch: '"0"' };
    expect((await manager()(UPSERT, variables)).codes).toEqual(["PRECONDITION_FAILED"]);
  });
});

describe("delete", () => {
  test("answers the id, and the item is gone", async () => {
    await manager()(CREATE, { input: input({ id: "del" }) });
    expect((await manager()(DELETE, { id: "del" })).data.deleteOrder).toBe("del");
    expect((await manager()(READ, { id: "del" })).data.order).toBeNull();
  });

  test("of an item that isn't there, can't be, or is of another type, is NOT_FOUND", async () => {
    for (const id of ["none", "a/b", "r1"]) {
      expect((await manager()(DELETE, { id })).codes).toEqual(["NOT_FOUND"]);
    }
  });

  test("with another version as `ifMatch` is PRECONDITION_FAILED", async () => {
    await manager()(CREATE, { input: input({ id: "keep" }) });
    expect((await manager()(DELETE, { id: "keep", ifMatch: '"0"' })).codes).toEqual([
      "PRECONDITION_FAILED",
    ]);
    expect((await member()(DELETE, { id: "keep" })).codes).toEqual(["FORBIDDEN"]);
    expect((await manager()(READ, { id: "keep" })).data.order.id).toBe("keep");
  });
});

test("an item of another type in the container is no Order", async () => {
  const { data } = await manager()(`{
    order(id: "r1") { id }
    refund(id: "r1") { amount }
    refunds { nodes { id } totalCount }
  }`);
  expect(data).toEqual({
    order: null,
    refund: { amount: 5 },
    refunds: { nodes: [{ id: "r1" }], totalCount: 1 },
  });
});

test("a list asks for the selected properties alone, and aliases are no matter", async () => {
  const { errors } = await manager()(
    `query ($yes: Boolean!) {
      mine: orders(filter: { status: { eq: OPEN } }) {
        nodes { name: note ...More ... on Order { due @skip(if: $yes) } }
        edges { node { sum: total } }
      }
    }
    fragment More on Order { l: lines { s: sku } views @include(if: $yes) }`,
    { yes: true },
  );
  expect(errors).toEqual([]);
  const [{ query } = { query: "" }] = (await sent()).filter(({ kind }) => kind === "query");
  const properties = ["the total", "note", "lines", "views", "id", "tenantId"];
  const selected = properties.map((name) => `"${name}": c["${name}"]`).join(", ");
  expect(query).toBe(
    `SELECT VALUE {${selected}} FROM c WHERE (c["type"] = @p0 AND c["status"] = @p1) ORDER BY c["id"] ASC`,
  );
});

test("`totalCount` alone counts and reads no rows; rows alone count nothing", async () => {
  await manager()(`{ orders { totalCount } }`);
  await manager()(`{ orders { nodes { id } } }`);
  const queries = (await sent()).map(({ query }) => query ?? "").filter((query) => query !== "");
  expect(queries.filter((query) => query.includes("COUNT"))).toHaveLength(1);
  expect(queries).toHaveLength(2);
});

test("a stored item that contradicts the model is null with an error that names it", async () => {
  const answer = await member()(`{ order(id: "odd") { id status } }`);
  expect(answer).toMatchObject({ data: { order: null }, codes: ["ITEM_MISFIT"] });
  const observed = api.observations.filter(({ kind }) => kind === "item-misfit");
  expect(observed).toHaveLength(1);
  expect((await member()(`{ order(id: "odd") { id total } }`)).codes).toEqual([]);
});
