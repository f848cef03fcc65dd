import { expect, test } from "vitest";
import { faultsOf } from "./faults-of.ts";

const type = (name: string) =>
  `type ${name} @container(name: "${name}") { id: ID! key: String! @partitionKey note: String }`;

test.each([
  ["Orders", 'The mutation "createOrders" would not be unique'],
  ["OrderPatchOperation", 'The type "OrderPatchOperation" would not be unique'],
  ["OrderCreate", 'The type "OrderCreateOperation" would not be unique'],
])(
  "a name that a transaction or a write of many makes is taken: %s beside Order",
  (other, fault) => {
    expect(faultsOf(`${type("Order")} ${type(other)}`).join("\n")).toContain(fault);
    expect(faultsOf(`${type("Order")} ${type("Invoice")}`)).toEqual([]);
  },
);
