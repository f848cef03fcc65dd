import { ApolloServer } from "@apollo/server";
import { buildSchema, getVariableValues, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { buildApiSchema } from "../../../src/graphql/build-schema.ts";
import { cosmosCostPlugin } from "../../../src/graphql/plugins/cosmos-cost-plugin.ts";
import { createErrorFormatter } from "../../../src/graphql/plugins/format-error.ts";
import { operationCost } from "../../../src/graphql/plugins/operation-cost.ts";
import { operationLimitsPlugin } from "../../../src/graphql/plugins/operation-limits-plugin.ts";
import type { RequestContext } from "../../../src/graphql/request-context.ts";
import { loadModel } from "../../../src/model/load-model.ts";

const MODEL = `
  interface Thing @container(name: "things") { id: ID! tenantId: String! }
  type Order implements Thing @container(name: "things", discriminator: { field: "type", value: "order" }) {
    id: ID!
    tenantId: String! @partitionKey
    parts: [Part!]
    customerId: ID
    customer: Customer @reference(id: "customerId")
    tagIds: [ID!]
    tags: [Tag!] @reference(id: "tagIds")
  }
  type Note implements Thing @container(name: "things", discriminator: { field: "type", value: "note" }) {
    id: ID!
    tenantId: String! @partitionKey
  }
  type Customer @container(name: "customers") {
    id: ID! @partitionKey
    orders: [Order!] @reference(from: "customerId")
  }
  type Tag @container(name: "tags") { id: ID! @partitionKey }
  type Part { name: String parts: [Part!] }`;
const schema = buildApiSchema(loadModel([{ path: "m", text: MODEL }]), {
  pageSize: { default: 50, max: 1000 },
  cursorKey: Buffer.alloc(32),
  genericApi: true,
});

function costOf(text: string, variables: Readonly<Record<string, unknown>> = {}) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = document.definitions.find((node) => node.kind === "OperationDefinition");
  if (operation === undefined) {
    throw new Error("The text has no operation.");
  }
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (coerced === undefined) {
    throw new Error("The variables don't fit.");
  }
  return operationCost({ schema, document, operation, variables: coerced });
}

const inputs = (count: number) => Array.from({ length: count }, () => ({ tenantId: "t" }));

describe("the complexity of an operation", () => {
  test.each<[string, number, string, object?]>([
    ["a point read is 1, and its fields nothing", 1, `{ order(id: "1") { id tenantId _etag } }`],
    ["a list is its `first`", 1000, "{ orders(first: 1000) { nodes { id tenantId } } }"],
    ["a list without `first` is a page of the default size", 50, "{ orders { nodes { id } } }"],
    ["`first: null` is none", 50, "{ orders(first: null) { nodes { id } } }"],
    ["a list of nothing is a request", 1, "{ orders(first: 0) { totalCount } }"],
    [
      "what is more than a page may have is refused later",
      50,
      "{ orders(first: 9999) { totalCount } }",
    ],
    [
      "`first` may be a variable",
      7,
      "query ($n: Int) { orders(first: $n) { totalCount } }",
      { n: 7 },
    ],
    ["its default counts", 9, "query ($n: Int = 9) { orders(first: $n) { totalCount } }"],
    ["a variable that is not given", 50, "query ($n: Int) { orders(first: $n) { totalCount } }"],
    [
      "embedded types are nothing",
      5,
      "{ orders(first: 5) { nodes { parts { parts { name } } } } }",
    ],
    [
      "an edge is its row",
      20,
      "{ orders(first: 20) { edges { cursor node { id } } pageInfo { endCursor } } }",
    ],
    ["a list of an interface", 6, "{ things(first: 6) { nodes { id } } }"],
    ["a reference is 1 a row", 20, "{ orders(first: 10) { nodes { customer { id } } } }"],
    ["a list of references, too", 20, "{ orders(first: 10) { nodes { tags { id } } } }"],
    ["a reference of a point read", 2, `{ order(id: "1") { customer { id } } }`],
    [
      "a reverse reference is its `first` in each row",
      10 + 10 * 4,
      "{ customers(first: 10) { nodes { orders(first: 4) { id } } } }",
    ],
    [
      "and the default page where it says nothing",
      10 + 10 * 50,
      "{ customers(first: 10) { nodes { orders { id } } } }",
    ],
    [
      "rows multiply downwards",
      10 + 10 * (4 + 4 * (1 + 3)),
      "{ customers(first: 10) { nodes { orders(first: 4) { customer { orders(first: 3) { id } } } } } }",
    ],
    [
      "of the types of a row the dearest counts",
      8 + 8 * 2,
      "{ things(first: 8) { nodes { ... on Order { customer { id } tags { id } } ... on Note { id } } } }",
    ],
    [
      "an aggregate is 1, and groups of it another",
      2,
      "{ ordersAggregate { count groupBy(fields: [tenantId]) { count } } }",
    ],
    ["rows of SQL", 25, `{ items(container: "c", query: "q", first: 25) { rows } }`],
    ["an item as JSON", 1, `{ item(container: "c", id: "1") }`],
    ["a write is 1", 1, `mutation { deleteOrder(id: "1") }`],
    ["a write of many is each of them", 3, "mutation { deleteOrders(ids: [1, 2, 3]) }"],
    [
      "in a variable, too, with what is read of each",
      24,
      "mutation ($inputs: [OrderInput!]!) { createOrders(inputs: $inputs) { customer { id } } }",
      { inputs: inputs(12) },
    ],
    [
      "and in one element of a literal",
      1,
      "mutation ($input: OrderInput!) { createOrders(inputs: [$input]) { id } }",
      { input: { tenantId: "t" } },
    ],
    [
      "a transaction is its operations",
      2,
      `mutation { transactOrders(operations: [{ delete: { id: "1" } }, { delete: { id: "2" } }]) { id } }`,
    ],
    [
      "each alias counts",
      3,
      `{ a: order(id: "1") { id } b: order(id: "1") { id } order(id: "1") { id } }`,
    ],
    [
      "one field selected twice is one",
      2,
      `{ order(id: "1") { customer { id } } order(id: "1") { customer { id } } }`,
    ],
    [
      "and so it is in two fragments",
      40,
      "{ orders(first: 20) { nodes { ...A ... on Order { ...B } } } } fragment A on Order { customer { id } } fragment B on Order { ...A customer { id } }",
    ],
    [
      "a fragment counts in each place",
      10 + 20 + 20 * 1,
      "{ a: orders(first: 10) { ...C } b: orders(first: 20) { ...C nodes { customer { id } } } } fragment C on OrderConnection { nodes { id } }",
    ],
    [
      "what is skipped costs nothing",
      10,
      "query ($s: Boolean!) { orders(first: 10) { nodes { customer @skip(if: $s) { id } tags @include(if: false) { id } } } }",
      { s: true },
    ],
    [
      "what is included counts",
      30,
      "query ($s: Boolean!) { orders(first: 10) { nodes { customer @skip(if: $s) { id } ... @include(if: true) { tags { id } } } } }",
      { s: false },
    ],
    [
      "introspection is nothing",
      0,
      "{ __schema { types { fields { type { name } } } } __typename }",
    ],
  ])("%s: %i", (_name, complexity, text, variables = {}) => {
    expect(costOf(text, { ...variables }).complexity).toBe(complexity);
  });

  test("fragments that spread fragments are counted without being opened one by one", () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) => `fragment F${level} on Viewer { ...F${level + 1} ...F${level + 1} }`,
    );
    const { complexity } = costOf(
      `{ viewer { ...F0 } } ${levels.join(" ")} fragment F60 on Viewer { profile }`,
    );
    expect(complexity).toBe(1);
  });

  test("fragments that multiply fields are counted as many, and soon", () => {
    const levels = Array.from(
      { length: 40 },
      (_, level) =>
        `fragment F${level} on Order { a: customer { orders(first: 1) { ...F${level + 1} } } b: customer { orders(first: 1) { ...F${level + 1} } } }`,
    );
    const { complexity } = costOf(
      `{ order(id: "1") { ...F0 } } ${levels.join(" ")} fragment F40 on Order { id }`,
    );
    expect(complexity).toBeGreaterThan(2 ** 40);
  });
});

describe("the depth of an operation", () => {
  test.each<[string, number, string]>([
    ["a field of a root", 2, "{ viewer { profile } }"],
    [
      "goes through inline fragments",
      3,
      "{ orders { ... on OrderConnection { ... { nodes { id } } } } }",
    ],
    [
      "goes through embedded types",
      6,
      "{ orders { nodes { parts { parts { parts { name } } } } } }",
    ],
    [
      "ends where something is skipped",
      1,
      "{ orders { nodes @skip(if: true) { id } totalCount @skip(if: true) } viewer { __typename } }",
    ],
    ["is none for introspection", 0, "{ __schema { types { fields { type { name } } } } }"],
  ])("%s: %i", (_name, depth, text) => {
    expect(costOf(text).depth).toBe(depth);
  });
});

describe("as plugins of Apollo Server", () => {
  const small = buildSchema("type Query { a: A  b: Int }  type A { a: A  b: Int }");
  const server = new ApolloServer<RequestContext>({
    schema: small,
    rootValue: () => ({ a: { a: { b: 1 }, b: 2 }, b: 3 }),
    formatError: createErrorFormatter({ observe: () => {} }),
    plugins: [cosmosCostPlugin(), operationLimitsPlugin({ depth: 3, complexity: 5 })],
  } as ConstructorParameters<typeof ApolloServer<RequestContext>>[0]);
  // Only what the plugins read of the context.
  const contextValue = {
    items: { cost: { requestCharge: 2.83 + 1.1, requests: 2 } },
  } as unknown as RequestContext;

  const run = async (query: string, variables: Record<string, unknown> = {}) => {
    const request = { query, variables };
    const { body, http } = await server.executeOperation(request, { contextValue });
    if (body.kind !== "single") {
      throw new Error("The answer should come in one part.");
    }
    return { ...body.singleResult, status: http.status };
  };

  test("an answer says what it cost", async () => {
    const { data, extensions } = await run("{ b }");
    expect(data).toEqual({ b: 3 });
    expect(extensions).toEqual({ cosmos: { requestCharge: 3.93, requests: 2 } });
  });

  test.each([
    ["too deep", "{ a { a { a { b } } } }", "4 fields deep, and the limit is 3"],
    ["too much", "{ a { b } c: b d: b e: b f: b g: b }", "complexity is 6, and the limit is 5"],
  ])(
    "an operation that is %s is refused with HTTP 400 and QUERY_TOO_EXPENSIVE",
    async (_name, query, message) => {
      const { data, errors, status } = await run(query);
      expect(data).toBeUndefined();
      expect(errors).toEqual([
        { message: expect.stringContaining(message), extensions: { code: "QUERY_TOO_EXPENSIVE" } },
      ]);
      expect(status).toBe(400);
    },
  );

  test("variables that nest without measure are refused before GraphQL walks them", async () => {
    const deep = JSON.parse(`${'{"not":'.repeat(100_000)}{}${"}".repeat(100_000)}`);
    const { errors } = await run("{ b }", { deep });
    expect(errors).toMatchObject([{ extensions: { code: "QUERY_TOO_EXPENSIVE" } }]);
  });

  test("an operation within the limits runs", async () => {
    expect((await run("{ a { a { b } } }")).errors).toBeUndefined();
  });
});
