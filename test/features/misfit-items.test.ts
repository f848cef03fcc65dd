import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SeedContainer } from "../../src/emulator/start-emulator.ts";
import {
  errorCodes,
  type GatewayUnderTest,
  type GraphQLAnswer,
  startGatewayUnderTest,
} from "./gateway-under-test.ts";
import type { Data } from "./writing-manager.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  status: OrderStatus!
  total: Float!
  lines: [OrderLine!]!
  note: String @name(is: "the note")
  isPaid: Boolean
  points: BigInt
  customerId: ID
  customer: Customer @reference(id: "customerId", partitionKey: "tenantId")
}
enum OrderStatus { OPEN PAID }
type OrderLine { sku: String! quantity: Int! }
type Customer @container(name: "carts") {
  id: ID!
  ownerId: String! @partitionKey
  name: String!
  friendIds: [ID!]
  friends: [Customer!] @reference(id: "friendIds", partitionKey: "ownerId")
  orders: [Order!]! @reference(from: "customerId", partitionKey: "ownerId")
  mayNotRead: [Product!]! @reference(from: "name", partitionKey: "ownerId")
}
type Product @container(name: "products") {
  id: ID!
  category: String! @partitionKey
  name: ID!
}
`;

const order = (id: string, properties: object) => ({
  id,
  tenantId: "contoso",
  type: "order",
  status: "OPEN",
  total: 5,
  lines: [{ sku: "lamp", quantity: 1 }],
  ...properties,
});

const MANY = Array.from({ length: 130 }, (_, index) =>
  order(`many-${index}`, { tenantId: "fabrikam", total: undefined }),
);

/** Values that GraphQL would convert. */
const CONVERTIBLE = [
  order("1", { tenantId: "kinds", total: "5" }),
  order("2", { tenantId: "kinds", lines: [{ sku: 7, quantity: 1 }] }),
  order("3", { tenantId: "kinds", lines: [{ sku: "lamp", quantity: "1" }] }),
  order("4", { tenantId: "kinds", "the note": true }),
  order("5", { tenantId: "kinds", isPaid: 1 }),
  order("6", { tenantId: "kinds", points: "12" }),
  order("7", { tenantId: "kinds", lines: [{ sku: "lamp", quantity: true }] }),
  order("8", { tenantId: "kinds", customerId: 12, isPaid: true, points: 12 }),
];

const CONTAINERS: readonly SeedContainer[] = [
  {
    id: "orders",
    partitionKey: { paths: ["/tenantId"] },
    items: [
      order("a-fits", { customerId: "ann" }),
      order("b-without-total", { total: undefined, customerId: "ann" }),
      order("c-other-status", { status: "LOST" }),
      order("d-line", { lines: [{ sku: "lamp", quantity: 1 }, { quantity: 2 }] }),
      order("e-no-list", { lines: "lamp" }),
      order("f-note", { "the note": { deep: "secret value" } }),
      order("g-bob", { customerId: "bob" }),
      order("h-odd-reference", { customerId: { deep: "secret value" } }),
      ...CONVERTIBLE,
      ...MANY,
    ],
  },
  {
    id: "carts",
    partitionKey: { paths: ["/ownerId"] },
    items: [
      { id: "ann", ownerId: "contoso", name: "Ann", friendIds: ["ann", "bob", "gone"] },
      { id: "bob", ownerId: "contoso" },
    ],
  },
  { id: "products", partitionKey: { paths: ["/category"] }, items: [] },
];

let gateway: GatewayUnderTest;
let run: (query: string, variables?: object) => Promise<GraphQLAnswer<Data>>;
let auditor: typeof run;

beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    model: MODEL,
    database: { id: "shop", containers: CONTAINERS },
    configure: (yaml) =>
      yaml
        .replaceAll('carts, partitionKey: ["{sub}"]', 'carts, partitionKey: ["{tid}"]')
        .replaceAll("      - { container: products, mode: Read }\n", ""),
  });
  run = (await gateway.as("contoso-manager")).post<Data>;
  auditor = (await gateway.as("auditor")).post<Data>;
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.observations.length = 0;
});

const misfit = (id: string, field: string, type = "Order", partition = "contoso") => ({
  code: "ITEM_MISFIT",
  type,
  field,
  id,
  partitionKey: [partition],
});

const details = ({ errors }: GraphQLAnswer<Data>) =>
  errors.map(({ path, extensions }) => ({ path: path?.join("."), ...extensions }));

test("a list gives every fitting item, and null with an error for each that does not fit", async () => {
  const answer = await run(
    `{ orders { totalCount nodes { total status lines { sku } note } } viewer { profile } }`,
  );
  expect(answer.status).toBe(200);
  expect(answer.data.viewer).toEqual({ profile: "manager" });
  expect(answer.data.orders.totalCount).toBe(8);
  const fits = { total: 5, status: "OPEN", lines: [{ sku: "lamp" }], note: null };
  expect(answer.data.orders.nodes).toEqual([fits, null, null, null, null, null, fits, fits]);
  expect(details(answer)).toEqual([
    { path: "orders.nodes.1", ...misfit("b-without-total", "total") },
    { path: "orders.nodes.2", ...misfit("c-other-status", "status") },
    { path: "orders.nodes.3", ...misfit("d-line", "lines.1.sku") },
    { path: "orders.nodes.4", ...misfit("e-no-list", "lines") },
    { path: "orders.nodes.5", ...misfit("f-note", "note") },
  ]);
  expect(answer.text).not.toContain("secret value");
});

test("a value of another type is a misfit, though GraphQL would convert it", async () => {
  const kinds = await gateway.as({ sub: "kim", tid: "kinds", roles: ["manager"] });
  const answer = await kinds.post<Data>(
    "{ orders { nodes { total lines { sku quantity } note isPaid points customerId } } }",
  );
  const field = ["total", "lines.0.sku", "lines.0.quantity", "note", "isPaid", "points"];
  expect(details(answer)).toEqual(
    [...field, "lines.0.quantity"].map((name, index) => ({
      path: `orders.nodes.${index}`,
      ...misfit(String(index + 1), name, "Order", "kinds"),
    })),
  );
  expect(answer.data.orders.nodes.at(-1)).toMatchObject({ customerId: "12", points: 12 });
});

test("the edge of a misfit item stays, with a cursor that goes on behind it", async () => {
  const page = `query ($after: String) {
    orders(first: 2, after: $after) { edges { cursor node { id total } } pageInfo { endCursor hasNextPage } }
  }`;
  const first = await run(page);
  expect(first.data.orders.edges.map(({ node }: Data) => node?.id ?? null)).toEqual([
    "a-fits",
    null,
  ]);
  expect(details(first)).toEqual([
    { path: "orders.edges.1.node", ...misfit("b-without-total", "total") },
  ]);
  const { cursor } = first.data.orders.edges[1];
  expect(cursor).toBe(first.data.orders.pageInfo.endCursor);
  const next = await run(page, { after: cursor });
  expect(next.data.orders.edges.map(({ node }: Data) => node.id)).toEqual([
    "c-other-status",
    "d-line",
  ]);
  expect(next.errors).toEqual([]);
});

test("what is not selected is no misfit, in each place by what is selected there", async () => {
  const answer = await run(
    `{ orders(first: 2) { nodes { id } edges { node { ...Whole @include(if: true) } } } }
     fragment Whole on Order { id total }`,
  );
  expect(answer.data.orders.nodes).toEqual([{ id: "a-fits" }, { id: "b-without-total" }]);
  expect(details(answer)).toEqual([
    { path: "orders.edges.1.node", ...misfit("b-without-total", "total") },
  ]);
  expect((await run(`{ order(id: "b-without-total") { id status } }`)).data.order).toEqual({
    id: "b-without-total",
    status: "OPEN",
  });
});

test("an item is judged with no request and no property more than it takes to show it", async () => {
  await gateway.forgetRequests();
  await run("{ orders(first: 3) { nodes { total } } }");
  const sent = (await gateway.requests()).filter(({ path }) => path.endsWith("/docs"));
  expect(sent.map(({ query }) => query)).toEqual([
    expect.stringContaining(`{"total": c["total"], "id": c["id"], "tenantId": c["tenantId"]}`),
  ]);
});

test("a point read of a misfit item is null with the error, beside what else was read", async () => {
  const answer = await run(
    `{ odd: order(id: "d-line") { lines { sku } } order(id: "a-fits") { id } }`,
  );
  expect(answer.status).toBe(200);
  expect(answer.data).toEqual({ odd: null, order: { id: "a-fits" } });
  expect(details(answer)).toEqual([{ path: "odd", ...misfit("d-line", "lines.1.sku") }]);
});

test("a reference to a misfit item is null with the error, and so is its place in a list of references", async () => {
  const answer = await run(
    `{ orders { nodes { id customer { name } } }
       customer(id: "ann") { name friends { name } orders { id total } } }`,
  );
  const customers = Object.fromEntries(
    answer.data.orders.nodes.map(({ id, customer }: Data) => [id, customer]),
  );
  expect(customers).toMatchObject({
    "a-fits": { name: "Ann" },
    "d-line": null,
    "g-bob": null,
    "h-odd-reference": null,
  });
  // The one that is gone is left out, as the model has no null for it.
  expect(answer.data.customer).toEqual({
    name: "Ann",
    friends: [{ name: "Ann" }, null],
    orders: [{ id: "a-fits", total: 5 }, null],
  });
  const found = details(answer);
  expect(found).toHaveLength(4);
  expect(found).toEqual(
    expect.arrayContaining([
      { path: "orders.nodes.6.customer", ...misfit("bob", "name", "Customer") },
      { path: "orders.nodes.7.customer", ...misfit("h-odd-reference", "customerId") },
      { path: "customer.friends.1", ...misfit("bob", "name", "Customer") },
      { path: "customer.orders.1", ...misfit("b-without-total", "total") },
    ]),
  );
});

test("a write that was done but can't be shown says so", async () => {
  const patched = await run(
    `mutation { patchOrder(id: "b-without-total", patch: { set: { status: PAID } }) { id total } }`,
  );
  expect(patched.status).toBe(200);
  expect(patched.data).toEqual({ patchOrder: null });
  expect(details(patched)).toEqual([
    { path: "patchOrder", ...misfit("b-without-total", "total"), written: true },
  ]);
  const read = await run(`{ order(id: "b-without-total") { status } }`);
  expect(read.data.order).toEqual({ status: "PAID" });

  const transacted = await run(
    `mutation { transactOrders(operations: [
       { patch: { id: "a-fits", patch: { set: { note: "seen" } } } }
       { patch: { id: "b-without-total", patch: { set: { note: "seen" } } } }
     ]) { id note total } }`,
  );
  expect(transacted.data.transactOrders).toEqual([{ id: "a-fits", note: "seen", total: 5 }, null]);
  expect(details(transacted)).toEqual([
    { path: "transactOrders.1", ...misfit("b-without-total", "total"), written: true },
  ]);
});

test("a written item that another field's failure takes along says that it was written", async () => {
  const answer = await run(
    `mutation { createCustomer(input: { id: "new", ownerId: "contoso", name: "New" }) { id mayNotRead { id } } }`,
  );
  expect(answer.data).toEqual({ createCustomer: null });
  expect(answer.errors[0]?.extensions).toEqual({ code: "FORBIDDEN", written: true });
  expect((await run(`{ customer(id: "new") { id } }`)).data.customer).toEqual({ id: "new" });
  const again = await run(
    `mutation { createCustomer(input: { id: "new", ownerId: "contoso", name: "New" }) { id } }`,
  );
  expect(again.errors[0]?.extensions).toEqual({ code: "CONFLICT" });
});

test("an answer has 100 such errors at most, and says how many places are null beside them", async () => {
  const answer = await auditor(`{ orders(tenantId: "fabrikam", first: 200) { nodes { total } } }`);
  expect(answer.data.orders.nodes).toEqual(MANY.map(() => null));
  expect(answer.errors).toHaveLength(100);
  expect(answer.errors[98]?.extensions.others).toBeUndefined();
  expect(answer.errors[99]?.extensions.others).toBe(30);
  expect(answer.errors[99]?.message).toContain("30 more");
  expect(gateway.observations.filter(({ kind }) => kind === "item-misfit")).toHaveLength(100);
});

test("the log has each misfit item once, with its place and without its values", async () => {
  await run(`{ a: order(id: "f-note") { note } b: order(id: "f-note") { note } }`);
  const logged = gateway.observations.filter(({ kind }) => kind === "item-misfit");
  expect(logged).toEqual([
    {
      kind: "item-misfit",
      type: "Order",
      container: "orders",
      field: "note",
      id: "f-note",
      partitionKey: ["contoso"],
      path: ["a"],
    },
  ]);
  expect(gateway.observations.filter(({ kind }) => kind === "operation-failed")).toEqual([]);
});

test("a forbidden list takes none of its siblings, whatever the Accept header", async () => {
  const query = `{ a: orders(tenantId: "fabrikam") { totalCount } viewer { profile } products { totalCount } }`;
  const answer = await run(query);
  expect(answer.status).toBe(200);
  expect(answer.data).toEqual({ a: null, viewer: { profile: "manager" }, products: null });
  expect(errorCodes(answer)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
  const bearerToken = await gateway.bearerTokenOf("contoso-manager");
  const other = await gateway.post(
    { query },
    {
      authorization: `Bearer ${bearerToken}`,
      accept: "application/graphql-response+json",
    },
  );
  expect(other.status).toBe(200);
});

test("a failing mutation takes none of those before it, and alone it is HTTP 200 with its field null", async () => {
  const input = `{ id: "one", ownerId: "contoso", name: "One" }`;
  const answer = await run(
    `mutation { first: createCustomer(input: ${input}) { id } second: createCustomer(input: ${input}) { id } }`,
  );
  expect(answer.data).toEqual({ first: { id: "one" }, second: null });
  expect(errorCodes(answer)).toEqual(["CONFLICT"]);
  const alone = await run(`mutation { createCustomer(input: ${input}) { id } }`);
  expect([alone.status, alone.data]).toEqual([200, { createCustomer: null }]);
  expect(errorCodes(alone)).toEqual(["CONFLICT"]);
});
