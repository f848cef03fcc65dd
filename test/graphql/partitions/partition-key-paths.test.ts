import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Site @container(name: "sites") {
  id: ID!
  name: String!
  address: Address! @partitionKey(field: "country")
}
type Address { country: String! @name(is: "the country") street: String  part: Part }
type Part { name: String!  parts: [Part!]  whole: Part }

type Reading @container(name: "readings") {
  id: ID!
  place: Place! @partitionKey(field: "region.code") @partitionKey(field: "isIndoor", level: 1)
  year: Int! @partitionKey(level: 2)
  value: Float!
}
type Place { region: Region! isIndoor: Boolean! }
type Region { code: Float! }
`;

const SITES = ["DE", "FR"].flatMap((country) =>
  ["s1", "s2"].map((id) => ({
    id,
    name: `${country} ${id}`,
    address: { "the country": country, street: "Main" },
  })),
);
const READINGS = [0, 1.5].flatMap((code) =>
  [true, false].flatMap((isIndoor) =>
    [2025, 2026].map((year) => ({
      id: "r",
      place: { region: { code }, isIndoor },
      year,
      value: code + (isIndoor ? 10 : 0) + year,
    })),
  ),
);

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      {
        id: "sites",
        partitionKey: { paths: ['/address/"the country"'] },
        items: SITES,
      },
      {
        id: "readings",
        partitionKey: {
          paths: ["/place/region/code", "/place/isIndoor", "/year"],
          kind: "MultiHash",
        },
        items: READINGS,
      },
    ],
  });
});
afterAll(() => api.stop());
beforeEach(() => api.forgetRequests());

const germany = () => api.as("germany", { container: "sites", partitionKey: ["DE"] });
const manager = () => api.as("manager", { container: "sites" });

describe("a partition key in an object", () => {
  test("is an argument by the path's name, and the permission's otherwise", async () => {
    const { data, errors } = await germany()(`{
      own: sites { nodes { name address { country } } }
      site(id: "s1") { name }
      named: site(id: "s2", addressCountry: "DE") { name }
    }`);
    expect(errors).toEqual([]);
    expect(data.own.nodes).toEqual([
      { name: "DE s1", address: { country: "DE" } },
      { name: "DE s2", address: { country: "DE" } },
    ]);
    expect([data.site.name, data.named.name]).toEqual(["DE s1", "DE s2"]);
    const keys = itemRequests(await api.requests()).map(({ partitionKey }) => partitionKey);
    expect(new Set(keys.map((key) => JSON.stringify(key)))).toEqual(new Set(['["DE"]']));
    expect((await germany()(`{ sites(addressCountry: "FR") { totalCount } }`)).codes).toEqual([
      "FORBIDDEN",
    ]);
  });

  test("tells partitions apart in a list across the container, page by page", async () => {
    const names: string[] = [];
    let after: string | null = null;
    do {
      const page = await manager()(
        `query ($after: String) { sites(first: 1, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }`,
        { after },
      );
      names.push(...page.data.sites.nodes.map(({ name }: { name: string }) => name));
      after = page.data.sites.pageInfo.hasNextPage ? page.data.sites.pageInfo.endCursor : null;
    } while (after !== null);
    expect(names.toSorted()).toEqual(["DE s1", "DE s2", "FR s1", "FR s2"]);
    const queries = itemRequests(await api.requests()).map(({ query }) => query ?? "");
    expect(queries.at(-1)).toContain(`c["address"]["the country"] > @`);
  });

  test("is taken from what is written", async () => {
    const input = { name: "new", address: { country: "IT", street: "Via" } };
    const create = `mutation ($input: SiteInput!) { createSite(input: $input) { id address { country } } }`;
    const created = await manager()(create, { input });
    expect(created.errors).toEqual([]);
    expect(created.data.createSite.address).toEqual({ country: "IT" });
    expect(itemRequests(await api.requests()).at(-1)?.partitionKey).toEqual(["IT"]);
    expect((await germany()(create, { input })).codes).toEqual(["FORBIDDEN"]);

    const { id } = created.data.createSite;
    const moved = await manager()(
      `mutation ($id: ID!, $input: SiteInput!) { replaceSite(id: $id, input: $input, addressCountry: "DE") { id } }`,
      { id, input },
    );
    expect(moved.errors).toMatchObject([
      { code: "BAD_USER_INPUT", message: expect.stringContaining("`address.country`") },
    ]);
    const removed = await manager()(
      `mutation ($id: ID!) { deleteSite(id: $id, addressCountry: "IT") }`,
      { id },
    );
    expect(removed.data).toEqual({ deleteSite: id });
  });

  test("stays in a patch of the object around it", async () => {
    const patch = `mutation ($patch: SitePatch!) { patchSite(id: "s1", patch: $patch) { name address { country street part { parts { whole { name } } } } } }`;
    const part = { name: "a", parts: [{ name: "b", whole: { name: "c" } }] };
    const { data, errors } = await germany()(patch, {
      patch: { set: { address: { street: "Side", part } } },
    });
    expect(errors).toEqual([]);
    expect(data.patchSite.address).toEqual({
      country: "DE",
      street: "Side",
      part: { parts: [{ whole: { name: "c" } }] },
    });
    const moving = await germany()(patch, { patch: { set: { address: { country: "FR" } } } });
    expect(moving.errors).toMatchObject([
      { code: "BAD_USER_INPUT", message: expect.stringContaining("is the partition key") },
    ]);
  });
});

describe("a hierarchical key of a number, a boolean and a number", () => {
  test("is read by its values, which are no texts", async () => {
    const reader = api.as("reader", { container: "readings", partitionKey: [0, false, 2026] });
    const { data, errors } = await reader(
      `{ reading(id: "r") { value } other: reading(id: "r", placeRegionCode: 0, placeIsIndoor: false, year: 2026) { value } readings { totalCount } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      reading: { value: 2026 },
      other: { value: 2026 },
      readings: { totalCount: 1 },
    });
    const other = await reader(
      `{ reading(id: "r", placeRegionCode: 0, placeIsIndoor: true, year: 2026) { value } }`,
    );
    expect(other.codes).toEqual(["FORBIDDEN"]);
  });

  test("is one partition for each of its combinations", async () => {
    const all = api.as("all", { container: "readings" });
    const { data, errors } = await all(`{
      every: readings(orderBy: [{ value: ASC }]) { totalCount nodes { value } }
      part: readings(placeRegionCode: 1.5) { totalCount }
      indoor: readings(filter: { place: { isIndoor: { eq: true } } }) { totalCount }
    }`);
    expect(errors).toEqual([]);
    expect(data.every.nodes.map(({ value }: { value: number }) => value)).toEqual([
      2025, 2026, 2026.5, 2027.5, 2035, 2036, 2036.5, 2037.5,
    ]);
    expect([data.every.totalCount, data.part.totalCount, data.indoor.totalCount]).toEqual([
      8, 4, 4,
    ]);
  });
});
