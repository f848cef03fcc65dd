import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadModel } from "../../src/model/load-model.ts";
import type { Model } from "../../src/model/model.ts";
import { faultsOf } from "./faults-of.ts";

function load(text: string): Model {
  return loadModel([{ path: "m.graphql", text }]);
}

/** A type that is sound, with more fields and types to be tested. */
const sound = (fields = "", more = "") =>
  `type Order @container(name: "orders") { id: ID! tenantId: String! @partitionKey ${fields} }\n${more}`;

test("reads the sample model", () => {
  const model = load(readFileSync("schema/shop.model.graphql", "utf8"));
  expect([...model.types.keys()]).toEqual(["Order", "Product", "Cart"]);
  expect([...model.embeddedTypes.keys()]).toEqual(["OrderLine", "CartLine"]);
  expect(model.types.get("Order")).toMatchObject({
    description: "An order of one tenant.",
    container: "orders",
    discriminator: { property: "type", value: "order" },
    partitionKey: [{ name: "tenantId", path: ["tenantId"] }],
  });
  expect(model.enums.get("OrderStatus")?.values.map(({ name }) => name)).toEqual([
    "OPEN",
    "PAID",
    "SHIPPED",
  ]);
});

test("the examples of docs/model.md are sound models", () => {
  const page = readFileSync("docs/model.md", "utf8");
  const examples = [...page.matchAll(/^```graphql\n([\s\S]*?)^```/gm)].map(
    ([, text]) => text ?? "",
  );
  expect(examples.map((example) => [...load(example).types.keys()])).toEqual([
    ["Order", "Customer"],
    ["Site"],
    ["Invoice", "Letter", "Person"],
    ["Customer", "Order"],
  ]);
});

test("reads lists, nullability, stored names, deprecations and levels", () => {
  const model = load(`
    type Visit @container(name: "v") {
      id: ID!
      year: Int! @partitionKey(level: 1)
      region: String! @partitionKey @name(is: "the \\"region\\"")
      tags: [String!]
      grid: [[Float!]!]!
      loose: [Int]
      old: String @deprecated(reason: "use tags")
      self: Part
    }
    type Part { parts: [Part!] inner: Part }
  `);
  const visit = model.types.get("Visit");
  expect(visit?.partitionKey.map(({ path }) => path)).toEqual([['the "region"'], ["year"]]);
  const typeOf = (name: string) => visit?.fields.find((field) => field.name === name)?.type;
  expect(typeOf("tags")).toEqual({
    kind: "scalar",
    name: "String",
    listDepth: 1,
    nullable: true,
    nullableItems: false,
  });
  expect(typeOf("grid")).toEqual({
    kind: "scalar",
    name: "Float",
    listDepth: 2,
    nullable: false,
    nullableItems: false,
  });
  expect(typeOf("loose")).toMatchObject({ listDepth: 1, nullable: true, nullableItems: true });
  expect(typeOf("self")).toMatchObject({ kind: "embedded", name: "Part" });
  expect(visit?.fields.find(({ name }) => name === "old")?.deprecationReason).toBe("use tags");
});

test("reads references, which are not stored", () => {
  const model = load(
    sound(
      'aId: ID a: Order @reference(id: "aId", partitionKey: "tenantId") bIds: [ID!]! b: [Order]! @reference(id: "bIds")',
    ),
  );
  const order = model.types.get("Order");
  expect(order?.fields.map(({ name }) => name)).toEqual(["id", "tenantId", "aId", "bIds"]);
  expect(order?.references).toMatchObject([
    {
      name: "a",
      target: "Order",
      isList: false,
      idField: { name: "aId" },
      partitionKeyFields: [{ name: "tenantId" }],
    },
    { name: "b", isList: true, nullable: false, nullableItems: true, partitionKeyFields: [] },
  ]);
});

test("the model is frozen", () => {
  const order = load(sound()).types.get("Order");
  expect(Object.isFrozen(order)).toBe(true);
  expect(Object.isFrozen(order?.fields[0]?.type)).toBe(true);
});

test("types of several files make one model, and a file of comments is none", () => {
  const model = loadModel([
    { path: "a", text: sound("status: Status") },
    { path: "b", text: "enum Status { OPEN }" },
    { path: "c", text: "# nothing yet\n" },
  ]);
  expect(model.enums.has("Status")).toBe(true);
});

test("known scalars and directives may be declared, for editors", () => {
  expect(
    faultsOf(
      sound("", "scalar DateTime\ndirective @partitionKey(level: Int = 0) on FIELD_DEFINITION"),
    ),
  ).toEqual([]);
});

test("two types may share a container through a discriminator", () => {
  const shared = (name: string, value: string) =>
    `type ${name} @container(name: "c", discriminator: { field: "type", value: "${value}" }) { id: ID! p: String! @partitionKey }`;
  expect(faultsOf(`${shared("A", "a")} ${shared("B", "b")}`)).toEqual([]);
});

describe("a fault says where it is and what to write instead", () => {
  const faulty: readonly (readonly [string, string, RegExp])[] = [
    [
      "SDL that isn't SDL",
      "type Order {",
      /^m0\.graphql:1:13: This is not GraphQL SDL: Expected Name/,
    ],
    [
      "no types at all",
      "enum A { B }",
      /^m0\.graphql:1:1: No type is stored.*@container\(name: "orders"\)/,
    ],
    [
      "an unknown directive",
      sound("a: Int @foo"),
      /^m0\.graphql:1:88: Unknown directive @foo\. .*@partitionKey/,
    ],
    [
      "a directive in the wrong place",
      sound('a: Int @container(name: "a")'),
      /@container belongs on a type or an interface or a union, not on a field/,
    ],
    ["a directive twice", sound('a: Int @name(is: "b") @name(is: "c")'), /twice/],
    [
      "an unknown argument",
      sound('a: Int @name(as: "b")'),
      /no argument "as".*@name\(is: "stored_name"\)/,
    ],
    [
      "an argument that is missing",
      sound("", "type A @container { id: ID! a: ID! @partitionKey }"),
      /@container needs "name"/,
    ],
    [
      "an argument of another type",
      sound("a: Int @name(is: 3)"),
      /@name\(is: 3\) should be a string/,
    ],
    ["an empty name", sound('a: Int @name(is: "")'), /should be a string that is not empty/],
    [
      "half a discriminator",
      `type A @container(name: "a", discriminator: { field: "t" }) { id: ID! a: ID! @partitionKey }`,
      /should be an object with "field"/,
    ],
    ["an unknown type", sound("a: Strin"), /Unknown type "Strin".*scalars ID, String, .*Long/],
    ["a type in other letters", sound("a: datetime"), /Did you mean "DateTime"\?/],
    [
      "an unsupported scalar",
      sound("", "scalar Money"),
      /Scalar "Money" is not supported\. Use one of ID, /,
    ],
    [
      "no id",
      `type A @container(name: "a") { a: ID! @partitionKey }`,
      /"A" has no id\. Add the field "id: ID!"/,
    ],
    [
      "an id of another type",
      `type A @container(name: "a") { id: Int! a: ID! @partitionKey }`,
      /Write the field as "id: ID!"/,
    ],
    [
      "a nullable id",
      `type A @container(name: "a") { id: ID a: ID! @partitionKey }`,
      /Write the field as "id: ID!"/,
    ],
    [
      "an id stored elsewhere",
      `type A @container(name: "a") { id: ID! @name(is: "key") a: ID! @partitionKey }`,
      /Write the field as "id: ID!"/,
    ],
    [
      "something else stored as id",
      sound('key: ID @name(is: "id")'),
      /"key" can't be stored as "id"|both stored as "id"/,
    ],
    [
      "no partition key",
      `type A @container(name: "a") { id: ID! }`,
      /"A" has no partition key\. .*"tenantId: String! @partitionKey"/,
    ],
    [
      "a nullable partition key",
      `type A @container(name: "a") { id: ID! a: Int @partitionKey }`,
      /Write "a: Int!"/,
    ],
    [
      "a partition key that can't be",
      `type A @container(name: "a") { id: ID! a: [Int!]! @partitionKey }`,
      /string, a number or a boolean/,
    ],
    [
      "a JSON partition key",
      `type A @container(name: "a") { id: ID! a: JSON! @partitionKey }`,
      /string, a number or a boolean/,
    ],
    [
      "a gap in the levels",
      `type A @container(name: "a") { id: ID! a: ID! @partitionKey(level: 1) }`,
      /no level 0/,
    ],
    ["a level twice", sound("b: ID! @partitionKey"), /both level 0.*level: 1/],
    ["too many levels", sound("b: ID! @partitionKey(level: 3)"), /levels 0 to 2, not 3/],
    [
      "a partition key with an argument's name",
      `type A @container(name: "a") { id: ID! first: ID! @partitionKey }`,
      /"first" is one already/,
    ],
    ["a system property", sound("_etag: String"), /"_etag" is Cosmos DB's own/],
    [
      "a stored system property",
      sound('tag: String @name(is: "_etag")'),
      /can't be stored as "_etag"/,
    ],
    ["a name of GraphQL's", sound("__a: Int"), /two underscores/],
    ["a name that combines filters", sound("or: Int"), /combines conditions.*@name\(is: "or"\)/],
    ["a field twice", sound("a: Int a: Int"), /has a field "a" already/],
    ["a stored name twice", sound('a: Int b: Int @name(is: "a")'), /both stored as "a"/],
    ["a field with arguments", sound("a(b: Int): Int"), /can't have arguments/],
    ["a type twice", sound("", "enum Order { A }"), /defined already, at m0\.graphql:1/],
    ["a type without fields", sound("", "type A"), /"A" has no fields/],
    ["an enum without values", sound("", "enum A"), /no values/],
    [
      "mixed nullability in lists",
      sound("a: [[Int!]]"),
      /Write all of them alike, such as \[\[Int!\]!\]!/,
    ],
    [
      "a stored type inside an item",
      sound("a: Other", `type Other @container(name: "o") { id: ID! a: ID! @partitionKey }`),
      /"aId: ID!"/,
    ],
    [
      "an embedded type with a partition key",
      sound("", "type A { a: ID! @partitionKey }"),
      /Mark the field that holds it in the stored type: @partitionKey\(field: "a"\)/,
    ],
    [
      "an embedded type that must hold itself",
      sound("", "type A { b: B! } type B { a: A! }"),
      /without end/,
    ],
    [
      "a shared container without discriminator",
      sound("", `type A @container(name: "orders") { id: ID! tenantId: ID! @partitionKey }`),
      /"Order" and "A" share the container "orders", so each needs a discriminator/,
    ],
    [
      "a discriminator that is a field",
      `type A @container(name: "a", discriminator: { field: "kind", value: "a" }) { id: ID! a: ID! @partitionKey kind: String }`,
      /"kind" is the discriminator/,
    ],
    [
      "operations of one name",
      sound("", `type Orders @container(name: "o") { id: ID! a: ID! @partitionKey }`),
      /The query "orders" would not be unique/,
    ],
    [
      "a generated type's name",
      sound("", "type OrderInput { a: Int }"),
      /The type "OrderInput" would not be unique/,
    ],
    [
      "a name of the API",
      sound("", "type PageInfo { a: Int }"),
      /"PageInfo" would not be unique: the API itself/,
    ],
    [
      "an operation of the API",
      `type Viewer2 @container(name: "v") { id: ID! a: ID! @partitionKey } type viewer @container(name: "w") { id: ID! a: ID! @partitionKey }`,
      /The query "viewer" would not be unique/,
    ],
    ["Query", sound("", "type Query { a: Int }"), /"Query" would not be unique/],
    ["an input type", sound("", "input A { a: Int }"), /Input types are generated/],
    ["a schema definition", sound("", "schema { query: Order }"), /Remove this/],
    ["a directive definition", sound("", "directive @mine on OBJECT"), /can't define directives/],
  ];

  test.each(faulty)("%s", (_name, text, message) => {
    const faults = faultsOf(text);
    expect(faults.join("\n")).toMatch(message);
    expect(faults[0]).toMatch(/^m0\.graphql:\d+:\d+: [A-Z"@_]/);
  });

  test("a discriminator of another field, or with one value twice", () => {
    const type = (name: string, field: string, value: string) =>
      `type ${name} @container(name: "c", discriminator: { field: "${field}", value: "${value}" }) { id: ID! p: String! @partitionKey }`;
    expect(faultsOf(type("A", "t", "a") + type("B", "u", "b")).join()).toMatch(
      /different discriminator fields/,
    );
    expect(faultsOf(type("A", "t", "a") + type("B", "t", "a")).join()).toMatch(/Give each its own/);
  });

  test("types that share a container but not its partition key", () => {
    const type = (name: string, key: string) =>
      `type ${name} @container(name: "c", discriminator: { field: "t", value: "${name}" }) { id: ID! ${key}: String! @partitionKey }`;
    expect(faultsOf(type("A", "p") + type("B", "q")).join()).toMatch(/\/p against \/q/);
  });
});

test("every fault of every file is told at once, in their order", () => {
  const faults = faultsOf(
    'type A @container(name: "a") {\n  id: Int!\n  a: Strin! @partitionKey\n  b: Int @foo\n}',
    "type {",
  );
  expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
    "m0.graphql:2:3:",
    "m0.graphql:3:6:",
    "m0.graphql:4:10:",
    "m1.graphql:1:6:",
  ]);
});

test("what is there but wrong is not told to be missing too", () => {
  const faults = faultsOf(`type A @container(name: "a") { id: Foo! a: Bar! @partitionKey }`);
  expect(faults).toHaveLength(2);
});
