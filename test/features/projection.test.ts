import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { itemRequests } from "../emulator-controls.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.forgetRequests());

/** What tells an item's place in a list of any number of partitions: each query asks for it. */
const PLACE = ["id", "tenantId"];

/** The properties, beside the place, that the texts of the queries ask Cosmos DB for: a list a query. */
async function propertiesAskedFor(operation: string, variables = {}): Promise<string[][]> {
  const manager = await gateway.as("contoso-manager");
  const { errors } = await manager.post(operation, variables);
  expect(errors).toEqual([]);
  const queries = itemRequests(await gateway.requests()).filter(({ kind }) => kind === "query");
  return queries.map(({ query }) => {
    const what = /^SELECT VALUE \{(.*?)\} FROM c/.exec(query ?? "")?.[1];
    if (what === undefined) {
      return [String(query)];
    }
    const names = [...what.matchAll(/"(\w+)": c\["\1"\]/g)].map(([, name]) => String(name));
    expect(names).toEqual(expect.arrayContaining(PLACE));
    expect(new Set(names).size).toBe(what.split(",").length);
    return names.filter((name) => !PLACE.includes(name)).sort();
  });
}

test("a list asks for the selected properties, and for the place of each item", async () => {
  expect(await propertiesAskedFor("{ orders { nodes { status total } } }")).toEqual([
    ["status", "total"],
  ]);
});

test("an alias asks for its field, and no alias is in a query", async () => {
  const operation = "{ list: orders { rows: nodes { state: status customerId: createdAt } } }";
  expect(await propertiesAskedFor(operation)).toEqual([["createdAt", "status"]]);
});

test("`nodes` and `edges`, fragments and @include and @skip count together", async () => {
  const operation = `query ($yes: Boolean = true) {
    orders {
      nodes { total @skip(if: $yes) ...More }
      edges { cursor node { ... on Order { status } createdAt @include(if: $yes) } }
    }
  }
  fragment More on Order { customerId }`;
  expect(await propertiesAskedFor(operation)).toEqual([["createdAt", "customerId", "status"]]);
  await gateway.forgetRequests();
  expect(await propertiesAskedFor(operation, { yes: false })).toEqual([
    ["customerId", "status", "total"],
  ]);
});

test("an object is asked for as a whole, once", async () => {
  const operation = "{ orders { nodes { lines { sku } positions: lines { quantity } } } }";
  expect(await propertiesAskedFor(operation)).toEqual([["lines"]]);
});

test("what is sorted and filtered by is not answered unless it is selected", async () => {
  const operation = `{
    orders(filter: { customerId: { startsWith: "contoso" } }, orderBy: [{ total: DESC }], first: 2) {
      nodes { status }
    }
  }`;
  const manager = await gateway.as("contoso-manager");
  const { data, errors } = await manager.post<{ orders: { nodes: object[] } }>(operation);
  expect(errors).toEqual([]);
  expect(data?.orders.nodes.map(Object.keys)).toEqual([["status"], ["status"]]);
  await gateway.forgetRequests();
  for (const properties of await propertiesAskedFor(operation)) {
    // The sort's values tell the next page where to start; the filter's stay where they are.
    expect(properties).toEqual(["status", "total"]);
  }
});

test("system fields are asked for by their own names", async () => {
  expect(await propertiesAskedFor("{ orders { nodes { _etag written: _ts } } }")).toEqual([
    ["_etag", "_ts"],
  ]);
});

test("`totalCount` alone reads no items, and is not counted unless it is selected", async () => {
  expect(await propertiesAskedFor("{ orders { totalCount } }")).toEqual([
    [expect.stringMatching(/^SELECT VALUE COUNT\(1\) FROM c/)],
  ]);
  await gateway.forgetRequests();
  expect(await propertiesAskedFor("{ orders { nodes { id } } }")).toEqual([[]]);
});

test("`pageInfo` alone asks for no more than the place", async () => {
  const operation = "{ orders(first: 1) { pageInfo { hasNextPage endCursor } } }";
  expect(await propertiesAskedFor(operation)).toEqual([[]]);
});
