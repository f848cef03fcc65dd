import { expect, test } from "vitest";
import { operationNames, pluralize } from "../../src/model/operation-names.ts";

test("the operations of Order", () => {
  expect(operationNames("Order")).toEqual({
    pointRead: "order",
    list: "orders",
    create: "createOrder",
    upsert: "upsertOrder",
    replace: "replaceOrder",
    patch: "patchOrder",
    delete: "deleteOrder",
    createMany: "createOrders",
    deleteMany: "deleteOrders",
    transact: "transactOrders",
    aggregate: "ordersAggregate",
  });
});

test.each([
  ["OrderLine", "orderLine", "orderLines"],
  ["SKU", "sku", "skus"],
  ["URLMap", "urlMap", "urlMaps"],
  ["order", "order", "orders"],
])("%s is read as %s and listed as %s", (type, pointRead, list) => {
  expect(operationNames(type)).toMatchObject({ pointRead, list });
});

test.each([
  ["category", "categories"],
  ["day", "days"],
  ["box", "boxes"],
  ["news", "newses"],
  ["match", "matches"],
  ["dish", "dishes"],
  ["quiz", "quizes"],
])("the plural of %s is %s", (noun, plural) => {
  expect(pluralize(noun)).toBe(plural);
});
