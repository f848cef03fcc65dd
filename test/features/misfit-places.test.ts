import { FieldResolver, Query, Resolver, Root } from "type-graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type GatewayUnderTest,
  type GraphQLAnswer,
  startGatewayUnderTest,
} from "./gateway-under-test.ts";
import type { Data } from "./writing-manager.ts";

const MODEL = `
interface Document @container(name: "orders") { id: ID! title: String }
union Bill @container(name: "orders") = Invoice
type Invoice implements Document
    @container(name: "orders", discriminator: { field: "kind", value: "invoice" }) {
  id: ID!
  tenantId: String! @partitionKey
  title: String!
  total: Float!
}
type Letter implements Document
    @container(name: "orders", discriminator: { field: "kind", value: "letter" }) {
  id: ID!
  tenantId: String! @partitionKey
  title: String
  text: String!
}
type Site @container(name: "products") {
  id: ID!
  address: Address! @partitionKey(field: "country") @partitionKey(field: "region.code", level: 1)
  name: String!
}
type Address { country: String! @name(is: "the country") region: Region! }
type Region { code: Int! }
type Cart @container(name: "carts") { id: ID! ownerId: String! @partitionKey total: Float! }
`;

const CART = { id: "cart", ownerId: "contoso-manager" };

let gateway: GatewayUnderTest;
let run: (query: string) => Promise<GraphQLAnswer<Data>>;

beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    model: MODEL,
    // Manager: all orders and products.
    configure: (yaml) =>
      yaml.replace('orders, partitionKey: ["{tid}"], mode: All', "orders, mode: All"),
    partitions: 3,
    database: {
      id: "shop",
      containers: [
        {
          id: "orders",
          partitionKey: { paths: ["/tenantId"] },
          items: [
            { id: "1", kind: "invoice", tenantId: "contoso", title: "one", total: 1 },
            { id: "2", kind: "invoice", tenantId: "fabrikam", title: "two", total: { deep: 1 } },
            { id: "3", kind: "letter", tenantId: "contoso" },
            { id: "4", kind: "letter", tenantId: "fabrikam", title: "four", text: "Dear" },
            { id: "5", kind: "invoice", title: "nowhere", total: 5 },
            { id: "5", kind: "invoice", tenantId: null, title: "null", total: 5 },
            { id: "6", kind: "invoice", tenantId: "contoso", total: 6 },
            { id: "7", kind: "other", tenantId: "contoso", title: "seven" },
          ],
        },
        {
          id: "products",
          partitionKey: {
            paths: ['/address/"the country"', "/address/region/code"],
            kind: "MultiHash",
          },
          items: [{ id: "s", address: { "the country": "DE", region: { code: 5 } } }],
        },
        { id: "carts", partitionKey: { paths: ["/ownerId"] }, items: [CART] },
      ],
    },
    extend: ({ classOf, fromItem }) => {
      const Cart = classOf("Cart");
      class CartExtras {
        ownCarts() {
          const item = { ...CART, _etag: "e", _ts: 1 };
          return [fromItem("Cart", item), fromItem("Cart", { ...item, id: "good", total: 3 })];
        }
        ownCart() {
          return Promise.resolve(fromItem("Cart", { ...CART, _etag: "e", _ts: 1 }));
        }
        ownerId(cart: { readonly ownerId: string }) {
          return `${cart.ownerId}!`;
        }
      }
      // What the decorator syntax compiles to, which these tests are not compiled with.
      const { prototype } = CartExtras;
      Resolver(() => Cart)(CartExtras);
      Query(() => [Cart], { nullable: "itemsAndList" })(prototype, "ownCarts", {
        value: undefined,
      });
      Query(() => Cart, { nullable: true })(prototype, "ownCart", { value: undefined });
      FieldResolver(() => String)(prototype, "ownerId", { value: prototype.ownerId });
      Root()(prototype, "ownerId", 0);
      return [CartExtras];
    },
  });
  run = (await gateway.as("contoso-manager")).post<Data>;
});
afterAll(() => gateway.stop());

const details = ({ errors }: GraphQLAnswer<Data>) =>
  errors.map(({ path, extensions: { type, field, id, partitionKey } }) => [
    path?.join("."),
    type,
    field,
    id,
    partitionKey,
  ]);

test("an item of an interface or union is judged as its own type, by the fragments that fit it", async () => {
  const answer = await run(`{
    documents { nodes { id __typename ... on Invoice { total tenantId } ... on Letter { text } } }
    bills { edges { node { ... on Document { id title } } } }
    document(id: "2", tenantId: "fabrikam") { id ... on Invoice { total } }
  }`);
  const ids = answer.data.documents.nodes.map((node: Data) => node?.id ?? null);
  expect(ids).toEqual(["1", null, null, "4", null, null, "6"]);
  expect(answer.data.bills.edges.map(({ node }: Data) => node?.id ?? null)).toEqual([
    "1",
    "2",
    "5",
    "5",
    null,
  ]);
  expect(answer.data.document).toBeNull();
  expect(details(answer).toSorted()).toEqual([
    ["bills.edges.4.node", "Invoice", "title", "6", ["contoso"]],
    ["document", "Invoice", "total", "2", ["fabrikam"]],
    ["documents.nodes.1", "Invoice", "total", "2", ["fabrikam"]],
    ["documents.nodes.2", "Letter", "text", "3", ["contoso"]],
    ["documents.nodes.4", "Invoice", "tenantId", "5", [null]],
    ["documents.nodes.5", "Invoice", "tenantId", "5", [null]],
  ]);
});

test("the partition key of the error has a value for each level, wherever the item holds it", async () => {
  const answer = await run("{ sites { nodes { name } } }");
  expect(details(answer)).toEqual([["sites.nodes.0", "Site", "name", "s", ["DE", 5]]]);
});

test("items that an own resolver answers are judged, too, but not what it computes", async () => {
  const answer = await run(`{
    ownCarts { id total ownerId } ownCart { total } carts { nodes { ownerId } }
  }`);
  expect(answer.data).toEqual({
    ownCarts: [null, { id: "good", total: 3, ownerId: "contoso-manager!" }],
    ownCart: null,
    carts: { nodes: [{ ownerId: "contoso-manager!" }] },
  });
  expect(details(answer)).toEqual([
    ["ownCarts.0", "Cart", "total", "cart", ["contoso-manager"]],
    ["ownCart", "Cart", "total", "cart", ["contoso-manager"]],
  ]);
});
