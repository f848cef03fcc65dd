/** What front-end developers do every day, and what other generated APIs refuse or get wrong. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest } from "./gateway-under-test.ts";
import { type Data, idsOf, startWithWritingManager } from "./writing-manager.ts";

let gateway: GatewayUnderTest;
let run: (query: string, variables?: object) => Promise<Data>;
beforeAll(async () => {
  ({ gateway, run } = await startWithWritingManager());
});
afterAll(() => gateway.stop());

describe("`in`", () => {
  test("takes a list in the operation, in a variable, and in a variable of one element", async () => {
    const data = await run(
      `query ($ids: [ID!], $id: ID!) {
        literal: orders(filter: { id: { in: ["order-2", "order-5", "no-such"] } }) { nodes { id } }
        variable: orders(filter: { id: { in: $ids } }) { nodes { id } }
        element: orders(filter: { id: { in: [$id, "order-3"] } }) { nodes { id } }
        coerced: orders(filter: { id: { in: "order-1" } }) { nodes { id } }
      }`,
      { ids: ["order-7", "order-6"], id: "order-1" },
    );
    expect(idsOf(data.literal)).toEqual(["order-2", "order-5"]);
    expect(idsOf(data.variable)).toEqual(["order-6", "order-7"]);
    expect(idsOf(data.element)).toEqual(["order-1", "order-3"]);
    expect(idsOf(data.coerced)).toEqual(["order-1"]);
  });

  test("works with enums and numbers, and none of nothing is nothing", async () => {
    const data = await run(`{
      statuses: orders(filter: { status: { in: [PAID, SHIPPED] } }) { nodes { status } }
      prices: products(filter: { price: { in: [95, 19.9] } }) { nodes { id } }
      nothing: orders(filter: { id: { in: [] } }) { nodes { id } totalCount }
      notNothing: orders(filter: { id: { notIn: [] } }) { totalCount }
    }`);
    expect(new Set(data.statuses.nodes.map(({ status }: Data) => status))).toEqual(
      new Set(["PAID", "SHIPPED"]),
    );
    expect(idsOf(data.prices).sort()).toEqual(["chair-ash", "lamp-clip"]);
    expect(data.nothing).toEqual({ nodes: [], totalCount: 0 });
    expect(data.notNothing.totalCount).toBe(12);
  });

  test("takes a thousand values", async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `order-${index + 1}`);
    const data = await run(
      `query ($ids: [ID!]) { orders(filter: { id: { in: $ids } }) { totalCount } }`,
      { ids },
    );
    expect(data.orders.totalCount).toBe(12);
  });
});

describe("variables", () => {
  test("stand anywhere inside an inline input", async () => {
    const data = await run(
      `mutation ($sku: String!, $quantity: Int!, $total: Float!, $status: OrderStatus!, $line: OrderLineInput!) {
        createOrder(input: {
          tenantId: "contoso", status: $status, total: $total, customerId: "inline"
          createdAt: "2026-03-01T00:00:00Z"
          lines: [{ sku: $sku, quantity: $quantity, price: 1 }, $line]
        }) { id status total lines { sku quantity price } }
      }`,
      {
        sku: "a",
        quantity: 2,
        total: 3,
        status: "PAID",
        line: { sku: "b", quantity: 1, price: 1 },
      },
    );
    const { id, ...order } = data.createOrder;
    expect(order).toEqual({
      status: "PAID",
      total: 3,
      lines: [
        { sku: "a", quantity: 2, price: 1 },
        { sku: "b", quantity: 1, price: 1 },
      ],
    });
    await run("mutation ($id: ID!) { deleteOrder(id: $id) }", { id });
  });

  test("stand in filters, order, page size and partition, and may have defaults", async () => {
    const query = `query ($status: OrderStatus = OPEN, $least: Float, $way: SortDirection!, $first: Int = 2, $tenant: String) {
      orders(
        filter: { and: [{ status: { eq: $status } }, { or: [{ total: { gte: $least } }] }] }
        orderBy: [{ createdAt: $way }], first: $first, tenantId: $tenant
      ) { nodes { id status } }
    }`;
    const variables = { least: 0, way: "DESC", tenant: "contoso" };
    const byDefault = await run(query, variables);
    expect(idsOf(byDefault.orders)).toEqual(["order-10", "order-7"]);
    const given = await run(query, { ...variables, status: "PAID", first: 1 });
    expect(idsOf(given.orders)).toEqual(["order-11"]);
  });

  test("left out, they leave their argument out", async () => {
    const data = await run(
      `query ($filter: OrderFilter, $order: [OrderOrderBy!], $first: Int, $after: String, $tenant: String) {
        orders(filter: $filter, orderBy: $order, first: $first, after: $after, tenantId: $tenant) { totalCount }
      }`,
    );
    expect(data.orders.totalCount).toBe(12);
  });
});

describe("a selection", () => {
  test("has aliases on root fields, item fields and objects in them", async () => {
    const data = await run(`{
      newest: orders(orderBy: [{ createdAt: DESC }], first: 1) { rows: nodes { number: id state: status } }
      first: order(id: "order-1") {
        number: id  again: id  positions: lines { article: sku count: quantity }  prices: lines { price }
      }
      second: order(id: "order-2") { number: id }
    }`);
    expect(data.newest).toEqual({ rows: [{ number: "order-12", state: "SHIPPED" }] });
    expect(data.first).toEqual({
      number: "order-1",
      again: "order-1",
      positions: [
        { article: "desk-oak", count: 1 },
        { article: "chair-mesh", count: 2 },
      ],
      prices: [{ price: 420 }, { price: 189.5 }],
    });
    expect(data.second).toEqual({ number: "order-2" });
  });

  test("has an alias that is another field's name", async () => {
    const data = await run(
      `{ orders(first: 1) { nodes { total: status status: total id: customerId } } }`,
    );
    expect(data.orders.nodes).toEqual([{ total: "OPEN", status: 799, id: "contoso-customer-1" }]);
  });

  test("has fragments: named, inline, nested, with a variable inside", async () => {
    const data = await run(
      `query ($first: Int!) { ...Lists  order(id: "order-3") { ...Summary } }
      fragment Lists on Query { orders(first: $first) { ...Page edges { node { ...Summary } } } }
      fragment Page on OrderConnection { pageInfo { hasNextPage } nodes { ... on Order { total } } }
      fragment Summary on Order { id ... { status ...Lines } }
      fragment Lines on Order { lines { ... on OrderLine { sku } } }`,
      { first: 1 },
    );
    const summary = {
      id: "order-1",
      status: "OPEN",
      lines: [{ sku: "desk-oak" }, { sku: "chair-mesh" }],
    };
    expect(data.orders).toEqual({
      pageInfo: { hasNextPage: true },
      nodes: [{ total: 799 }],
      edges: [{ node: summary }],
    });
    expect(data.order).toMatchObject({ id: "order-3", status: "SHIPPED" });
  });

  test("has @include and @skip on fields, fragments and root fields", async () => {
    const query = `query ($more: Boolean!) {
      orders(first: 1) {
        nodes { id total @include(if: $more) ... @skip(if: $more) { status } ...Lines @include(if: $more) }
        totalCount @include(if: $more)
      }
      viewer @skip(if: $more) { subject }
    }
    fragment Lines on Order { lines { sku } }`;
    expect(await run(query, { more: false })).toEqual({
      orders: { nodes: [{ id: "order-1", status: "OPEN" }] },
      viewer: { subject: "contoso-manager" },
    });
    expect(await run(query, { more: true })).toEqual({
      orders: {
        nodes: [{ id: "order-1", total: 799, lines: [{ sku: "desk-oak" }, { sku: "chair-mesh" }] }],
        totalCount: 12,
      },
    });
  });

  test("names the types that a cache asks for", async () => {
    const data = await run(
      "{ __typename orders(first: 1) { __typename edges { __typename node { __typename lines { __typename } } } } }",
    );
    expect(data.__typename).toBe("Query");
    expect(data.orders.__typename).toBe("OrderConnection");
    expect(data.orders.edges[0].node).toEqual({
      __typename: "Order",
      lines: [{ __typename: "OrderLine" }, { __typename: "OrderLine" }],
    });
  });

  test("of __typename alone still gives the items", async () => {
    const data = await run("{ orders(first: 2) { nodes { __typename } } }");
    expect(data.orders.nodes).toEqual([{ __typename: "Order" }, { __typename: "Order" }]);
  });
});

describe("a filter", () => {
  test("may be on `id` and on another property together", async () => {
    const data = await run(`{
      both: orders(filter: { id: { eq: "order-1" }, status: { eq: OPEN } }) { nodes { id } }
      onlyId: orders(filter: { id: { eq: "order-1" }, status: { eq: PAID } }) { nodes { id } }
      withKey: orders(filter: { id: { eq: "order-1" }, tenantId: { eq: "contoso" } }) { nodes { id } }
      otherKey: orders(filter: { id: { eq: "order-1" }, tenantId: { eq: "fabrikam" } }) { nodes { id } }
    }`);
    expect(idsOf(data.both)).toEqual(["order-1"]);
    expect(idsOf(data.onlyId)).toEqual([]);
    expect(idsOf(data.withKey)).toEqual(["order-1"]);
    expect(idsOf(data.otherKey)).toEqual([]);
  });

  test("that fits nothing answers an empty list, and no error", async () => {
    const data = await run(`{
      orders(filter: { customerId: { eq: "no one" } }) {
        nodes { id } edges { cursor } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
      products(category: "no such") { nodes { id } totalCount }
      order(id: "no-such") { id }
    }`);
    expect(data).toEqual({
      orders: {
        nodes: [],
        edges: [],
        totalCount: 0,
        pageInfo: {
          hasNextPage: false,
          hasPreviousPage: false,
          startCursor: null,
          endCursor: null,
        },
      },
      products: { nodes: [], totalCount: 0 },
      order: null,
    });
  });

  test("of several comparisons on one field means all of them", async () => {
    const data = await run(
      `{ products(filter: { price: { gt: 50, lte: 189.5, ne: 95 } }) { nodes { id } } }`,
    );
    expect(idsOf(data.products).sort()).toEqual(["chair-mesh", "lamp-arc"]);
  });
});

describe("a null", () => {
  const read = `{ product(id: "lamp-null", category: "lamps") { name price tags } }`;

  test("clears a field in a patch, in a replace, and in a variable", async () => {
    const input = { id: "lamp-null", category: "lamps", name: "Lamp", price: 9, tags: ["new"] };
    await run("mutation ($input: ProductInput!) { createProduct(input: $input) { id } }", {
      input,
    });

    const patched = await run(`mutation {
      patchProduct(id: "lamp-null", category: "lamps", patch: { set: { tags: null } }) { name tags }
    }`);
    expect(patched.patchProduct).toEqual({ name: "Lamp", tags: null });
    expect((await run(read)).product).toEqual({ name: "Lamp", price: 9, tags: null });

    const replace = `mutation ($input: ProductInput!) {
      replaceProduct(id: "lamp-null", category: "lamps", input: $input) { tags }
    }`;
    expect((await run(replace, { input })).replaceProduct.tags).toEqual(["new"]);
    const cleared = await run(replace, { input: { ...input, tags: null } });
    expect(cleared.replaceProduct.tags).toBeNull();
    const stored = await run("{ products(filter: { tags: { isNull: true } }) { nodes { id } } }");
    expect(idsOf(stored.products)).toEqual(["lamp-null"]);

    const set = `mutation ($tags: [String!]) {
      patchProduct(id: "lamp-null", category: "lamps", patch: { set: { tags: $tags, price: 8 } }) { price tags }
    }`;
    expect((await run(set, { tags: ["old"] })).patchProduct).toEqual({ price: 8, tags: ["old"] });
    // A variable that is left out leaves its field as it is; one that is null clears it.
    expect((await run(set, {})).patchProduct).toEqual({ price: 8, tags: ["old"] });
    expect((await run(set, { tags: null })).patchProduct).toEqual({ price: 8, tags: null });
  });

  test("is told from a property that is not there", async () => {
    const data = await run(`{
      isNull: products(filter: { tags: { isNull: true } }) { nodes { id } }
      defined: products(filter: { tags: { isDefined: true } }) { totalCount }
    }`);
    expect(idsOf(data.isNull)).toEqual(["lamp-null"]);
    expect(data.defined.totalCount).toBe(7);
  });

  test("for a field that is never null is refused before anything is written", async () => {
    const manager = await gateway.as("contoso-manager");
    const answer = await manager.post(
      `mutation { patchProduct(id: "lamp-null", category: "lamps", patch: { set: { name: null } }) { name } }`,
    );
    expect(errorCodes(answer)).toEqual(["BAD_USER_INPUT"]);
    expect((await run(read)).product.name).toBe("Lamp");
  });
});
