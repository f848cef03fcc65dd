import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { itemRequests } from "../emulator-controls.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

// What an operation answers is up to the test that wrote it.
// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Data = any;

type Row = Readonly<Record<string, string | number>>;

/** Prices and names repeat, so that an order has ties within a partition and across. */
const PRODUCTS: readonly Row[] = Array.from({ length: 240 }, (_, index) => ({
  id: `product-${String((index * 77) % 240).padStart(3, "0")}`,
  category: `category-${index % 40}`,
  name: `Product ${index % 9}`,
  price: ((index * 31) % 25) + 0.5,
}));
const ORDERS = (SAMPLE_DATABASE.containers.find(({ id }) => id === "orders")?.items ??
  []) as unknown as readonly Row[];

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    partitions: 4,
    database: {
      ...SAMPLE_DATABASE,
      containers: SAMPLE_DATABASE.containers.map((container) =>
        container.id === "products" ? { ...container, items: PRODUCTS } : container,
      ),
    },
  });
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.forgetRequests());

/** Goes through all pages of a list; all but the last must be full, and the last not empty. */
async function pagesOf(caller: string, list: string, first: number, args: string) {
  const client = await gateway.as(caller);
  const rows: Row[] = [];
  let after: string | null = null;
  for (let hasNextPage = true; hasNextPage; ) {
    const query: string = `query ($after: String) {
      page: ${list}(first: ${first}, after: $after ${args}) {
        nodes { ... on Order { id tenantId status total createdAt } ... on Product { id category name price } }
        pageInfo { hasNextPage endCursor }
      }
    }`.replace(list === "orders" ? /\.\.\. on Product {[^}]*}/ : /\.\.\. on Order {[^}]*}/, "");
    const answer: { readonly data: Data; readonly errors: readonly unknown[] } =
      await client.post<Data>(query, { after });
    expect(answer.errors).toEqual([]);
    const { nodes, pageInfo } = answer.data.page;
    rows.push(...nodes);
    ({ hasNextPage, endCursor: after } = pageInfo);
    expect(hasNextPage ? nodes.length === first : nodes.length > 0).toBe(true);
  }
  return rows;
}

function compare(left: unknown, right: unknown): number {
  return left === right ? 0 : String(left) < String(right) ? -1 : 1;
}

function by(...keys: readonly [name: string, direction: 1 | -1][]) {
  return (left: Row, right: Row): number => {
    for (const [name, direction] of keys) {
      const [one, other] = [left[name], right[name]];
      const order =
        typeof one === "number" && typeof other === "number" ? one - other : compare(one, other);
      if (order !== 0) {
        return order * direction;
      }
    }
    return 0;
  };
}

const keysOf = (rows: readonly Row[], partitionKey: string) =>
  rows.map((row) => `${row[partitionKey]}/${row.id}`);

describe("a caller with permissions on two partitions, naming none", () => {
  test.each([
    ["createdAt, ascending", "orderBy: [{ createdAt: ASC }]", by(["createdAt", 1])],
    ["total, descending", "orderBy: [{ total: DESC }]", by(["total", -1])],
    ["status, with many ties", "orderBy: [{ status: ASC }]", by(["status", 1])],
    ["id, which both partitions have", "", by(["id", 1])],
  ])("gets one list in the order of %s, page by page", async (_name, args, order) => {
    for (const first of [1, 4, 19, 100]) {
      const rows = await pagesOf("auditor", "orders", first, args && `, ${args}`);
      const keys = keysOf(rows, "tenantId");
      expect(new Set(keys)).toEqual(new Set(keysOf(ORDERS, "tenantId")));
      expect(keys).toHaveLength(ORDERS.length);
      expect(rows.toSorted(order)).toEqual(rows); // sorting is stable: nothing was out of order
    }
  });

  test("gets the count, and the filter's, of both together", async () => {
    const auditor = await gateway.as("auditor");
    const { data, errors } = await auditor.post<Data>(`{
      all: orders(first: 1) { totalCount nodes { id } }
      open: orders(filter: { status: { eq: OPEN } }, first: 2) { totalCount nodes { status } }
      one: orders(tenantId: "fabrikam") { totalCount }
      aggregate: ordersAggregate { count }
    }`);
    expect(errors).toEqual([]);
    expect(data.all).toEqual({ totalCount: 19, nodes: [{ id: "order-1" }] });
    expect(data.open.totalCount).toBe(ORDERS.filter(({ status }) => status === "OPEN").length);
    expect(data.open.nodes).toEqual([{ status: "OPEN" }, { status: "OPEN" }]);
    expect(data.one.totalCount).toBe(7);
    expect(data.aggregate.count).toBe(19);
  });

  test("reads each partition with its own permission's resource token, and no other partition", async () => {
    const auditor = await gateway.as("auditor");
    await auditor.post("{ orders(first: 50) { nodes { id } } }");
    const sent = itemRequests(await gateway.requests());
    expect(sent.map(({ partitionKey }) => partitionKey).sort()).toEqual([
      ["contoso"],
      ["fabrikam"],
    ]);
    expect(new Set(sent.map(({ permissionId }) => permissionId)).size).toBe(2);
  });

  test("sees what is written between two pages neither twice nor not at all", async () => {
    const [auditor, manager] = [await gateway.as("auditor"), await gateway.as("contoso-manager")];
    const query = `query ($after: String) {
      orders(first: 10, after: $after, orderBy: [{ createdAt: ASC }]) {
        nodes { id tenantId } pageInfo { endCursor }
      }
    }`;
    const one = await auditor.post<Data>(query);
    const input = `tenantId: "contoso", status: OPEN, total: 1, lines: [], customerId: "c"`;
    for (const day of ["2025-01-01", "2026-12-31"]) {
      await manager.post(
        `mutation { createOrder(input: { id: "written-${day}", createdAt: "${day}T00:00:00Z", ${input} }) { id } }`,
      );
    }
    const two = await auditor.post<Data>(query, { after: one.data.orders.pageInfo.endCursor });
    const seen = [...one.data.orders.nodes, ...two.data.orders.nodes] as readonly Row[];
    const keys = keysOf(seen, "tenantId");
    expect(new Set(keys)).toEqual(
      new Set([...keysOf(ORDERS, "tenantId"), "contoso/written-2026-12-31"]),
    );
    expect(keys).toHaveLength(20);
    for (const day of ["2025-01-01", "2026-12-31"]) {
      await manager.post(`mutation { deleteOrder(id: "written-${day}") }`);
    }
  });
});

describe("a caller with a permission on a container of four physical partitions", () => {
  test.each([
    ["price, with ties", "orderBy: [{ price: ASC }]", by(["price", 1], ["id", 1])],
    ["name, descending, with ties", "orderBy: [{ name: DESC }]", by(["name", -1], ["id", 1])],
    ["id", "", by(["id", 1])],
  ])("gets one list in the order of %s, page by page", async (_name, args, order) => {
    for (const first of [7, 100, 1000]) {
      const rows = await pagesOf("contoso-member", "products", first, args && `, ${args}`);
      expect(new Set(keysOf(rows, "category"))).toEqual(new Set(keysOf(PRODUCTS, "category")));
      expect(rows).toHaveLength(PRODUCTS.length);
      expect(rows.toSorted(order)).toEqual(rows);
    }
  });

  test("gets the count of all partitions, or of the one that is named", async () => {
    const member = await gateway.as("contoso-member");
    const { data, errors } = await member.post<Data>(`{
      all: products { totalCount }
      some: products(filter: { price: { lt: 10 } }) { totalCount }
      one: products(category: "category-7") { totalCount nodes { category } }
    }`);
    expect(errors).toEqual([]);
    expect(data.all.totalCount).toBe(240);
    expect(data.some.totalCount).toBe(PRODUCTS.filter(({ price }) => Number(price) < 10).length);
    expect(data.one.totalCount).toBe(6);
    expect(data.one.nodes).toEqual(Array(6).fill({ category: "category-7" }));
  });

  test("is answered by all four, with the one resource token of the container", async () => {
    const member = await gateway.as("contoso-member");
    await member.post("{ products(first: 1000) { nodes { id } } }");
    const queries = itemRequests(await gateway.requests()).filter(({ kind }) => kind === "query");
    expect(queries.length).toBeGreaterThanOrEqual(4);
    expect(new Set(queries.map(({ partitionKey }) => partitionKey))).toEqual(new Set([null]));
    expect(new Set(queries.map(({ permissionId }) => permissionId)).size).toBe(1);
    expect(new Set(queries.map(({ authorization }) => authorization))).toEqual(
      new Set(["resource"]),
    );
  });
});
