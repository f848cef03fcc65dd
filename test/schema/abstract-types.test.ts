import { expect, test } from "vitest";
import { loadModel } from "../../src/model/load-model.ts";
import { faultsOf } from "./faults-of.ts";

const stored = (name: string, fields = "", head = "implements Paper") =>
  `type ${name} ${head} @container(name: "papers", discriminator: { field: "kind", value: "${name}" }) { id: ID! tenantId: String! @partitionKey ${fields} }`;
const paper = (fields = "", directive = '@container(name: "papers")') =>
  `interface Paper ${directive} { id: ID! ${fields} }`;

test("an interface has its fields, stored as its types store them, and their partition key", () => {
  const model = loadModel([
    {
      path: "m",
      text: `"Any paper." ${paper("title: String other: A")}
        ${stored("A", 'title: String! @name(is: "heading") otherId: ID other: A @reference(id: "otherId")')}
        ${stored("B", 'title: String @name(is: "heading") otherId: ID other: A @reference(id: "otherId")')}`,
    },
  ]);
  expect(model.abstractTypes.get("Paper")).toMatchObject({
    kind: "interface",
    description: "Any paper.",
    container: "papers",
    discriminatorProperty: "kind",
    members: [{ name: "A" }, { name: "B" }],
    partitionKey: [{ name: "tenantId" }],
    fields: [{ name: "id" }, { name: "title", storedName: "heading", type: { nullable: true } }],
    references: [{ name: "other", target: "A", isList: false }],
  });
});

test("a union has what its types have alike, nullable where it is in one of them", () => {
  const text = `union Any @container(name: "papers") = A | B
    ${stored("A", "title: String! total: Int! only: Int", "")}
    ${stored("B", "title: String total: Float! tags: [String!]", "")}
    ${stored("C", "", "")}`;
  const any = loadModel([{ path: "m", text }]).abstractTypes.get("Any");
  expect(any?.members.map(({ name }) => name)).toEqual(["A", "B"]);
  expect(any?.fields.map(({ name, type }) => [name, type.nullable])).toEqual([
    ["id", false],
    ["tenantId", false],
    ["title", true],
  ]);
});

const other = `type Other @container(name: "others", discriminator: { field: "kind", value: "x" }) { id: ID! tenantId: String! @partitionKey }`;

test.each([
  ["no container", `${paper("", "")} ${stored("A")}`, /"Paper" needs .*name: "papers"/],
  [
    "a discriminator",
    `${paper("", '@container(name: "papers", discriminator: { field: "a", value: "b" })')} ${stored("A")}`,
    /have their discriminators themselves/,
  ],
  ["no types", `${paper()} ${stored("A", "", "")}`, /"Paper" has no types\. Let one implement/],
  [
    "types of another container",
    `union U @container(name: "papers") = A | Other ${stored("A", "", "")} ${other}`,
    /"U" is over the container "papers", but "Other" is in "others"/,
  ],
  [
    "a type without discriminator",
    `union U @container(name: "p") = A type A @container(name: "p") { id: ID! a: ID! @partitionKey }`,
    /"A" needs a discriminator, for "U"/,
  ],
  [
    "partition keys of other names",
    `${paper()} ${stored("A")} type B implements Paper @container(name: "papers", discriminator: { field: "kind", value: "b" }) { id: ID! owner: String! @partitionKey @name(is: "tenantId") }`,
    /"A" has it as \(tenantId: String\) and "B" as \(owner: String\)/,
  ],
  [
    "no id",
    `interface Paper @container(name: "papers") { a: Int } ${stored("A", "a: Int")}`,
    /"id: ID!"/,
  ],
  ["a field that is missing", `${paper("a: Int")} ${stored("A")}`, /Add "a: Int" there/],
  [
    "a field of another type",
    `${paper("a: [Int!]!")} ${stored("A", "a: [Int!]")}`,
    /"Paper.a" is \[Int!\]!, but "A.a" is \[Int!\]/,
  ],
  [
    "a field stored under two names",
    `${paper("a: Int")} ${stored("A", "a: Int")} ${stored("B", 'a: Int @name(is: "b")')}`,
    /stored as "a" in "A" and as "b" in "B"/,
  ],
  [
    "a directive of stored fields",
    `${paper('a: Int @name(is: "b")')} ${stored("A", "a: Int")}`,
    /@name belongs on a field, not on an interface field/,
  ],
  ["an unknown interface", stored("A"), /Unknown interface "Paper"/],
  [
    "an embedded type that implements",
    `${paper()} ${stored("A")} type E implements Paper { id: ID! }`,
    /"E" has no @container, and interfaces are for stored types/,
  ],
  [
    "an interface that implements",
    `${paper()} interface P2 implements Paper @container(name: "papers") { id: ID! } ${stored("A", "", "implements Paper & P2")}`,
    /"P2" can't implement another/,
  ],
  [
    "a union of something else",
    `union U @container(name: "papers") = A | E ${stored("A", "", "")} enum E { X }`,
    /"E" is no type with a @container/,
  ],
  [
    "a field that holds one",
    `${paper()} ${stored("A", "paper: Paper")}`,
    /"Paper" stands for items of several types, so no field can hold it/,
  ],
  [
    "an operation's name",
    `${paper()} ${stored("A")} ${stored("Papers", "", "")}`,
    /The query "papers" would not be unique/,
  ],
  [
    "a generated type's name",
    `${paper()} ${stored("A")} type PaperEdge { a: Int }`,
    /"PaperEdge" would not be unique/,
  ],
])("an interface or union is refused: %s", (_name, text, message) => {
  expect(faultsOf(text).join("\n")).toMatch(message);
});
