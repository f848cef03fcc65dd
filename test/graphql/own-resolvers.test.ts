import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ApiExtensionError, type GeneratedApi } from "../../src/graphql/api-extension.ts";
import { buildApiSchema } from "../../src/graphql/build-schema.ts";
import type { RequestContext } from "../../src/graphql/request-context.ts";
import type { Item } from "../../src/items/item-operations.ts";
import { loadModel } from "../../src/model/load-model.ts";
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

const MANY_KINDS = `
type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  total: Float! @name(is: "sum")
  status: Status
  line: Line
}
enum Status { OPEN PAID }
type Line { sku: String! @name(is: "s") }`;

function schemaWith(extend: (generated: GeneratedApi) => readonly (new () => object)[]) {
  const model = loadModel([{ path: "test.model.graphql", text: MANY_KINDS }]);
  const pageSize = { default: 50, max: 1000 };
  return buildApiSchema(model, { pageSize, cursorKey: Buffer.alloc(32), extend });
}

test("types, inputs and enums of the model stand in an own operation's signature", () => {
  const schema = schemaWith(({ classOf, inputOf, enumOf }) => {
    class Extras {
      orderLine(): null {
        return null;
      }
    }
    const { prototype } = Extras;
    Resolver()(Extras);
    Mutation(() => classOf("Line"), { nullable: true })(prototype, "orderLine", {
      value: undefined,
    });
    Arg("order", () => inputOf("Order"))(prototype, "orderLine", 0);
    Arg("status", () => enumOf("Status"))(prototype, "orderLine", 1);
    return [Extras];
  });
  const field = schema.getMutationType()?.getFields().orderLine;
  expect(String(field?.type)).toBe("Line");
  expect(field?.args.map(({ name, type }) => `${name}: ${type}`)).toEqual([
    "order: OrderInput!",
    "status: Status!",
  ]);
});

test("a stored item becomes a value of its type, under the model's names", () => {
  let value: unknown;
  const stored: Item = { id: "1", tenantId: "a", sum: 2, line: { s: "x" }, _etag: "e", _ts: 1 };
  schemaWith(({ fromItem }) => {
    value = fromItem("Order", stored);
    return [];
  });
  expect(value).toEqual({
    id: "1",
    tenantId: "a",
    total: 2,
    line: { sku: "x" },
    _etag: "e",
    _ts: 1,
  });
});

test.each([
  ["a type", ({ classOf }: GeneratedApi) => classOf("Nothing")],
  ["an input", ({ inputOf }: GeneratedApi) => inputOf("Nothing")],
  ["an enum that is a type", ({ enumOf }: GeneratedApi) => enumOf("Order")],
  ["a type that is an enum", ({ classOf }: GeneratedApi) => classOf("Status")],
  ["a stored type that is none", ({ fromItem }: GeneratedApi) => fromItem("Line", {} as Item)],
])("%s that the model does not have is refused", (_name, use) => {
  const build = () =>
    schemaWith((generated) => {
      use(generated);
      return [];
    });
  expect(build).toThrow(ApiExtensionError);
});

test.each([
  ["Query", "orders", Query],
  ["Query", "viewer", Query],
  ["Mutation", "createOrder", Mutation],
] as const)("an own %s.%s does not take the generated one's place", (root, name, decorate) => {
  const build = () =>
    schemaWith(() => {
      class Extras {}
      Resolver()(Extras);
      decorate(() => String, { name })(Extras.prototype, "own", { value: undefined });
      return [Extras];
    });
  expect(build).toThrow(`${root}.${name} is there already.`);
});
