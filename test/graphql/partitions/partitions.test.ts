import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  total: Float!
}
type Setting @container(name: "settings") { id: ID! @partitionKey  value: JSON }
type Visit @container(name: "visits") {
  id: ID!
  region: String! @partitionKey(level: 0)
  year: Int! @partitionKey(level: 1)
  open: Boolean! @partitionKey(level: 2)
}
type Seat @container(name: "seats") { id: ID!  row: Int! @partitionKey }
`;

const order = (tenantId: string, id: string) => ({ id, tenantId, total: id.length });
const CONTAINERS = [
  {
    id: "orders",
    partitionKey: { paths: ["/tenantId"] },
    items: [
      order("contoso", "1"),
      order("contoso", "2"),
      order("fabrikam", "1"),
      order("fabrikam", "3"),
      order("tailspin", "4"),
    ],
  },
  {
    id: "settings",
    partitionKey: { paths: ["/id"] },
    items: [{ id: "theme", value: { dark: true } }],
  },
  {
    id: "visits",
    partitionKey: {
      paths: ["/region", "/year", "/open"],
      kind: "MultiHash" as const,
      version: 2 as const,
    },
    items: [
      { id: "v1", region: "eu", year: 2026, open: true },
      { id: "v2", region: "eu", year: 2026, open: false },
      { id: "v3", region: "eu", year: 2025, open: true },
      { id: "v4", region: "us", year: 2026, open: true },
    ],
  },
  {
    id: "seats",
    partitionKey: { paths: ["/row"] },
    items: [
      { id: "a", row: 1 },
      { id: "b", row: 2 },
    ],
  },
];

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({ model: MODEL, containers: CONTAINERS, partitions: 2 });
});
afterAll(() => api.stop());
beforeEach(() => api.forgetRequests());

const sent = async () =>
  itemRequests(await api.requests()).filter(({ kind }) => kind !== "query-plan");
const ids = (data: { readonly list: { readonly nodes: readonly { readonly id: string }[] } }) =>
  data.list.nodes.map(({ id }) => id);
const on = (container: string, ...partitionKey: readonly (string | number | boolean)[]) =>
  partitionKey.length === 0 ? { container } : { container, partitionKey };

const ORDERS = `query ($tenantId: String) { list: orders(tenantId: $tenantId) { nodes { id tenantId } totalCount } }`;
const ORDER = `query ($id: ID!, $tenantId: String) { order(id: $id, tenantId: $tenantId) { id tenantId } }`;

describe("with a permission on one partition", () => {
  const caller = () => api.as("one", on("orders", "contoso"));

  test("a list without argument is that partition's", async () => {
    const { data } = await caller()(ORDERS);
    expect(ids(data)).toEqual(["1", "2"]);
    expect(data.list.totalCount).toBe(2);
  });

  test("a warm point read without argument is one request, in that partition", async () => {
    await caller()(ORDER, { id: "1" });
    await api.forgetRequests();
    const { data } = await caller()(ORDER, { id: "1" });
    expect(data.order).toEqual({ id: "1", tenantId: "contoso" });
    expect(await sent()).toMatchObject([{ method: "GET", authorization: "resource" }]);
  });

  test("another partition is FORBIDDEN, whether the item is there or not", async () => {
    const answers = await Promise.all([
      caller()(ORDERS, { tenantId: "fabrikam" }),
      caller()(ORDER, { id: "1", tenantId: "fabrikam" }),
      caller()(ORDER, { id: "none", tenantId: "fabrikam" }),
      caller()(ORDER, { id: "none", tenantId: "no such tenant" }),
    ]);
    expect(answers.map(({ codes }) => codes)).toEqual(answers.map(() => ["FORBIDDEN"]));
    expect(
      new Set(answers.flatMap(({ errors }) => errors.map(({ message }) => message))).size,
    ).toBe(1);
  });

  test("an item that isn't there is null", async () => {
    expect(await caller()(ORDER, { id: "none" })).toMatchObject({
      data: { order: null },
      codes: [],
    });
  });

  test.each(["a/b", "a\\b", "a#b", "..", ""])("an id that can't be is null: %j", async (id) => {
    const answer = await caller()(ORDER, { id });
    expect(answer).toMatchObject({ data: { order: null }, codes: [] });
    expect(await sent()).toEqual([]);
  });
});

test("without any permission on the container nothing is sent, and it is FORBIDDEN", async () => {
  const caller = api.as("stranger", on("settings"));
  const create = `mutation { createOrder(input: { tenantId: "contoso", total: 1 }) { id } }`;
  const answers = [
    await caller(ORDERS),
    await caller(ORDERS, { tenantId: "contoso" }),
    await caller(ORDER, { id: "1" }),
    await caller(create),
    await caller(`mutation { deleteOrder(id: "1") }`),
  ];
  expect(answers.map(({ codes }) => codes)).toEqual(answers.map(() => ["FORBIDDEN"]));
  expect(await sent()).toEqual([]);
});

describe("with permissions on several partitions", () => {
  const caller = () => api.as("some", on("orders", "contoso"), on("orders", "fabrikam"));

  test("a list without argument merges them, and counts them together", async () => {
    const { data } = await caller()(ORDERS);
    expect(data.list.nodes).toEqual([
      { id: "1", tenantId: "contoso" },
      { id: "1", tenantId: "fabrikam" },
      { id: "2", tenantId: "contoso" },
      { id: "3", tenantId: "fabrikam" },
    ]);
    expect(data.list.totalCount).toBe(4);
  });

  test("a point read asks each", async () => {
    expect((await caller()(ORDER, { id: "3" })).data.order.tenantId).toBe("fabrikam");
    expect((await caller()(ORDER, { id: "4" })).data.order).toBeNull();
  });

  test("an id that several of them have needs the argument", async () => {
    const answer = await caller()(ORDER, { id: "1" });
    expect(answer.codes).toEqual(["BAD_USER_INPUT"]);
    expect(answer.errors[0]?.message).toContain("`tenantId`");
    const { data } = await caller()(ORDER, { id: "1", tenantId: "fabrikam" });
    expect(data.order).toEqual({ id: "1", tenantId: "fabrikam" });
  });

  test("one operation reads both through aliases, each with its own token", async () => {
    const { data } = await caller()(`{
      contoso: order(id: "1", tenantId: "contoso") { tenantId }
      fabrikam: order(id: "1", tenantId: "fabrikam") { tenantId }
    }`);
    expect(data).toEqual({ contoso: { tenantId: "contoso" }, fabrikam: { tenantId: "fabrikam" } });
    const permissions = (await sent()).map(({ permissionId }) => permissionId);
    expect(new Set(permissions).size).toBe(2);
  });

  test("a delete without argument is BAD_USER_INPUT, as it can only mean one", async () => {
    expect((await caller()(`mutation { deleteOrder(id: "3") }`)).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("a delete without argument goes where alone the caller may write", async () => {
    const mixed = api.as(
      "mixed",
      { ...on("orders", "contoso"), mode: "Read" },
      on("orders", "tailspin"),
    );
    expect(await mixed(`mutation { deleteOrder(id: "none") }`)).toMatchObject({
      codes: ["NOT_FOUND"],
    });
    expect((await sent()).at(-1)).toMatchObject({ method: "DELETE", partitionKey: ["tailspin"] });
  });
});

describe("with a permission on the container", () => {
  const caller = () => api.as("all", on("orders"));

  test("a list runs across partitions, or in the one that the argument names", async () => {
    const { data } = await caller()(ORDERS);
    expect(ids(data)).toEqual(["1", "1", "2", "3", "4"]);
    expect(data.list.totalCount).toBe(5);
    expect(ids((await caller()(ORDERS, { tenantId: "fabrikam" })).data)).toEqual(["1", "3"]);
  });

  test("a point read without argument finds the item by its id", async () => {
    expect((await caller()(ORDER, { id: "4" })).data.order.tenantId).toBe("tailspin");
    expect((await caller()(ORDER, { id: "none" })).data.order).toBeNull();
    expect((await caller()(ORDER, { id: "1" })).codes).toEqual(["BAD_USER_INPUT"]);
  });
});

test("a permission on one item reads that item, and no list", async () => {
  const caller = api.as("guest", { container: "orders", item: "1", mode: "Read" });
  expect((await caller(ORDERS)).codes).toEqual(["FORBIDDEN"]);
  expect((await caller(ORDER, { id: "2", tenantId: "contoso" })).codes).toEqual(["FORBIDDEN"]);
  expect((await caller(ORDER, { id: "1" })).codes).toEqual(["BAD_USER_INPUT"]);
  expect((await caller(ORDER, { id: "1", tenantId: "contoso" })).data.order.id).toBe("1");
});

test("where the id is the partition key, it needs no other argument", async () => {
  const caller = api.as("settings", on("settings", "theme"), on("settings", "size"));
  const { data } = await caller(`{ setting(id: "theme") { id value } }`);
  expect(data.setting).toEqual({ id: "theme", value: { dark: true } });
  const written = await caller(
    `mutation { createSetting(input: { id: "size", value: 3 }) { id value } }`,
  );
  expect(written.data.createSetting).toEqual({ id: "size", value: 3 });
  expect((await caller(`mutation { deleteSetting(id: "size") }`)).data.deleteSetting).toBe("size");
  expect((await caller(`{ setting(id: "other") { id } }`)).codes).toEqual(["FORBIDDEN"]);
});

describe("with a hierarchical partition key of a text, a number and a truth value", () => {
  const VISITS = `query ($region: String, $year: Int, $open: Boolean) {
    list: visits(region: $region, year: $year, open: $open) { nodes { id } totalCount }
  }`;

  test("all levels name one partition", async () => {
    const caller = api.as("visit", on("visits", "eu", 2026, false));
    expect(ids((await caller(VISITS, { region: "eu", year: 2026, open: false })).data)).toEqual([
      "v2",
    ]);
    expect(ids((await caller(VISITS)).data)).toEqual(["v2"]);
    expect((await caller(`{ visit(id: "v2") { open year } }`)).data.visit).toEqual({
      open: false,
      year: 2026,
    });
    expect((await caller(VISITS, { region: "eu", year: 2026, open: true })).codes).toEqual([
      "FORBIDDEN",
    ]);
  });

  test("a container-wide permission lists by any outer levels", async () => {
    const caller = api.as("visits", on("visits"));
    expect(ids((await caller(VISITS, { region: "eu" })).data)).toEqual(["v1", "v2", "v3"]);
    expect(ids((await caller(VISITS, { region: "eu", year: 2026 })).data)).toEqual(["v1", "v2"]);
    expect((await caller(VISITS, { year: 2026 })).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await caller(`{ visit(id: "v3", region: "eu") { year } }`)).data.visit.year).toBe(2025);
  });

  test("a permission on outer levels reads points with the inner ones", async () => {
    const caller = api.as("region", on("visits", "eu"));
    const { data } = await caller(`{ visit(id: "v1", year: 2026, open: true) { id region } }`);
    expect(data.visit).toEqual({ id: "v1", region: "eu" });
  });

  test("where the service refuses a list by outer levels, the error says what to give", async () => {
    const answer = await api.as("region", on("visits", "eu"))(VISITS);
    expect(answer.codes).toEqual(["FORBIDDEN"]);
    expect(answer.errors[0]?.message).toContain("`year`");
  });
});

test("a number as partition key is a number", async () => {
  const caller = api.as("rows", on("seats", 1), on("seats", 2));
  const SEATS = `query ($row: Int) { list: seats(row: $row) { nodes { id row } } }`;
  expect(ids((await caller(SEATS, { row: 2 })).data)).toEqual(["b"]);
  expect(ids((await caller(SEATS)).data)).toEqual(["a", "b"]);
});
