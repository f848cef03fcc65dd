import { describe, expect, test } from "vitest";
import { describeField } from "../../../src/graphql/classes/describe-field.ts";
import { withArticle } from "../../../src/graphql/classes/with-article.ts";

test.each([
  [
    "a",
    ["Product", "User", "Unit", "Union", "Usage", "Euro", "OneTimeCode", "URL", "UIState", "B2B"],
  ],
  ["an", ["Order", "Invoice", "Update", "UnimportantThing", "Usher", "Hour", "SKU", "HTTPRequest"]],
])("the article %s goes by the sound of a name", (article, names) => {
  expect(names.map(withArticle)).toEqual(names.map((name) => `${article} ${name}`));
});

describe("a field without a description is described by its name and type", () => {
  const described = (name: string, type: string, owner: string, listDepth = 0) =>
    describeField(
      {
        name,
        storedName: name,
        description: undefined,
        deprecationReason: undefined,
        type: { kind: "scalar", name: type, listDepth, nullable: true, nullableItems: false },
      },
      owner,
    );

  test.each([
    ["id", "ID", "Order", "The order's id."],
    ["customerId", "ID", "Order", "The order's customer id."],
    ["unitPrice", "Float", "OrderLine", "The order line's unit price."],
    ["SKUCode", "String", "SKUGroup", "The SKU group's SKU code."],
    ["line_1", "String", "Address", "The address's line 1."],
    ["createdAt", "DateTime", "Order", "When the order was created."],
    ["paidOn", "Date", "Order", "When the order was paid."],
    ["expiresAt", "DateTime", "Cart", "When the cart expires."],
    ["deadline", "Date", "Order", "The order's deadline."],
    ["isOpen", "Boolean", "Order", "Whether the order is open."],
    ["hasParts", "Boolean", "Order", "Whether the order has parts."],
    ["urgent", "Boolean", "Order", "Whether the order is urgent."],
    ["_", "Int", "Order", "The order's `_`."],
  ])("%s: %s of %s", (name, type, owner, text) => {
    expect(described(name, type, owner)).toBe(text);
  });

  test("the model's own description goes first", () => {
    const field = {
      name: "id",
      storedName: "id",
      description: "Its number.",
      deprecationReason: undefined,
      type: { kind: "scalar", name: "ID", listDepth: 0, nullable: false, nullableItems: false },
    } as const;
    expect(describeField(field, "Order")).toBe("Its number.");
  });
});
