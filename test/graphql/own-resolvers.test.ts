import { Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RequestContext } from "../../src/graphql/request-context.ts";
import { itemRequests } from "../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "./api-under-test.ts";

const MODEL = `
type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  total: Float! @name(is: "sum")
}`;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      {
        id: "orders",
        partitionKey: { paths: ["/tenantId"] },
        items: [{ id: "1", tenantId: "contoso", sum: 119 }],
      },
    ],
    extend: ({ classOf }) => {
      const Order = classOf("Order");
      class OrderExtras {
        netTotal(order: { readonly total: number }): number {
          return order.total / 1.19;
        }
        async firstOrderId(context: RequestContext): Promise<string | undefined> {
          const query = { query: "SELECT VALUE c.id FROM c", parameters: [] };
          const [id] = await context.items.query<string>("orders", query, ["contoso"], {
            limit: 1,
          });
          return id;
        }
      }
      // What the decorator syntax compiles to, which these tests are not compiled with.
      const { prototype } = OrderExtras;
      Resolver(() => Order)(OrderExtras);
      FieldResolver(() => Number)(prototype, "netTotal", { value: prototype.netTotal });
      Root()(prototype, "netTotal", 0);
      Query(() => String, { nullable: true })(prototype, "firstOrderId", { value: undefined });
      Ctx()(prototype, "firstOrderId", 0);
      return [OrderExtras];
    },
  });
});
afterAll(() => api.stop());
beforeEach(() => api.forgetRequests());

const caller = () =>
  api.as("ann", { container: "orders", partitionKey: ["contoso"], mode: "Read" });

test("a computed field sees its item under the model's names, though nothing else is selected", async () => {
  const { data, errors } = await caller()(`{
    order(id: "1") { netTotal }
    orders { nodes { netTotal } edges { node { id } } }
  }`);
  expect(errors).toEqual([]);
  expect(data.order.netTotal).toBeCloseTo(100);
  expect(data.orders.nodes[0].netTotal).toBeCloseTo(100);
});

test("an own query reaches Cosmos DB as the caller, and only so", async () => {
  expect((await caller()("{ firstOrderId }")).data.firstOrderId).toBe("1");
  expect(itemRequests(await api.requests())).toMatchObject([
    { authorization: "resource", cosmosUser: "ann" },
  ]);
  const stranger = api.as("bob", { container: "orders", partitionKey: ["fabrikam"], mode: "Read" });
  expect((await stranger("{ firstOrderId }")).codes).toEqual(["FORBIDDEN"]);
});
