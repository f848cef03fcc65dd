import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

/** How a patch reaches Cosmos DB: what it costs, and what happens where its own operations don't do. */

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  total: Float
  count: Int
  note: String
  tags: [String!]
  matrix: [[Int!]!]
  address: Address
  ${Array.from({ length: 12 }, (_, index) => `n${index}: Int`).join("\n  ")}
}
type Address { city: String! street: String geo: Geo odd: String @name(is: "0") }
type Geo { lat: Float lon: Float }
type Swap @container(name: "orders", discriminator: { field: "type", value: "swap" }) {
  id: ID!
  tenantId: String! @partitionKey
}
type Plain @container(name: "plain") { id: ID!  key: String! @partitionKey  count: Int  extra: JSON }
`;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      {
        id: "orders",
        partitionKey: { paths: ["/tenantId"] },
        items: [
          { id: "refund", tenantId: "contoso", type: "refund", count: 1, tags: [] },
          {
            id: "odd",
            tenantId: "contoso",
            type: "order",
            count: "1",
            tags: { a: 1 },
            address: ["x"],
          },
        ],
      },
      { id: "plain", partitionKey: { paths: ["/key"] }, items: [{ id: "p", key: "k", count: 1 }] },
    ],
  });
});
afterAll(() => api.stop());

const manager = () =>
  api.as(
    "manager",
    { container: "orders", partitionKey: ["contoso"] },
    { container: "plain", partitionKey: ["k"] },
  );

const FIELDS =
  "total count note tags matrix address { city street odd geo { lat lon } } n0 n11 _etag";
const PATCH = `mutation ($id: ID!, $patch: OrderPatch!, $ifMatch: String, $condition: OrderFilter, $tenantId: String) {
  patchOrder(id: $id, patch: $patch, ifMatch: $ifMatch, condition: $condition, tenantId: $tenantId) { ${FIELDS} }
}`;
const patch = (change: object, more: object = {}) =>
  manager()(PATCH, { id: "o", patch: change, ...more });
const sent = async () =>
  itemRequests(await api.requests()).map(({ kind, status }) => `${kind} ${status}`);

beforeEach(async () => {
  const { errors } = await manager()(
    `mutation { upsertOrder(input: {
      id: "o", tenantId: "contoso", total: 1, count: 1, note: "x", tags: ["a"], matrix: [[1]],
      address: { city: "Bonn", geo: { lat: 1 } }
    }) { id } }`,
  );
  expect(errors).toEqual([]);
  await api.forgetRequests();
});

describe("a warm caller's patch is one request", () => {
  test.each([
    ["of one property", { set: { note: "y" } }, { note: "y" }],
    ["of a null", { set: { note: null } }, { note: null }],
    ["that adds to numbers", { increment: { total: 2, count: -3 } }, { total: 3, count: -2 }],
    ["that adds to what isn't there", { increment: { n0: 2 } }, { n0: 2 }],
    ["that appends to a list", { append: { tags: ["b", "c"] } }, { tags: ["a", "b", "c"] }],
    ["that appends a list to a list", { append: { matrix: [[2, 3]] } }, { matrix: [[1], [2, 3]] }],
    [
      "that takes away what is there, or isn't",
      { unset: ["note", "n0"] },
      { note: null, n0: null },
    ],
    [
      "that merges objects which are there",
      { set: { address: { street: "B", geo: { lon: 2 } } } },
      { address: { city: "Bonn", street: "B", odd: null, geo: { lat: 1, lon: 2 } } },
    ],
  ])("%s", async (_name, change, changed) => {
    const { data, errors } = await patch(change);
    expect(errors).toEqual([]);
    expect(data.patchOrder).toMatchObject(changed);
    expect(await api.requests()).toMatchObject([
      { kind: "patch", status: 200, authorization: "resource", partitionKey: ["contoso"] },
    ]);
  });

  test("of more than ten changes, as one transaction", async () => {
    const set = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`n${index}`, index]));
    const { data, errors } = await patch({ set, unset: ["note"], append: { tags: ["z"] } });
    expect(errors).toEqual([]);
    expect(data.patchOrder).toMatchObject({ n0: 0, n11: 11, note: null, tags: ["a", "z"] });
    expect(await sent()).toEqual(["batch 200"]);
  });

  test("with a condition, whatever characters its values have", async () => {
    const note = `it's "1" OR true \\" -- \n${"é".repeat(3)}`;
    await patch({ set: { note } });
    await api.forgetRequests();
    const condition = {
      note: { eq: note },
      or: [{ count: { gt: 0 } }, { total: { isNull: true } }],
    };
    expect((await patch({ increment: { count: 1 } }, { condition })).codes).toEqual([]);
    expect(await sent()).toEqual(["patch 200"]);
  });

  test("of a type that has its container alone", async () => {
    const { data } = await manager()(
      `mutation { patchPlain(id: "p", patch: { increment: { count: 1 }, set: { extra: { a: [1] } } }) { count extra } }`,
    );
    expect(data.patchPlain).toEqual({ count: 2, extra: { a: [1] } });
    expect(await sent()).toEqual(["patch 200"]);
  });
});

test("no increment of many at the same time is lost, nor made twice", async () => {
  await Promise.all(
    Array.from({ length: 25 }, () => patch({ increment: { count: 1 }, append: { tags: ["t"] } })),
  );
  const { data } = await manager()(`{ order(id: "o") { count tags } }`);
  expect(data.order).toEqual({ count: 26, tags: ["a", ...Array.from({ length: 25 }, () => "t")] });
});

describe("what Cosmos DB's operations can't do with the item is done all the same", () => {
  test.each([
    ["an object", "address", { set: { address: { city: "Ulm" } } }, { address: { city: "Ulm" } }],
    ["a list", "tags", { append: { tags: ["t"] } }, { tags: ["t"] }],
    ["an empty list", "tags", { append: { tags: [] } }, { tags: [] }],
  ])("%s that isn't there is made, with all else", async (_name, unset, change, made) => {
    await patch({ unset: [unset] });
    await api.forgetRequests();
    const condition = { count: { eq: 1 } };
    const { data, errors } = await patch({ ...change, increment: { count: 1 } }, { condition });
    expect(errors).toEqual([]);
    expect(data.patchOrder).toMatchObject({ ...made, count: 2 });
    expect((await sent()).at(-1)).toBe("replace 200");
  });

  test("an object without properties is made, or refused if it needs some", async () => {
    await patch({ set: { address: { geo: null } } });
    const { data } = await patch({ set: { note: "y", address: { geo: {} } } });
    expect(data.patchOrder).toMatchObject({
      note: "y",
      address: { geo: { lat: null, lon: null } },
    });
    await patch({ unset: ["address"] });
    const { codes } = await patch({ set: { note: "z", address: {} } });
    expect(codes).toEqual(["BAD_USER_INPUT"]);
    expect((await patch({ set: { address: { city: null } } })).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("what is null counts as what isn't there", async () => {
    await patch({ set: { address: null, tags: null, count: null, note: null } });
    const { data, errors } = await patch({
      set: { address: { city: "Ulm" } },
      append: { tags: ["t"] },
      increment: { count: 2 },
    });
    expect(errors).toEqual([]);
    expect(data.patchOrder).toMatchObject({ address: { city: "Ulm" }, tags: ["t"], count: 2 });
  });

  test("a property whose stored name looks like a place in a list", async () => {
    const { data } = await patch({ set: { address: { odd: "x" } } });
    expect(data.patchOrder.address).toMatchObject({ city: "Bonn", odd: "x" });
  });

  test("an item that has become one of the type meanwhile is patched", async () => {
    await manager()(`mutation { createSwap(input: { id: "swap", tenantId: "contoso" }) { id } }`);
    await api.addFault({ match: { method: "GET", path: "/swap$" }, times: 1, delayMs: 500 });
    const patching = patch({ increment: { count: 1 } }, { id: "swap" });
    await vi.waitFor(async () => expect(await sent()).toContain("patch 412"));
    await manager()(`mutation { deleteSwaps(ids: ["swap"]) }`);
    await manager()(
      `mutation { createOrder(input: { id: "swap", tenantId: "contoso", count: 4 }) { id } }`,
    );
    expect((await patching).data.patchOrder.count).toBe(5);
  });

  test("concurrent patches that make a list all happen", async () => {
    await patch({ unset: ["tags"] });
    const added = ["1", "2", "3", "4"];
    const answers = await Promise.all(added.map((tag) => patch({ append: { tags: [tag] } })));
    expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
    const { data } = await manager()(`{ order(id: "o") { tags } }`);
    expect([...data.order.tags].sort()).toEqual(added);
  });

  test("an item that contradicts the model is BAD_USER_INPUT, and stays as it is", async () => {
    const changes = [
      { append: { tags: ["t"] } },
      { increment: { count: 1 } },
      { set: { address: { odd: "y" } } },
    ];
    for (const change of changes) {
      const answer = await patch(change, { id: "odd" });
      expect(answer.codes).toEqual(["BAD_USER_INPUT"]);
      expect(answer.errors[0]?.message).toMatch(/has no (list|number) there|has none yet/);
    }
    const [append] = changes;
    const condition = { note: { isDefined: false } };
    const fitting = await patch(append ?? {}, { id: "odd", condition });
    expect(fitting.codes).toEqual(["BAD_USER_INPUT"]);
    const other = await patch(append ?? {}, { id: "odd", ifMatch: '"0"' });
    expect(other.codes).toEqual(["PRECONDITION_FAILED"]);
  });

  test("a permission on the item alone is enough, for more than ten changes too", async () => {
    const guest = api.as("guest", { container: "orders", item: "o" });
    const set = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`n${index}`, index]));
    const run = (change: object, more: object = {}) =>
      guest(PATCH, { id: "o", tenantId: "contoso", patch: change, ...more });
    expect((await run({ set })).data.patchOrder.n11).toBe(11);
    const more = { condition: { count: { eq: 1 } } };
    expect((await run({ increment: { count: 1 } }, more)).data.patchOrder.count).toBe(2);
    expect((await run({ increment: { count: 1 } }, more)).codes).toEqual(["PRECONDITION_FAILED"]);
  });
});

describe("a patch that is refused says why", () => {
  const change = { increment: { count: 1 } };
  const condition = { count: { eq: 1 } };

  test.each([
    ["an item of another type", { id: "refund" }, "NOT_FOUND"],
    ["an item of another type, under a condition", { id: "refund", condition }, "NOT_FOUND"],
    ["an item that isn't there", { id: "none", condition }, "NOT_FOUND"],
    ["a condition that doesn't hold", { condition: { count: { eq: 7 } } }, "PRECONDITION_FAILED"],
    ["another version", { ifMatch: '"0"' }, "PRECONDITION_FAILED"],
    ["another version of another type", { id: "refund", ifMatch: '"0"' }, "NOT_FOUND"],
  ])("%s", async (_name, more, code) => {
    const answer = await patch(change, more);
    expect(answer.codes).toEqual([code]);
    const { data } = await manager()(`{ order(id: "o") { count } }`);
    expect(data.order.count).toBe(1);
  });

  test("of nothing, for another version", async () => {
    expect((await patch({}, { ifMatch: '"0"' })).codes).toEqual(["PRECONDITION_FAILED"]);
  });

  test("a null where the model allows none, before anything is sent", async () => {
    const { codes } = await patch({ set: { address: { city: null } } });
    expect(codes).toEqual(["BAD_USER_INPUT"]);
    expect(await sent()).toEqual([]);
  });

  test("of a type that has its container alone, without another request", async () => {
    const { codes } = await manager()(
      `mutation { patchPlain(id: "p", patch: { set: { count: 1 } }, condition: { count: { lt: 0 } }) { id } }`,
    );
    expect(codes).toEqual(["PRECONDITION_FAILED"]);
    expect(await sent()).toEqual(["patch 412"]);
  });

  test("without the place of a change that the client doesn't know of", async () => {
    const { codes } = await manager()(
      `mutation { patchPlain(id: "p", patch: { set: { count: 1 } }, condition: { id: { matches: "(" } }) { id } }`,
    );
    expect(codes).toEqual(["BAD_USER_INPUT"]);
  });
});
