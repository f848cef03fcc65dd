import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiAnswer, type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  status: Status!
  total: Float @name(is: "the total")
  count: Int!
  note: String
  tags: [String!]
  address: Address
  lines: [Line!]!
}
type Address { city: String! street: String geo: Geo }
type Geo { lat: Float @name(is: "latitude") lon: Float }
type Line { sku: String! @name(is: "stock") }
enum Status { OPEN PAID }
type Flag @container(name: "flags") { id: ID! @partitionKey }
`;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      {
        id: "orders",
        partitionKey: { paths: ["/tenantId"] },
        items: [{ id: "r1", tenantId: "contoso", type: "refund" }],
      },
      { id: "flags", partitionKey: { paths: ["/id"] }, items: [] },
    ],
  });
});
afterAll(() => api.stop());

const manager = () => api.as("manager", { container: "orders", partitionKey: ["contoso"] });

beforeEach(async () => {
  const input = {
    id: "o",
    tenantId: "contoso",
    status: "OPEN",
    total: 10,
    count: 1,
    note: "x",
    address: { city: "Bonn", street: "A" },
    lines: [{ sku: "a" }],
  };
  const { errors } = await manager()(
    `mutation ($input: OrderInput!) { upsertOrder(input: $input) { id } }`,
    { input },
  );
  expect(errors).toEqual([]);
});

const PATCH = `mutation ($id: ID!, $patch: OrderPatch!, $ifMatch: String, $condition: OrderFilter) {
  patchOrder(id: $id, patch: $patch, ifMatch: $ifMatch, condition: $condition) {
    status total count note tags address { city street geo { lat lon } } lines { sku } _etag
  }
}`;
const patch = (change: object, more: object = {}): Promise<ApiAnswer> =>
  manager()(PATCH, { id: "o", patch: change, ...more });

const UNCHANGED = {
  status: "OPEN",
  total: 10,
  count: 1,
  note: "x",
  tags: null,
  address: { city: "Bonn", street: "A", geo: null },
  lines: [{ sku: "a" }],
};

test.each([
  ["nothing", {}, {}],
  ["one property", { set: { total: 3 } }, { total: 3 }],
  ["an explicit null", { set: { note: null } }, { note: null }],
  [
    "a nested property",
    { set: { address: { street: "B" } } },
    { address: { city: "Bonn", street: "B", geo: null } },
  ],
  [
    "objects in objects, under their stored names",
    { set: { address: { geo: { lat: 1.5 } } } },
    { address: { city: "Bonn", street: "A", geo: { lat: 1.5, lon: null } } },
  ],
  ["a whole list", { set: { lines: [{ sku: "z" }] } }, { lines: [{ sku: "z" }] }],
  ["sums", { increment: { total: -2.5, count: 4 } }, { total: 7.5, count: 5 }],
  [
    "elements at the end",
    { append: { lines: [{ sku: "b" }], tags: ["t"] } },
    { lines: [{ sku: "a" }, { sku: "b" }], tags: ["t"] },
  ],
  ["what is taken away", { unset: ["note", "address"] }, { note: null, address: null }],
  [
    "many at once",
    {
      set: { status: "PAID", note: "y" },
      increment: { count: 1 },
      append: { tags: ["a", "b"] },
      unset: ["total"],
    },
    { status: "PAID", note: "y", count: 2, tags: ["a", "b"], total: null },
  ],
])("a patch changes %s and leaves the rest", async (_name, change, changed) => {
  const { data, errors } = await patch(change);
  expect(errors).toEqual([]);
  expect(data.patchOrder).toEqual({ ...UNCHANGED, ...changed, _etag: expect.any(String) });
});

test("what is unset is not stored, and what the model doesn't name stays", async () => {
  await patch({ unset: ["note"] });
  const { data } = await manager()(`{
    unset: orders(filter: { note: { isDefined: false } }) { nodes { id } }
    own: order(id: "o") { id }
  }`);
  expect(data).toEqual({ unset: { nodes: [{ id: "o" }] }, own: { id: "o" } });
});

test("an increment of what isn't there counts from 0", async () => {
  await patch({ unset: ["total"] });
  expect((await patch({ increment: { total: 2 } })).data.patchOrder.total).toBe(2);
});

test.each([
  ["a null where the model allows none", { set: { count: null } }],
  ["a null in an object where the model allows none", { set: { address: { city: null } } }],
  ["a property in two parts", { set: { count: 1 }, increment: { count: 1 } }],
])("%s is BAD_USER_INPUT, and nothing changes", async (_name, change) => {
  const answer = await patch({ ...change, append: { tags: ["no"] } });
  expect(answer.codes).toEqual(["BAD_USER_INPUT"]);
  expect((await patch({})).data.patchOrder).toMatchObject(UNCHANGED);
});

test("an object that wasn't there can't come to be by halves", async () => {
  await patch({ set: { address: null } });
  expect((await patch({ set: { address: { street: "B" } } })).codes).toEqual(["BAD_USER_INPUT"]);
  const { data } = await patch({ set: { address: { city: "Ulm" } } });
  expect(data.patchOrder.address).toEqual({ city: "Ulm", street: null, geo: null });
});

test("with the version as `ifMatch` works once", async () => {
  const { _etag } = (await patch({})).data.patchOrder;
  expect((await patch({ increment: { count: 1 } }, { ifMatch: _etag })).codes).toEqual([]);
  const again = await patch({ increment: { count: 1 } }, { ifMatch: _etag });
  expect(again.codes).toEqual(["PRECONDITION_FAILED"]);
});

test("with a condition works only where it holds", async () => {
  const pay = () => patch({ set: { status: "PAID" } }, { condition: { status: { eq: "OPEN" } } });
  expect((await pay()).data.patchOrder.status).toBe("PAID");
  expect((await pay()).codes).toEqual(["PRECONDITION_FAILED"]);
});

test("concurrent patches all happen", async () => {
  const answers = await Promise.all([1, 2, 3, 4].map(() => patch({ increment: { count: 1 } })));
  expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
  expect((await patch({})).data.patchOrder.count).toBe(5);
});

test("of an item that isn't there, can't be, or is of another type, is NOT_FOUND", async () => {
  for (const id of ["none", "a/b", "r1"]) {
    const condition = { status: { eq: "OPEN" } };
    expect((await patch({}, { id })).codes).toEqual(["NOT_FOUND"]);
    expect((await patch({}, { id, condition })).codes).toEqual(["NOT_FOUND"]);
  }
});

test("is FORBIDDEN for a caller who may only read", async () => {
  const member = api.as("member", { container: "orders", partitionKey: ["contoso"], mode: "Read" });
  expect((await member(PATCH, { id: "o", patch: { set: { note: "y" } } })).codes).toEqual([
    "FORBIDDEN",
  ]);
});

test("a type with nothing to change has no patch", () => {
  const names = Object.keys(api.schema.getMutationType()?.getFields() ?? {});
  expect(names).toContain("patchOrder");
  expect(names).not.toContain("patchFlag");
});
