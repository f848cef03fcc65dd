import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApiUnderTest } from "./api-under-test.ts";

const MODEL = `
type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  productIds: [ID!]
  products: [Product!] @reference(id: "productIds", partitionKey: "tenantId")
}
type Product @container(name: "products") { id: ID!  tenantId: String! @partitionKey }
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
        items: [{ id: "p1", tenantId: "contoso" }],
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
