import { expect, test } from "vitest";
import { loadModel } from "../../src/model/load-model.ts";
import { faultsOf } from "./faults-of.ts";

const model = (field: string, orderFields = "customerId: ID!") => `
type Customer @container(name: "people") { id: ID! tenantId: String! @partitionKey ${field} }
type Order @container(name: "orders") { id: ID! tenantId: String! @partitionKey ${orderFields} }
`;

test("reads reverse references, which are not stored", () => {
  const text = model(
    'orders: [Order!]! @reference(from: "customerId", partitionKey: "tenantId") "Seen by." seen: [Order!] @reference(from: "seenBy") @deprecated',
    "customerId: ID! seenBy: [String!]",
  );
  const customer = loadModel([{ path: "m", text }]).types.get("Customer");
  expect(customer?.fields.map(({ name }) => name)).toEqual(["id", "tenantId"]);
  expect(customer?.references).toEqual([]);
  expect(customer?.reverseReferences).toMatchObject([
    {
      name: "orders",
      target: "Order",
      nullable: false,
      fromField: { name: "customerId" },
      partitionKeyFields: [{ name: "tenantId" }],
    },
    {
      name: "seen",
      description: "Seen by.",
      deprecationReason: "No longer supported",
      nullable: true,
      partitionKeyFields: [],
    },
  ]);
});

test.each([
  ["neither id nor from", "orders: [Order!]! @reference", /needs either "id".*or "from"/],
  [
    "both id and from",
    'orders: [Order!]! @reference(id: "tenantId", from: "customerId")',
    /needs either "id".*or "from"/,
  ],
  ["a single item", 'order: Order @reference(from: "customerId")', /Write "order: \[Order!\]!"/],
  ["nulls in it", 'orders: [Order] @reference(from: "customerId")', /Write "orders: \[Order!\]!"/],
  ["an unknown field", 'orders: [Order!]! @reference(from: "buyer")', /names no field of "Order"/],
  ["a field of no id", 'orders: [Order!]! @reference(from: "total")', /names no field of "Order"/],
  [
    "another partition key",
    'orders: [Order!]! @reference(from: "customerId", partitionKey: ["id", "tenantId"])',
    /one a level and of the same type/,
  ],
  [
    "a type that isn't stored",
    'lines: [Line!]! @reference(from: "customerId")',
    /refers to "Line", which has no @container/,
  ],
  [
    "a stored name",
    'orders: [Order!]! @reference(from: "customerId") @name(is: "o")',
    /is not stored, so it can't have @name/,
  ],
])("a reverse reference is refused: %s", (_name, field, message) => {
  const text = `${model(field, "customerId: ID! total: Int!")} type Line { customerId: ID! }`;
  const faults = faultsOf(text);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(message);
});
