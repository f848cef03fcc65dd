import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  productIds: [ID!]
  products: [Product!] @reference(id: "productIds", partitionKey: "tenantId")
}
type Product @container(name: "products") {
  id: ID!
  tenantId: String! @partitionKey
  kindId: ID
  kind: Product @reference(id: "kindId", partitionKey: "tenantId")
  ofKind: [Product!]! @reference(from: "kindId", partitionKey: "tenantId")
}
`;

let api: ApiUnderTest;
beforeAll(async () => {
  const productIds = Array.from({ length: 15_000 }, (_, index) => `p${index}`);
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      {
        id: "orders",
        partitionKey: { paths: ["/tenantId"] },
        items: ["o1", "o2"].map((id) => ({ id, tenantId: "contoso", productIds })),
      },
      {
        id: "products",
        partitionKey: { paths: ["/tenantId"] },
        items: [
          { id: "p1", tenantId: "contoso" },
          ...Array.from({ length: 200 }, (_, index) => ({
            id: `k${index}`,
            tenantId: "contoso",
            kindId: "k0",
          })),
        ],
      },
    ],
  });
});
afterAll(() => api.stop());

test("an operation follows thousands of references, and not any number that items hold", async () => {
  const contoso = { partitionKey: ["contoso"], mode: "Read" } as const;
  const member = api.as(
    "member",
    { container: "orders", ...contoso },
    { container: "products", ...contoso },
  );
  const one = await member(`{ order(id: "o1") { products { id } } }`);
  expect(one.data.order.products).toEqual([{ id: "p1" }]);
  const both = await member(`{ orders { nodes { products { id } } } }`);
  expect(both.codes).toEqual(["QUERY_TOO_EXPENSIVE"]);
});

test("going from an item to those that refer to it and back doesn't multiply without end", async () => {
  const member = api.as("reader", {
    container: "products",
    partitionKey: ["contoso"],
    mode: "Read",
  });
  const once = await member(`{ product(id: "k0") { ofKind(first: 200) { kind { id } } } }`);
  expect(once.codes).toEqual([]);
  const thrice = await member(
    `{ product(id: "k0") { ofKind(first: 200) { kind { ofKind(first: 200) { kind { ofKind(first: 200) { id } } } } } } }`,
  );
  expect(new Set(thrice.codes)).toEqual(new Set(["QUERY_TOO_EXPENSIVE"]));
});
