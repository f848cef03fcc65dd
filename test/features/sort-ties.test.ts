import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";
import { newOrder } from "./new-order.ts";

// What an operation answers is up to the test that wrote it.
// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Data = any;

let gateway: GatewayUnderTest;
/** Runs an operation as contoso's manager, and answers its data; fails on any error. */
let run: (query: string, variables?: object) => Promise<Data>;

beforeAll(async () => {
  gateway = await startGatewayUnderTest();
  const manager = await gateway.as("contoso-manager");
  run = async (query, variables = {}) => {
    const { data, errors } = await manager.post<Data>(query, variables);
    expect(errors).toEqual([]);
    return data;
  };
});
afterAll(() => gateway.stop());

const created = ["b", "a", "b", "a", "a", "c", "b", "a"].map((customer, index) => ({
  // Against the order of creation, which is the one that Cosmos DB would leave ties in.
  id: `tie-${9 - index}`,
  customerId: `tie-${customer}`,
}));
beforeAll(async () => {
  for (const order of created) {
    const input = { ...newOrder, ...order };
    await run("mutation ($input: OrderInput!) { createOrder(input: $input) { id } }", { input });
  }
});
afterAll(async () => {
  for (const { id } of created) {
    await run("mutation ($id: ID!) { deleteOrder(id: $id) }", { id });
  }
});

const query = `query ($first: Int!, $after: String, $way: SortDirection!) {
    orders(filter: { customerId: { startsWith: "tie-" } }, orderBy: [{ customerId: $way }], first: $first, after: $after) {
      edges { cursor node { id customerId } }  pageInfo { hasNextPage endCursor }  totalCount
    }
  }`;

test.each([
  ["ASC", 1],
  ["ASC", 3],
  ["DESC", 2],
  ["DESC", 8],
  ["ASC", 100],
])("a sort with ties goes %s through pages of %i without a gap or a repeat", async (way, first) => {
  const seen: { readonly id: string; readonly customerId: string }[] = [];
  let after: string | null = null;
  let pages = 0;
  for (let hasNextPage = true; hasNextPage; pages += 1) {
    const { orders }: Data = await run(query, { first, after, way });
    expect(orders.totalCount).toBe(created.length);
    seen.push(...orders.edges.map(({ node }: Data) => node));
    hasNextPage = orders.pageInfo.hasNextPage;
    after = orders.pageInfo.endCursor;
  }
  expect(pages).toBe(Math.ceil(created.length / first)); // each is filled, and none is empty
  const byCustomer = Map.groupBy(created, ({ customerId }) => customerId);
  const inOrder = way === "ASC" ? ["tie-a", "tie-b", "tie-c"] : ["tie-c", "tie-b", "tie-a"];
  // What is equal so far goes by id.
  expect(seen).toEqual(
    inOrder.flatMap((id) =>
      (byCustomer.get(id) ?? []).toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    ),
  );
});

test("a list goes on behind any edge, not just a page's last", async () => {
  const { orders: whole } = await run(query, { first: 100, way: "ASC" });
  for (const [index, { cursor }] of whole.edges.entries()) {
    const { orders: rest } = await run(query, { first: 100, after: cursor, way: "ASC" });
    expect(rest.edges.map(({ node }: Data) => node.id)).toEqual(
      whole.edges.slice(index + 1).map(({ node }: Data) => node.id),
    );
  }
});
