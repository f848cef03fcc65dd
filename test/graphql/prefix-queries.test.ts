import { Ctx, Query, Resolver } from "type-graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RequestContext } from "../../src/graphql/request-context.ts";
import { type ApiUnderTest, startApiUnderTest } from "./api-under-test.ts";

const MODEL = `
type Region @container(name: "regions") {
  id: ID! @partitionKey
  year: Int!
  visits: [Visit!] @reference(from: "region", partitionKey: ["id", "year"])
  allVisits: [Visit!] @reference(from: "region")
}
type Visit @container(name: "visits") {
  id: ID!
  region: String! @partitionKey(level: 0)
  year: Int! @partitionKey(level: 1)
  pages: Int!
  tags: [String!]
}
type Pass @container(name: "passes") {
  id: ID! @partitionKey
  region: String!
  visitId: ID!
  visit: Visit @reference(id: "visitId")
}
`;

const VISITS = [
  { id: "v1", region: "eu", year: 2025, pages: 3 },
  { id: "v2", region: "eu", year: 2026, pages: 5 },
];

/** A query of the generated API, of `api.generic` and of an own resolver: all that can query. */
const QUERIES: readonly [string, string, string][] = [
  ["a list", "{ visits { nodes { id } } }", "`region` and `year`"],
  [
    "a list in one partition",
    `{ visits(region: "eu", year: 2026) { nodes { id } } }`,
    "`region` and `year`",
  ],
  ["a list's count", "{ visits { totalCount } }", "`region` and `year`"],
  ["an aggregate", "{ visitsAggregate { sum { pages } } }", "`region` and `year`"],
  ["groups", "{ visitsAggregate { groupBy(fields: [year]) { count } } }", "`region` and `year`"],
  ["a reverse reference", `{ region(id: "eu") { allVisits { id } } }`, "`region` and `year`"],
  [
    "a reverse reference in one partition",
    `{ region(id: "eu") { visits { id } } }`,
    "`region` and `year`",
  ],
  ["a reference", `{ pass(id: "p") { visit { id } } }`, "`region` and `year`"],
  ["a read without all levels", `{ visit(id: "v2") { id } }`, "`region` and `year`"],
  [
    "raw SQL",
    `{ items(container: "visits", query: "SELECT * FROM c") { rows } }`,
    "`partitionKey`",
  ],
  [
    "raw SQL in one partition",
    `{ items(container: "visits", query: "SELECT * FROM c", partitionKey: ["eu", 2026]) { rows } }`,
    "`partitionKey`",
  ],
  ["an own resolver", "{ own }", "partition key"],
];

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    genericApi: true,
    extend: () => {
      class Own {
        async own({ items }: RequestContext): Promise<string> {
          const query = { query: "SELECT * FROM c", parameters: [] };
          const rows = await items.query("visits", query, ["eu", 2026], { limit: 1 });
          return JSON.stringify(rows);
        }
      }
      // What the decorator syntax compiles to, which these tests are not compiled with.
      Resolver()(Own);
      Query(() => String, { nullable: true })(Own.prototype, "own", { value: undefined });
      Ctx()(Own.prototype, "own", 0);
      return [Own];
    },
    containers: [
      { id: "regions", partitionKey: { paths: ["/id"] }, items: [{ id: "eu", year: 2026 }] },
      {
        id: "passes",
        partitionKey: { paths: ["/id"] },
        items: [{ id: "p", region: "eu", visitId: "v2" }],
      },
      {
        id: "visits",
        partitionKey: { paths: ["/region", "/year"], kind: "MultiHash", version: 2 },
        items: VISITS,
      },
    ],
  });
});
afterAll(() => api.stop());

const owners = [{ container: "regions" }, { container: "passes" }];
const ofRegion = () => api.as("region", ...owners, { container: "visits", partitionKey: ["eu"] });
const ofYear = () =>
  api.as("year", ...owners, { container: "visits", partitionKey: ["eu", 2026], mode: "Read" });

test.each(QUERIES)(
  "%s under a permission on outer levels gets one answer",
  async (_of, query, given) => {
    const { codes, errors } = await ofRegion()(query);
    expect(codes).toEqual(["FORBIDDEN"]);
    expect(errors[0]?.message).toBe(
      `Cosmos DB runs no query under a permission on outer levels of a partition key. It takes a permission that names all levels. If you have one, give its ${given}. Single items can be read by id.`,
    );
  },
);

test.each(QUERIES)("%s runs where a permission names all levels", async (_of, query) => {
  const { errors } = await ofYear()(query);
  expect(errors).toEqual([]);
});

test("a query that Cosmos DB refuses for something else is not said to lack levels", async () => {
  const caller = api.as("both", { container: "visits" });
  expect((await caller(`{ visits(region: "eu") { nodes { id } } }`)).errors).toEqual([]);
  await api.addFault({ match: { path: "/docs$" }, status: 403 });
  const { codes, errors } = await caller(`{ visits(region: "eu") { nodes { id } } }`);
  await api.clearFaults();
  expect(codes).toEqual(["FORBIDDEN"]);
  expect(errors[0]?.message).not.toContain("levels");
});

test.each([
  `{ visits(region: "eu") { nodes { id } totalCount } }`,
  `{ visitsAggregate(region: "eu") { sum { pages } } }`,
  `{ items(container: "visits", query: "SELECT * FROM c", partitionKey: ["eu"]) { rows } }`,
])("%s runs under a permission on the container beside one on outer levels", async (query) => {
  const both = api.as(
    "wide",
    { container: "visits", partitionKey: ["eu"], mode: "Read" },
    { container: "visits", mode: "Read" },
  );
  expect((await both(query)).errors).toEqual([]);
});

test("writes that need the stored items read them one by one under a permission on outer levels", async () => {
  const change = `patch: { append: { tags: ["seen"] } }`;
  const caller = ofRegion();
  // Lists that aren't there, so that Cosmos DB can't append to them by itself.
  const created = await caller(`mutation {
    a: createVisit(input: { id: "a", region: "eu", year: 2027, pages: 1 }) { id }
    b: createVisit(input: { id: "b", region: "eu", year: 2027, pages: 2 }) { id }
  }`);
  expect(created.errors).toEqual([]);
  const together = await caller(`mutation {
    transactVisits(region: "eu", year: 2027, operations: [
      { patch: { id: "a", ${change} } }, { patch: { id: "b", ${change} } }
    ]) { tags }
  }`);
  expect(together).toMatchObject({
    errors: [],
    data: { transactVisits: [{ tags: ["seen"] }, { tags: ["seen"] }] },
  });
  const conditional = (least: number) =>
    caller(`mutation {
      patchVisit(
        id: "v1", region: "eu", year: 2025, ${change}, condition: { pages: { gte: ${least} } }
      ) { tags }
    }`);
  expect((await conditional(4)).codes).toEqual(["PRECONDITION_FAILED"]);
  expect(await conditional(3)).toMatchObject({
    errors: [],
    data: { patchVisit: { tags: ["seen"] } },
  });
});
