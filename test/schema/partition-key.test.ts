import { expect, test } from "vitest";
import { containerFaults } from "../../src/model/container-faults.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { faultsOf } from "./faults-of.ts";

const SITES = `
type Site @container(name: "sites") {
  id: ID!
  address: Address! @name(is: "the address") @partitionKey(field: "country") @partitionKey(level: 1, field: "region.code")
  isActive: Boolean! @partitionKey(level: 2)
}
type Address { country: String! @name(is: "cc") region: Region! street: String }
type Region { code: Int! }
`;

test("levels may lie in objects, several in one", () => {
  const site = loadModel([{ path: "m", text: SITES }]).types.get("Site");
  expect(site?.partitionKey).toMatchObject([
    { name: "addressCountry", path: ["the address", "cc"], type: { name: "String" } },
    {
      name: "addressRegionCode",
      path: ["the address", "region", "code"],
      fields: [{ name: "address" }, { name: "region" }, { name: "code" }],
      type: { name: "Int" },
    },
    { name: "isActive", path: ["isActive"], type: { name: "Boolean" } },
  ]);
});

const site = (directive: string, more = "") => `
type Site @container(name: "sites") { id: ID! address: Address! ${directive} ${more} }
type Address { country: String! city: String parts: [Part!]! inner: Inner geo: Geo! }
type Part { name: String! }
type Inner { code: String! }
type Geo { zone: String! }
`;

test.each([
  ["the object itself", "@partitionKey", /is an object, .*@partitionKey\(field: "country"\)/],
  ["an unknown field", '@partitionKey(field: "land")', /names no field "land" of "Address"/],
  ["a nullable field", '@partitionKey(field: "city")', /Write "city: String!"/],
  ["a list", '@partitionKey(field: "parts.name")', /looks into "parts", which is no single object/],
  ["a scalar", '@partitionKey(field: "country.code")', /looks into "country"/],
  ["a nullable object", '@partitionKey(field: "inner.code")', /so "inner" must be/],
  ["an inner object", '@partitionKey(field: "geo")', /"address.geo" is an object/],
  [
    "one level twice",
    '@partitionKey(field: "country") @partitionKey(field: "geo.zone")',
    /"address.country" and "address.geo.zone" are both level 0/,
  ],
])("a key in an object is refused: %s", (_name, directive, message) => {
  const faults = faultsOf(site(directive));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(message);
});

test("two levels can't be one argument", () => {
  const fields = "addressCountry: String! @partitionKey(level: 1)";
  expect(faultsOf(site('@partitionKey(field: "country")', fields)).join()).toMatch(
    /would be the argument "addressCountry"/,
  );
});

test("the model's paths are compared with the container's, in either way of writing", () => {
  const model = loadModel([{ path: "m", text: SITES }]);
  const faultsWith = (...partitionKeyPaths: readonly string[]) =>
    containerFaults(model, [{ id: "sites", partitionKeyPaths }]);
  expect(faultsWith('/"the address"/cc', '/"the address"/region/code', "/isActive")).toEqual([]);
  expect(faultsWith('/"the address"/"cc"', '/"the address"/"region"/code', '/"isActive"')).toEqual(
    [],
  );
  expect(faultsWith('/"the address"/country', '/"the address"/region/code', "/isActive")).toEqual([
    'Type Site has the partition key /"the address"/cc, /"the address"/region/code, /isActive, but its container "sites" has /"the address"/country, /"the address"/region/code, /isActive. Mark the fields of the container\'s paths with @partitionKey(level:, field:).',
  ]);
  expect(faultsWith("/cc", "/code", "/isActive")).toHaveLength(1);
});
