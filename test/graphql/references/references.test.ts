import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  customerId: ID
  "Who ordered."
  customer: Customer @reference(id: "customerId", partitionKey: "tenantId")
  anyCustomer: Customer @reference(id: "customerId")
  productIds: [ID!]
  products: [Product!] @reference(id: "productIds")
  productsOrNull: [Product] @reference(id: "productIds")
}
type Customer @container(name: "people", discriminator: { field: "kind", value: "customer" }) {
  id: ID!
  tenantId: String! @partitionKey
  name: String!
  referrerId: ID
  referrer: Customer @reference(id: "referrerId", partitionKey: ["tenantId"])
}
type Product @container(name: "products") { id: ID! @partitionKey  name: String! }
`;

const TENANTS = ["contoso", "fabrikam"];
const CUSTOMERS = TENANTS.flatMap((tenantId) =>
  Array.from({ length: 20 }, (_, index) => ({
    id: `c${index}`,
    tenantId,
    kind: "customer",
    name: `${tenantId} ${index}`,
    ...(index === 0 ? {} : { referrerId: `c${index - 1}` }),
  })),
);
const ORDERS = TENANTS.flatMap((tenantId) =>
  Array.from({ length: 50 }, (_, index) => ({
    id: `o${String(index).padStart(2, "0")}`,
    tenantId,
    customerId: index === 49 ? null : `c${index % 20}`,
    productIds: ["p1", "gone", "p2"],
  })),
);

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      { id: "orders", partitionKey: { paths: ["/tenantId"] }, items: ORDERS },
      {
        id: "people",
        partitionKey: { paths: ["/tenantId"] },
        items: [...CUSTOMERS, { id: "clerk", tenantId: "contoso", kind: "staff" }],
      },
      {
        id: "products",
        partitionKey: { paths: ["/id"] },
        items: [
          { id: "p1", name: "one" },
          { id: "p2", name: "two" },
        ],
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
    { container: "orders", ...contoso },
    { container: "people", ...contoso },
    { container: "products", mode: "Read" },
  );
const sent = async () =>
  itemRequests(await api.requests()).filter(({ kind }) => kind !== "query-plan");

test("50 orders of 20 customers are two requests", async () => {
  await member()(`{ orders(first: 1) { nodes { customer { id } } } }`);
  await api.forgetRequests();
  const { data, errors } = await member()(`{ orders { nodes { id customer { name } } } }`);
  expect(errors).toEqual([]);
  expect(data.orders.nodes).toHaveLength(50);
  expect(data.orders.nodes[21]).toEqual({ id: "o21", customer: { name: "contoso 1" } });
  expect(data.orders.nodes[49]).toEqual({ id: "o49", customer: null });
  expect(await sent()).toHaveLength(2);
});

test("one reference of one item is a point read", async () => {
  const { data } = await member()(`{ order(id: "o03") { customer { name } } }`);
  expect(data.order.customer.name).toBe("contoso 3");
  expect((await sent()).map(({ method }) => method)).toEqual(["GET", "GET"]);
});

test("references of references go level by level", async () => {
  const { data } = await member()(
    `{ orders(first: 10) { nodes { customer { referrer { referrer { name } } } } } }`,
  );
  expect(data.orders.nodes[5].customer.referrer.referrer.name).toBe("contoso 3");
  expect(data.orders.nodes[0].customer.referrer).toBeNull();
  expect(await sent()).toHaveLength(4);
});

test("without the partition key, the caller's permissions tell where to look", async () => {
  const both = api.as(
    "both",
    { container: "orders", partitionKey: ["contoso"], mode: "Read" },
    { container: "people", partitionKey: ["contoso"], mode: "Read" },
    { container: "people", partitionKey: ["fabrikam"], mode: "Read" },
  );
  const answer = await both(`{ order(id: "o01") { customer { name } anyCustomer { name } } }`);
  expect(answer.data.order).toEqual({ customer: { name: "contoso 1" }, anyCustomer: null });
  expect(answer.codes).toEqual(["BAD_USER_INPUT"]);
  const { data } = await member()(`{ order(id: "o01") { anyCustomer { name } } }`);
  expect(data.order.anyCustomer.name).toBe("contoso 1");
});

describe("a list of references", () => {
  test("is in the order of its ids, without or with null for what is gone", async () => {
    const { data } = await member()(
      `{ order(id: "o01") { products { name } productsOrNull { name } } }`,
    );
    expect(data.order).toEqual({
      products: [{ name: "one" }, { name: "two" }],
      productsOrNull: [{ name: "one" }, null, { name: "two" }],
    });
  });

  test("of a container whose key is the id is one query with a permission on the container", async () => {
    await member()(`{ orders(first: 5) { nodes { products { name } } } }`);
    expect((await sent()).filter(({ path }) => path.includes("products"))).toHaveLength(1);
  });

  test("is read one by one with permissions on the items' partitions", async () => {
    const buyer = api.as(
      "buyer",
      { container: "orders", ...contoso },
      { container: "products", partitionKey: ["p1"], mode: "Read" },
    );
    const answer = await buyer(`{ order(id: "o01") { productIds productsOrNull { name } } }`);
    // The others' partitions are not the buyer's: what Cosmos DB refuses is an error in its place.
    expect(answer.data.order).toEqual({
      productIds: ["p1", "gone", "p2"],
      productsOrNull: [{ name: "one" }, null, null],
    });
    expect(answer.codes).toEqual(["FORBIDDEN", "FORBIDDEN"]);
  });
});

test("another container's permissions are its own: FORBIDDEN there, data here", async () => {
  const limited = api.as("limited", { container: "orders", ...contoso });
  const answer = await limited(`{ order(id: "o01") { id customer { name } } }`);
  expect(answer.data.order).toEqual({ id: "o01", customer: null });
  expect(answer.codes).toEqual(["FORBIDDEN"]);
});

test("a reference is in no input, filter or order", () => {
  const names = (type: string) =>
    Object.keys((api.schema.getType(type) as unknown as { getFields(): object }).getFields());
  expect(names("Order")).toContain("customer");
  for (const type of ["OrderInput", "OrderFilter", "OrderOrderBy"]) {
    expect(names(type)).not.toContain("customer");
  }
});

test("callers of different tenants who ask for one id at one moment each see their own", async () => {
  const callers = TENANTS.map((tenantId) =>
    api.as(
      `reader of ${tenantId}`,
      { container: "orders", partitionKey: [tenantId], mode: "Read" },
      { container: "people", partitionKey: [tenantId], mode: "Read" },
    ),
  );
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      callers[index % 2]?.(`{ order(id: "o07") { tenantId anyCustomer { tenantId } } }`),
    ),
  );
  for (const [index, answer] of answers.entries()) {
    const tenantId = TENANTS[index % 2];
    expect(answer?.data.order).toEqual({ tenantId, anyCustomer: { tenantId } });
  }
});
