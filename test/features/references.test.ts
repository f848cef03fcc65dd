import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { itemRequests } from "../emulator-controls.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

// What an operation answers is up to the test that wrote it.
// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Data = any;

const MODEL = `
type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  customerId: ID
  customer: Customer @reference(id: "customerId", partitionKey: ["tenantId"])
  productIds: [ID!]!
  products: [Product!]! @reference(id: "productIds")
}
type Customer @container(name: "customers") {
  id: ID!
  tenantId: String! @partitionKey
  name: String!
}
type Product @container(name: "products") { id: ID!  category: String! @partitionKey  name: String! }
`;

const TENANTS = ["contoso", "fabrikam"];
const itemsOf = (count: number, make: (index: number, tenantId: string) => object) =>
  TENANTS.flatMap((tenantId) =>
    Array.from({ length: count }, (_, index) => ({ tenantId, ...make(index, tenantId) })),
  );

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    model: MODEL,
    // Managers and members may read their tenant's customers; the auditor may not.
    configure: (yaml) =>
      yaml.replaceAll(
        /( +)- { container: carts.*/g,
        '$1- { container: customers, partitionKey: ["{tid}"], mode: Read }',
      ),
    database: {
      id: "shop",
      containers: [
        {
          id: "orders",
          partitionKey: { paths: ["/tenantId"] },
          items: itemsOf(50, (index) => ({
            id: `order-${String(index).padStart(2, "0")}`,
            customerId: `customer-${index % 20}`,
            productIds: [`product-${index % 7}`, "gone", `product-${index % 3}`],
          })),
        },
        {
          id: "customers",
          partitionKey: { paths: ["/tenantId"] },
          items: itemsOf(20, (index, tenantId) => ({
            id: `customer-${index}`,
            name: `${tenantId}'s ${index}`,
          })),
        },
        {
          id: "products",
          partitionKey: { paths: ["/category"] },
          items: Array.from({ length: 7 }, (_, index) => ({
            id: `product-${index}`,
            category: `category-${index % 3}`,
            name: `Product ${index}`,
          })),
        },
      ],
    },
  });
});
afterAll(() => gateway.stop());

const QUERY = "{ orders { nodes { id customer { name } } } }";

/** The requests for items that the gateway's callers have sent since the test began. */
const sent = async () =>
  itemRequests(await gateway.requests()).filter(({ kind }) => kind !== "query-plan");

beforeEach(() => gateway.forgetRequests());

test("50 orders of 20 customers are two requests to Cosmos DB", async () => {
  const member = await gateway.as("contoso-member");
  await member.post(QUERY); // the account's and the container's definitions are read once
  await gateway.forgetRequests();
  const answer = await member.post<Data>(QUERY);
  expect(answer.errors).toEqual([]);
  expect(answer.data.orders.nodes).toHaveLength(50);
  for (const [index, { id, customer }] of answer.data.orders.nodes.entries()) {
    expect([id, customer.name]).toEqual([
      `order-${String(index).padStart(2, "0")}`,
      `contoso's ${index % 20}`,
    ]);
  }
  const requests = await gateway.requests();
  expect(requests.map(({ path, partitionKey }) => [path, partitionKey])).toEqual([
    ["/dbs/shop/colls/orders/docs", ["contoso"]],
    ["/dbs/shop/colls/customers/docs", ["contoso"]],
  ]);
  expect(answer.extensions.cosmos).toMatchObject({ requests: 2 });
});

test("each container is read with the caller's permission on that container", async () => {
  await (await gateway.as("fabrikam-member")).post(QUERY);
  const requests = await sent();
  expect(requests.map(({ authorization, cosmosUser }) => [authorization, cosmosUser])).toEqual([
    ["resource", "member:fabrikam:fabrikam-member"],
    ["resource", "member:fabrikam:fabrikam-member"],
  ]);
  expect(new Set(requests.map(({ permissionId }) => permissionId)).size).toBe(2);
});

test("the id of a customer leads each tenant to its own", async () => {
  const names = await Promise.all(
    TENANTS.map(async (tenant) => {
      const caller = await gateway.as(`${tenant}-member`);
      const { data } = await caller.post<Data>('{ order(id: "order-03") { customer { name } } }');
      return data.order.customer.name;
    }),
  );
  expect(names).toEqual(["contoso's 3", "fabrikam's 3"]);
});

test("without a permission on the customers, the orders are there and the customers FORBIDDEN", async () => {
  const auditor = await gateway.as("auditor");
  const answer = await auditor.post<Data>(
    '{ orders(tenantId: "contoso", first: 3) { nodes { id customer { name } } } }',
  );
  expect(errorCodes(answer)).toEqual(["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]);
  expect(answer.errors[1]?.path).toEqual(["orders", "nodes", 1, "customer"]);
  expect(answer.data.orders.nodes[2]).toEqual({ id: "order-02", customer: null });
  expect((await sent()).map(({ path }) => path)).toEqual(["/dbs/shop/colls/orders/docs"]);
});

test("lists of references in another container are one query for all rows, in the ids' order", async () => {
  const member = await gateway.as("contoso-member");
  const { data, errors } = await member.post<Data>(
    "{ orders(first: 10) { nodes { products { name } } } }",
  );
  expect(errors).toEqual([]);
  expect(data.orders.nodes[5].products).toEqual([{ name: "Product 5" }, { name: "Product 2" }]);
  const queries = (await sent()).filter(({ path }) => path.includes("products"));
  expect(queries).toHaveLength(1);
});

test("aliases, fragments and several places of one operation are read together", async () => {
  const member = await gateway.as("contoso-member");
  const { data, errors } = await member.post<Data>(`{
    a: orders(first: 5) { nodes { ...Who } }
    b: orders(first: 5, orderBy: [{ id: DESC }]) { nodes { buyer: customer { id } ...Who } }
  }
  fragment Who on Order { customer { name } }`);
  expect(errors).toEqual([]);
  expect(data.b.nodes[0]).toEqual({
    buyer: { id: "customer-9" },
    customer: { name: "contoso's 9" },
  });
  const customers = (await sent()).filter(({ path }) => path.includes("customers"));
  expect(customers.length).toBeLessThanOrEqual(2);
});
