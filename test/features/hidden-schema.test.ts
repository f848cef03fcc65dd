import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    configure: (yaml) =>
      `${yaml.replace(/^introspection:.*$/m, "")}\nintrospection: false\napi: { generic: true }\n`,
  });
});
afterAll(() => gateway.stop());

const CREATE = "mutation ($input: OrderInput!) { createOrder(input: $input) { id } }";
const LIST =
  "query ($filter: OrderFilter, $orderBy: [OrderOrderBy!]) { orders(filter: $filter, orderBy: $orderBy) { nodes { id } } }";

/** Names of the sample shop that none of these requests says, but that come near to what they say. */
const HIDDEN =
  /\b(?:tenantId|status|OPEN|customerId|createdAt|totalCount|sku|quantity|carts|startsWith|OrderEdge|OrderLine|OrderStatus|OrderConnection|Product|DESC)\b/g;

test.each<[string, string, object?]>([
  ["a field of the root", "{ order_ { id } ordrs { id } }"],
  ["a field of an item", "{ orders { nodes { stats totl } totalCoun } }"],
  ["a type", "query ($x: OrdersFilter, $y: OrderLin) { viewer { subject } }"],
  ["an argument", `{ orders(tenantI: "x") { nodes { id } } }`],
  ["an argument that is missing", "mutation { replaceOrder(id: 1) { id } }"],
  ["a selection that is missing", "{ orders }"],
  ["a literal's field", "{ orders(filter: { stats: { eq: 1 }, creatdAt: {} }) { nodes { id } } }"],
  ["a literal's enum value", "mutation { createOrder(input: { lines: [{ sk: 1 }] }) { id } }"],
  [
    "a literal's operator",
    "{ orders(filter: { total: { equal: 1, starts: 2 } }) { nodes { id } } }",
  ],
  [
    "a variable's field, and what is missing beside it",
    CREATE,
    { input: { tenantI: "x", statu: "x", custmerId: "c" } },
  ],
  ["a variable's enum value", LIST, { filter: { total: { eq: 1 } }, orderBy: [{ total: "DES" }] }],
  ["a variable's inner field", LIST, { filter: { totals: { eq: 1 }, statuses: { eq: "x" } } }],
  ["a variable's list", CREATE, { input: { lines: [{ sk: "x", quantit: 1 }] } }],
  ["a variable of the wrong type", LIST, { filter: [1], orderBy: { totall: "ASC" } }],
  ["a variable used for something else", "query ($x: Int) { orders(filter: $x) { nodes { id } } }"],
  [
    "one of several writes",
    "mutation { transactOrders(operations: [{ creat: {}, updat: {} }]) { id } }",
  ],
  [
    "a fragment on another type",
    "{ orders { nodes { ... on Order { id ... on Cart { lines { id } } } } } }",
  ],
  ["quotes in a variable's names", CREATE, { input: { 'a"b': 1, 'statu"': "x" } }],
  ["introspection", '{ __type(name: "Order") { fields { name } } }'],
])(
  "with introspection off, errors name nothing that was not asked for: %s",
  async (_name, query, variables = {}) => {
    const manager = await gateway.as("contoso-manager");
    const { errors } = await manager.post(query, variables);
    expect(errors.length).toBeGreaterThan(0);
    const asked = query + JSON.stringify(variables);
    for (const { message } of errors) {
      const named = message.match(HIDDEN) ?? [];
      expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(asked))).toEqual([]);
      expect(message).not.toMatch(/did you mean/i);
    }
  },
);

test("what was asked for is still named", async () => {
  const manager = await gateway.as("contoso-manager");
  const { errors } = await manager.post(CREATE, { input: { statu: "OPEN" } });
  expect(errors.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('Field "statu" is not defined by type "OrderInput".'),
  );
});
