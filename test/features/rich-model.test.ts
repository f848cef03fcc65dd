import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SeedDatabase } from "../../src/emulator/start-emulator.ts";
import { itemRequests } from "../emulator-controls.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const MODEL = `
enum Phase { OPEN SHUT }

type Meter @container(name: "meters") {
  id: ID!
  district: Int! @partitionKey
  phase: Phase!
  select: String
  from: Int @name(is: "value")
  where: Clause @name(is: "order by")
  constructor: [String!]
  toString: String @name(is: "__proto__")
  null: Boolean
}
type Clause { group: String  and_: String @name(is: "AND")  inner: [Clause!] }

type Reading @container(name: "readings") {
  id: ID!
  site: Site! @partitionKey(field: "country")
  isIndoor: Boolean! @partitionKey(level: 1)
  meterId: ID!
  value: Float!
}
type Site { country: String! }

type Customer @container(name: "customers") {
  id: ID!
  tenantId: String! @partitionKey
  name: String!
  orders: [Order!] @reference(from: "customerId", partitionKey: "tenantId")
}

"Something that a customer was sent."
interface Document @container(name: "documents") {
  id: ID!
  customerId: ID!
  customer: Customer
  total: Float!
}
union Payable @container(name: "documents") = Order | Invoice

type Order implements Document
    @container(name: "documents", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  customerId: ID!
  customer: Customer @reference(id: "customerId", partitionKey: "tenantId")
  total: Float!
  phase: Phase!
}
type Invoice implements Document
    @container(name: "documents", discriminator: { field: "type", value: "invoice" }) {
  id: ID!
  tenantId: String! @partitionKey
  customerId: ID!
  customer: Customer @reference(id: "customerId", partitionKey: "tenantId")
  total: Float!
  due: Date!
}
`;

const PROFILES = `
profiles:
  - name: inspector
    when: { roles: inspector }
    cosmosUser: "inspector:{district}:{country}"
    permissions:
      - { container: meters, partitionKey: ["{district}"], mode: All }
      - { container: readings, partitionKey: ["{country}", true], mode: Read }
  - name: clerk
    when: { roles: clerk }
    cosmosUser: "clerk:{tid}"
    permissions:
      - { container: customers, partitionKey: ["{tid}"], mode: All }
      - { container: documents, partitionKey: ["{tid}"], mode: All }
  - name: host
    when: { roles: host }
    cosmosUser: "host:{tid}"
    permissions:
      - { container: customers, partitionKey: ["{tid}"], mode: Read }
`;

const tenants = ["contoso", "fabrikam"];
const DATABASE: SeedDatabase = {
  id: "rich",
  containers: [
    {
      id: "meters",
      partitionKey: { paths: ["/district"] },
      items: [
        { id: "m1", district: 7, phase: "OPEN", select: "*", value: 3, "order by": { group: "a" } },
        { id: "m2", district: 7, phase: "SHUT", select: "x", null: true, constructor: ["c"] },
        { id: "m1", district: 70, phase: "SHUT", select: "of another district" },
        // Not the same partition: a text is no number.
        { id: "m3", district: "7", phase: "SHUT", select: "of a text" },
      ],
    },
    {
      id: "readings",
      partitionKey: { paths: ["/site/country", "/isIndoor"], kind: "MultiHash" },
      items: ["DE", "FR"].flatMap((country) =>
        [true, false].map((isIndoor, index) => ({
          id: "r1",
          site: { country },
          isIndoor,
          meterId: "m1",
          value: index + 1,
        })),
      ),
    },
    {
      id: "customers",
      partitionKey: { paths: ["/tenantId"] },
      items: tenants.flatMap((tenantId) =>
        Array.from({ length: 20 }, (_, index) => ({
          id: `c${String(index).padStart(2, "0")}`,
          tenantId,
          name: `${tenantId} ${index}`,
        })),
      ),
    },
    {
      id: "documents",
      partitionKey: { paths: ["/tenantId"] },
      items: tenants.flatMap((tenantId) => [
        ...Array.from({ length: 60 }, (_, index) => ({
          id: `o${String(index).padStart(2, "0")}`,
          type: "order",
          tenantId,
          customerId: `c${String(index % 20).padStart(2, "0")}`,
          total: index,
          phase: index % 2 === 0 ? "OPEN" : "SHUT",
        })),
        { id: "i1", type: "invoice", tenantId, customerId: "c01", total: 100, due: "2026-12-01" },
        { id: "x1", type: "leaflet", tenantId, customerId: "c01", total: 200 },
      ]),
    },
  ],
};

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    model: MODEL,
    database: DATABASE,
    configure: (yaml) =>
      yaml.replace(/^profiles:[\s\S]*?(?=^\w+:)(?!profiles)/m, `${PROFILES.trimStart()}\n`),
  });
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.forgetRequests());

const inspector = () =>
  gateway.as({ sub: "ines", roles: ["inspector"], district: 7, country: "DE" });
const clerk = (tid = "contoso") => gateway.as({ sub: "carl", roles: ["clerk"], tid });

async function itemsSent() {
  return itemRequests(await gateway.requests());
}

describe("a number as partition key", () => {
  test("is one partition, and neither another number's nor a text's", async () => {
    const { post } = await inspector();
    const { data, errors } = await post(
      `{ meters { nodes { id district select } totalCount } named: meter(id: "m1", district: 7) { select } m3: meter(id: "m3") { id } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      meters: {
        totalCount: 2,
        nodes: [
          { id: "m1", district: 7, select: "*" },
          { id: "m2", district: 7, select: "x" },
        ],
      },
      named: { select: "*" },
      m3: null,
    });
    expect(errorCodes(await post(`{ meter(id: "m1", district: 70) { id } }`))).toEqual([
      "FORBIDDEN",
    ]);
    for (const { partitionKey, status } of await itemsSent()) {
      expect([partitionKey, status]).not.toEqual([["7"], 200]);
    }
  });
});

describe("field names that are keywords of SQL or of JavaScript", () => {
  test("are read, filtered and ordered by", async () => {
    const { post } = await inspector();
    const { data, errors } = await post(`{
      meters(
        filter: { select: { in: ["*", "x"] }, or: [{ from: { gt: 2 } }, { null: { eq: true } }] }
        orderBy: [{ select: DESC }]
      ) { nodes { id select from where { group } constructor toString null phase } }
      grouped: meters(filter: { where: { group: { eq: "a" } } }) { totalCount }
      shut: meters(filter: { phase: { eq: SHUT } }) { nodes { id } }
    }`);
    expect(errors).toEqual([]);
    const empty = { from: null, where: null, constructor: null, toString: null, null: null };
    expect(data).toEqual({
      meters: {
        nodes: [
          { id: "m2", select: "x", phase: "SHUT", ...empty, constructor: ["c"], null: true },
          { id: "m1", select: "*", phase: "OPEN", ...empty, from: 3, where: { group: "a" } },
        ],
      },
      grouped: { totalCount: 1 },
      shut: { nodes: [{ id: "m2" }] },
    });
  });

  test("are written and read back, recursive objects included", async () => {
    const { post } = await inspector();
    const input = {
      id: "m9",
      district: 7,
      phase: "OPEN",
      select: "SELECT * FROM c",
      from: 1,
      where: { group: "g", and_: "a", inner: [{ group: "h", inner: [{ and_: "deep" }] }] },
      constructor: [],
      toString: "text",
    };
    const { data, errors } = await post(
      `mutation ($input: MeterInput!) {
        createMeter(input: $input) { id district phase select from where { group and_ inner { group inner { and_ } } } constructor toString }
        patchMeter(id: "m9", patch: { set: { where: { group: null } }, unset: [select] }) { select where { group and_ } }
        deleteMeter(id: "m9")
      }`,
      { input },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      createMeter: input,
      patchMeter: { select: null, where: { group: null, and_: "a" } },
      deleteMeter: "m9",
    });
  });
});

test("a boolean inside a hierarchical key, behind a key in an object, is the permission's", async () => {
  const { post } = await inspector();
  const { data, errors } = await post(
    `{ readings { nodes { site { country } isIndoor value } } reading(id: "r1", siteCountry: "DE", isIndoor: true) { value } }`,
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    readings: { nodes: [{ site: { country: "DE" }, isIndoor: true, value: 1 }] },
    reading: { value: 1 },
  });
  const outside = await post(`{ reading(id: "r1", siteCountry: "DE", isIndoor: false) { value } }`);
  expect(errorCodes(outside)).toEqual(["FORBIDDEN"]);
  expect((await itemsSent()).map(({ partitionKey }) => partitionKey)).toEqual([
    ["DE", true],
    ["DE", true],
  ]);
});

describe("interfaces and unions", () => {
  test("one query gives the items of all types, with the fields of each", async () => {
    const { post } = await clerk();
    const { data, errors } = await post(`{
      documents(filter: { total: { gte: 59 } }, orderBy: [{ total: DESC }]) {
        totalCount
        nodes { __typename id total customer { name } ... on Order { phase } ... on Invoice { due } }
      }
    }`);
    expect(errors).toEqual([]);
    expect(data).toEqual({
      documents: {
        totalCount: 2,
        nodes: [
          {
            __typename: "Invoice",
            id: "i1",
            total: 100,
            customer: { name: "contoso 1" },
            due: "2026-12-01",
          },
          {
            __typename: "Order",
            id: "o59",
            total: 59,
            customer: { name: "contoso 19" },
            phase: "SHUT",
          },
        ],
      },
    });
    // The rows, their count, and the customers.
    expect(await itemsSent()).toHaveLength(3);
  });

  test("a point read tells the type, and is of the caller's partition", async () => {
    const { post } = await clerk("fabrikam");
    const { data, errors } = await post(
      `{ payable(id: "i1") { __typename ... on Invoice { tenantId due } } document(id: "x1") { id } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      payable: { __typename: "Invoice", tenantId: "fabrikam", due: "2026-12-01" },
      document: null,
    });
    expect(errorCodes(await post(`{ payables(tenantId: "contoso") { totalCount } }`))).toEqual([
      "FORBIDDEN",
    ]);
  });
});

describe("reverse references", () => {
  test("the orders of 20 customers are one request more", async () => {
    const { post } = await clerk();
    const { data, errors } = await post<{
      customers: { nodes: { id: string; orders: { total: number }[] }[] };
    }>(`{ customers { nodes { id orders(orderBy: [{ total: DESC }], first: 2) { total } } } }`);
    expect(errors).toEqual([]);
    expect(data?.customers.nodes).toHaveLength(20);
    expect(data?.customers.nodes[3]).toEqual({
      id: "c03",
      orders: [{ total: 43 }, { total: 23 }],
    });
    const sent = await itemsSent();
    expect(sent).toHaveLength(2);
    expect(sent[1]?.path).toContain("documents");
    expect(sent[1]?.authorization).toBe("resource");
  });

  test("without a permission on their container they are refused, and the rest stays", async () => {
    const { post } = await gateway.as({ sub: "hugo", roles: ["host"], tid: "contoso" });
    const answer = await post(`{ customer(id: "c00") { name orders { id } } }`);
    expect(answer.data).toEqual({ customer: { name: "contoso 0", orders: null } });
    expect(errorCodes(answer)).toEqual(["FORBIDDEN"]);
  });
});
