import { beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  total: Int @name(is: "the total")
}
type Flag @container(name: "flags") { id: ID! @partitionKey }
`;

let api: ApiUnderTest;
beforeEach(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      {
        id: "orders",
        partitionKey: { paths: ["/tenantId"] },
        items: [
          { id: "r", tenantId: "a", type: "refund" },
          { id: "o1", tenantId: "a", type: "order" },
          { id: "o2", tenantId: "a", type: "order" },
        ],
      },
      { id: "flags", partitionKey: { paths: ["/id"] }, items: [{ id: "f" }, { id: "g" }] },
    ],
  });
  return () => api.stop();
});

const both = () =>
  api.as(
    "both",
    { container: "orders", partitionKey: ["a"] },
    { container: "orders", partitionKey: ["b"] },
    { container: "flags" },
  );
const CREATE = `mutation ($inputs: [OrderInput!]!) { createOrders(inputs: $inputs) { id tenantId total } }`;
const DELETE = `mutation ($ids: [ID!]!, $tenantId: String) { deleteOrders(ids: $ids, tenantId: $tenantId) }`;
const create = (...inputs: readonly object[]) => both()(CREATE, { inputs });
const remove = (ids: readonly string[], tenantId = "a") => both()(DELETE, { ids, tenantId });
const order = (tenantId: string, id: string) => ({ id, tenantId });
const sent = async () =>
  itemRequests(await api.requests()).map(
    ({ kind, status, partitionKey }) => `${kind} ${partitionKey} ${status}`,
  );
const idsOf = async (tenantId: string) => {
  const { data } = await both()(
    `query ($tenantId: String) { orders(tenantId: $tenantId) { nodes { id } totalCount } }`,
    { tenantId },
  );
  return data.orders.nodes.map(({ id }: { id: string }) => id);
};

describe("creating many", () => {
  test("gives each in its place, with one transaction a partition", async () => {
    const { data, errors } = await create(
      order("a", "1"),
      order("b", "2"),
      { tenantId: "a", total: 3 },
      order("b", "4"),
    );
    expect(errors).toEqual([]);
    expect(data.createOrders).toEqual([
      { ...order("a", "1"), total: null },
      { ...order("b", "2"), total: null },
      { id: expect.stringMatching(/^[\da-f-]{36}$/), tenantId: "a", total: 3 },
      { ...order("b", "4"), total: null },
    ]);
    expect((await sent()).sort()).toEqual(["batch a 200", "batch b 200"]);
    expect((await create()).data.createOrders).toEqual([]);
  });

  test("one that fails undoes its partition's transaction and no other", async () => {
    const answer = await create(
      order("a", "1"),
      order("b", "2"),
      order("a", "o1"),
      order("b", "4"),
      order("a", "5"),
    );
    expect(answer.codes).toEqual(["CONFLICT"]);
    expect(answer.data.createOrders.map((item: { id: string } | null) => item?.id)).toEqual([
      undefined,
      "2",
      undefined,
      "4",
      undefined,
    ]);
    expect(await idsOf("a")).toEqual(["o1", "o2"]);
    expect(await idsOf("b")).toEqual(["2", "4"]);
  });

  test("a partition without a permission is FORBIDDEN, the others are written", async () => {
    const answer = await create(order("a", "1"), order("c", "2"));
    expect(answer.codes).toEqual(["FORBIDDEN"]);
    expect(answer.data.createOrders).toEqual([{ ...order("a", "1"), total: null }, null]);
    const nobody = api.as("nobody", { container: "flags" });
    const refused = await nobody(CREATE, { inputs: [order("a", "1")] });
    expect([refused.data, refused.codes]).toEqual([{ createOrders: null }, ["FORBIDDEN"]]);
  });

  test("more than a hundred of one partition are several transactions", async () => {
    const inputs = Array.from({ length: 250 }, (_, index) => order("b", `${index}`));
    inputs[120] = order("b", "7");
    const { data, codes } = await create(...inputs);
    expect(codes).toEqual(["CONFLICT"]);
    expect(await sent()).toEqual(["batch b 200", "batch b 207", "batch b 200"]);
    const created = data.createOrders.flatMap((item: object | null, index: number) =>
      item === null ? [] : [index],
    );
    expect(created).toEqual(
      Array.from({ length: 250 }, (_, index) => index).filter(
        (index) => index < 100 || index >= 200,
      ),
    );
  });

  test("nothing is written of what is wrong in itself, or too much", async () => {
    const wrong = await create(order("a", "1"), order("a", "x/y"));
    expect([wrong.data, wrong.codes]).toEqual([{ createOrders: null }, ["BAD_USER_INPUT"]]);
    const many = await create(...Array.from({ length: 1001 }, () => ({ tenantId: "a" })));
    expect(many.codes).toEqual(["BAD_USER_INPUT"]);
    expect(await sent()).toEqual([]);
  });
});

describe("deleting many", () => {
  test("gives the ids, and the items are gone, in two requests", async () => {
    expect((await remove(["o2", "o1"])).data.deleteOrders).toEqual(["o2", "o1"]);
    expect(await sent()).toEqual(["query a 200", "batch a 200"]);
    expect(await idsOf("a")).toEqual([]);
  });

  test.each(["none", "r"])("one that is no such item undoes its transaction: %s", async (id) => {
    const answer = await remove(["o1", id, "o2"]);
    expect(answer.codes).toEqual(["NOT_FOUND"]);
    expect(answer.data.deleteOrders).toEqual([null, null, null]);
    expect(await idsOf("a")).toEqual(["o1", "o2"]);
  });

  test("takes each id once, and needs a partition", async () => {
    expect((await remove(["o1", "o1"])).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await both()(DELETE, { ids: ["o1"] })).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await remove(["a/b"])).codes).toEqual(["NOT_FOUND"]);
    expect(await sent()).toEqual([]);
  });

  test("is Cosmos DB's to refuse", async () => {
    const member = api.as("member", { container: "orders", partitionKey: ["a"], mode: "Read" });
    const answer = await member(DELETE, { ids: ["o1", "o2"] });
    expect([answer.data.deleteOrders, answer.codes]).toEqual([[null, null], ["FORBIDDEN"]]);
    expect((await sent()).at(-1)).toBe("batch a 403");
  });

  test("where the id is the partition key, each is a transaction of its own", async () => {
    const { data, codes } = await both()(`mutation { deleteFlags(ids: ["f", "no", "g"]) }`);
    expect([data.deleteFlags, codes]).toEqual([["f", null, "g"], ["NOT_FOUND"]]);
  });
});
