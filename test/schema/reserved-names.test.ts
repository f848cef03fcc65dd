import { expect, test } from "vitest";
import { faultsOf } from "./faults-of.ts";

const order = (fields = "", rest = "") =>
  `type Order @container(name: "orders") {\n  id: ID!\n  key: String! @partitionKey\n  ${fields}\n}\n${rest}`;
const member = (name: string, implemented = "") =>
  `type ${name} ${implemented} @container(name: "d", discriminator: { field: "t", value: "${name}" }) { id: ID! key: String! @partitionKey }\n`;

const KEPT = "can't start with two underscores: GraphQL keeps those names.";

test.each([
  ["an enum's value", order("s: S", "enum S { __A B }"), `m0.graphql:6:10: "__A" ${KEPT}`],
  ["an enum that nothing uses", order("", "enum __S { A }"), `m0.graphql:6:6: "__S" ${KEPT}`],
  ["a stored type", member("__Order"), `m0.graphql:1:6: "__Order" ${KEPT}`],
  ["an embedded type", order("e: __E", "type __E { a: Int }"), `m0.graphql:6:6: "__E" ${KEPT}`],
  ["a field", order("__f: Int"), `m0.graphql:4:3: "__f" ${KEPT}`],
  [
    "a field of an embedded type",
    order("e: E", "type E { __f: Int }"),
    `m0.graphql:6:10: "__f" ${KEPT}`,
  ],
  [
    "an interface",
    `interface __I @container(name: "d") { id: ID! }\n${member("A", "implements __I")}`,
    `m0.graphql:1:11: "__I" ${KEPT}`,
  ],
  ["a union", `${member("A")}union __U @container(name: "d") = A`, `m0.graphql:2:7: "__U" ${KEPT}`],
])("%s whose name begins with two underscores is refused at its place", (_what, text, fault) => {
  expect(faultsOf(text)).toEqual([fault]);
});

test("an argument that two names make begin with two underscores is refused", () => {
  const text = `type Site @container(name: "s") { id: ID! _: A! @partitionKey(field: "_x") }
type A { _x: String! }`;
  expect(faultsOf(text)).toEqual([expect.stringMatching(/^m0\.graphql:1:43: .*argument "__x"/)]);
});

test.each([
  [
    "enum value",
    order("s: S", "enum S { A B A }"),
    'm0.graphql:6:14: Enum "S" has the value "A" already. Keep one.',
  ],
  [
    "type of a union",
    `${member("A")}union U @container(name: "d") = A | A`,
    'm0.graphql:2:37: "U" has the type "A" already. Keep one.',
  ],
  [
    "interface of a type",
    `interface I @container(name: "d") { id: ID! }\n${member("A", "implements I & I")}`,
    'm0.graphql:2:23: "A" implements "I" already. Keep one.',
  ],
])("an %s that is there twice is refused", (_what, text, fault) => {
  expect(faultsOf(text)).toEqual([fault]);
});

test.each(["true", "false", "null"])("an enum value %s is refused", (value) => {
  expect(faultsOf(order("s: S", `enum S { A ${value} }`))).toEqual([
    expect.stringMatching(new RegExp(`^m0\\.graphql:6:12: .*"${value}" is reserved`)),
  ]);
});

test.each(["ids", "inputs"])("a partition-key field %s would hide an argument", (name) => {
  expect(
    faultsOf(`type Order @container(name: "o") { id: ID! ${name}: String! @partitionKey }`),
  ).toEqual([expect.stringContaining(`"${name}" is one already`)]);
});
