import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Customer @container(name: "people") {
  id: ID!
  tenantId: String! @partitionKey
  orders: [Order!]! @reference(from: "customerId", partitionKey: "tenantId")
  anyOrders: [Order!] @reference(from: "customerId")
  visits: [Visit!] @reference(from: "customerId")
}
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  customerId: ID!
  total: Float!
  note: String
  productIds: [ID!]!
  customer: Customer @reference(id: "customerId", partitionKey: "tenantId")
}
type Product @container(name: "products") {
  id: ID!
  tenantId: String! @partitionKey
  orders: [Order!]! @reference(from: "productIds", partitionKey: "tenantId")
}
type Visit @container(name: "visits") { id: ID! customerId: ID! @partitionKey page: String! }
`;

const order = (tenantId: string, index: number, customerId: string) => ({
  id: `o${String(index).padStart(4, "0")}`,
  type: "order",
  tenantId,
  customerId,
  total: index,
  note: "long",
  productIds: [`p${index % 2}`, "p2"],
});

// The first customer has far more orders than anyone, and they come first in the container.
const ORDERS = [
  ...Array.from({ length: 400 }, (_, index) => order("contoso", index, "c0")),
  ...Array.from({ length: 40 }, (_, index) =>
    order("contoso", 1000 + index, `c${1 + (index % 20)}`),
  ),
  ...Array.from({ length: 5 }, (_, index) => order("fabrikam", index, "c1")),
];
const CUSTOMERS = ["contoso", "fabrikam"].flatMap((tenantId) =>
  Array.from({ length: 30 }, (_, index) => ({ id: `c${index}`, tenantId })),
);

/** For each of 15 tenants, the customers of its orders, in the orders' order. */
const SPREADS = fc.sample(
  fc.array(
    fc.oneof(
      fc.constant("c0"),
      fc.nat(9).map((index) => `c${index}`),
    ),
    { maxLength: 60 },
  ),
  { numRuns: 15, seed: 4 },
);
const SPREAD_ORDERS = SPREADS.flatMap((customers, tenant) =>
  customers.map((customerId, index) => order(`spread${tenant}`, index, customerId)),
);
const SPREAD_CUSTOMERS = SPREADS.flatMap((_, tenant) =>
  Array.from({ length: 10 }, (_unused, index) => ({
    id: `c${index}`,
    tenantId: `spread${tenant}`,
  })),
);

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      {
        id: "people",
        partitionKey: { paths: ["/tenantId"] },
        items: [...CUSTOMERS, ...SPREAD_CUSTOMERS],
      },
      {
        id: "orders",
        partitionKey: { paths: ["/tenantId"] },
        items: [...ORDERS, ...SPREAD_ORDERS, { ...order("contoso", 5000, "c5"), type: "draft" }],
      },
      {
        id: "products",
        partitionKey: { paths: ["/tenantId"] },
        items: ["p0", "p1", "p2"].map((id) => ({ id, tenantId: "contoso" })),
      },
      {
        id: "visits",
        partitionKey: { paths: ["/customerId"] },
        items: ["c1", "c2", "c2"].map((customerId, index) => ({
          id: `v${index}`,
          customerId,
          page: `/${index}`,
        })),
      },
    ],
  });
});
afterAll(() => api.stop());
beforeEach(() => api.forgetRequests());

const contoso = { partitionKey: ["contoso"], mode: "Read" } as const;
const member = () =>
  api.as(
    "member",
    { container: "people", ...contoso },
    { container: "orders", ...contoso },
    { container: "products", ...contoso },
  );
const sent = async () =>
  itemRequests(await api.requests()).filter(({ kind }) => kind !== "query-plan");
const rest = `filter: { id: { ne: "c0" } }`;

interface CustomerNode {
  readonly id: string;
  readonly orders: readonly { readonly id: string }[];
}

test("the orders of 29 customers are one request, which reads what is selected", async () => {
  await member()(`{ customers(first: 1) { nodes { id orders(first: 1) { id } } } }`);
  await api.forgetRequests();
  const { data, errors } = await member()(
    `{ customers(${rest}) { nodes { id orders { id amount: total } } } }`,
  );
  expect(errors).toEqual([]);
  const byId = new Map(
    data.customers.nodes.map((node: CustomerNode) => [node.id, node.orders] as const),
  );
  expect(byId.get("c1")).toEqual([
    { id: "o1000", amount: 1000 },
    { id: "o1020", amount: 1020 },
  ]);
  // The draft is no order.
  expect(byId.get("c5")).toHaveLength(2);
  expect(byId.get("c25")).toEqual([]);
  const [, orders, ...others] = await sent();
  expect(others).toEqual([]);
  expect(orders?.partitionKey).toEqual(["contoso"]);
  expect(orders?.query).toContain(`c["customerId"] IN (`);
  expect(orders?.query).toMatch(/^SELECT VALUE \{/);
  expect(orders?.query).not.toContain("note");
});

test("a customer with 400 orders takes no place of the others", async () => {
  const { data } = await member()(
    `{ customers(first: 21) { nodes { id orders(first: 2) { id } } } }`,
  );
  const nodes: readonly CustomerNode[] = data.customers.nodes;
  const byId = new Map(nodes.map((node) => [node.id, node.orders.map(({ id }) => id)]));
  expect(byId.get("c0")).toEqual(["o0000", "o0001"]);
  const others = nodes.filter(({ id }) => Number(id.slice(1)) >= 1 && Number(id.slice(1)) <= 20);
  expect(others.map(({ orders }) => orders.length)).toEqual(others.map(() => 2));
  // One round for all, and one more for those that the first one left without.
  expect(await sent()).toHaveLength(3);
});

test("however orders are spread, each customer gets its first ones", async () => {
  const everyone = api.as("everyone", { container: "people" }, { container: "orders" });
  for (const [tenant, customers] of SPREADS.entries()) {
    const first = 1 + (tenant % 4);
    const { data, errors } = await everyone(
      `query ($tenantId: String!, $first: Int!) { customers(tenantId: $tenantId) { nodes { id orders(first: $first, orderBy: [{ total: DESC }]) { total } } } }`,
      { tenantId: `spread${tenant}`, first },
    );
    expect(errors).toEqual([]);
    for (const { id, orders } of data.customers.nodes) {
      const totals = customers.flatMap((customerId, total) => (customerId === id ? [total] : []));
      expect(orders.map(({ total }: { total: number }) => total)).toEqual(
        totals.toReversed().slice(0, first),
      );
    }
  }
});

test("filter, orderBy and first are for each customer", async () => {
  const { data, errors } =
    await member()(`{ customers(filter: { id: { in: ["c0", "c1"] } }) { nodes { id
    top: orders(orderBy: [{ total: DESC }], first: 1) { total }
    small: orders(filter: { total: { lt: 2 } }) { total }
    none: orders(first: 0) { total }
  } } }`);
  expect(errors).toEqual([]);
  expect(data.customers.nodes).toEqual([
    { id: "c0", top: [{ total: 399 }], small: [{ total: 0 }, { total: 1 }], none: [] },
    { id: "c1", top: [{ total: 1020 }], small: [], none: [] },
  ]);
});

test("first is the page size by default, and refused beyond the greatest", async () => {
  const { data } = await member()(`{ customer(id: "c0") { orders { id } } }`);
  expect(data.customer.orders).toHaveLength(50);
  const { codes } = await member()(`{ customer(id: "c0") { anyOrders(first: 1001) { id } } }`);
  expect(codes).toEqual(["BAD_USER_INPUT"]);
});

test("a list of ids refers to each item that it names", async () => {
  const { data, errors } = await member()(
    `{ products { nodes { id orders(filter: { total: { gte: 1036 } }) { id } } } }`,
  );
  expect(errors).toEqual([]);
  expect(data.products.nodes).toEqual([
    { id: "p0", orders: [{ id: "o1036" }, { id: "o1038" }] },
    { id: "p1", orders: [{ id: "o1037" }, { id: "o1039" }] },
    { id: "p2", orders: ["o1036", "o1037", "o1038", "o1039"].map((id) => ({ id })) },
  ]);
});

test("references and reverse references go there and back again", async () => {
  const { data, errors } = await member()(
    `{ orders(filter: { total: { eq: 1000 } }) { nodes { customer { orders(first: 5) { id customer { id } } } } } }`,
  );
  expect(errors).toEqual([]);
  expect(data.orders.nodes[0].customer.orders).toEqual([
    { id: "o1000", customer: { id: "c1" } },
    { id: "o1020", customer: { id: "c1" } },
  ]);
});

test("the target's container decides, with the caller's permissions there", async () => {
  const both = api.as(
    "both",
    { container: "people", partitionKey: ["contoso"], mode: "Read" },
    { container: "orders", partitionKey: ["contoso"], mode: "Read" },
    { container: "orders", partitionKey: ["fabrikam"], mode: "Read" },
  );
  const answer = await both(`{ customer(id: "c1") { orders { id } anyOrders { id tenantId } } }`);
  expect(answer.data.customer.orders).toHaveLength(2);
  expect(answer.data.customer.anyOrders).toHaveLength(7);
  const peopleOnly = api.as("peopleOnly", { container: "people", ...contoso });
  const refused = await peopleOnly(`{ customer(id: "c1") { id anyOrders { id } } }`);
  expect(refused.codes).toEqual(["FORBIDDEN"]);
  expect(refused.data.customer).toEqual({ id: "c1", anyOrders: null });
});

test("where the id is the partition key, each has its own partition, or all are read together", async () => {
  const visitor = api.as(
    "visitor",
    { container: "people", ...contoso },
    { container: "visits", partitionKey: ["c1"], mode: "Read" },
  );
  const query = `{ customers(filter: { id: { in: ["c1", "c2"] } }) { nodes { id visits { page } } } }`;
  const own = await visitor(query);
  expect(own.data.customers.nodes).toEqual([
    { id: "c1", visits: [{ page: "/0" }] },
    { id: "c2", visits: null },
  ]);
  expect(own.codes).toEqual(["FORBIDDEN"]);

  const analyst = api.as(
    "analyst",
    { container: "people", ...contoso },
    { container: "visits", mode: "Read" },
  );
  await analyst(query);
  await api.forgetRequests();
  const all = await analyst(query);
  expect(all.data.customers.nodes[1].visits).toEqual([{ page: "/1" }, { page: "/2" }]);
  expect(await sent()).toHaveLength(2);
});

test("requests of one text at the same time keep to their own variables", async () => {
  const query = `query ($filter: OrderFilter) {
    customers(${rest}) { nodes { id orders(filter: $filter) { total } } }
  }`;
  const totals = [1000, 1001, 1002, 1003];
  const answers = await Promise.all(
    totals.map((total) => member()(query, { filter: { total: { eq: total } } })),
  );
  const found = answers.map(({ data }) =>
    data.customers.nodes.flatMap((node: CustomerNode) => node.orders),
  );
  expect(found).toEqual(totals.map((total) => [{ total }]));
});
