import { ApolloServer } from "@apollo/server";
import { buildSchema, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { buildApiSchema } from "../../src/graphql/build-schema.ts";
import { cosmosCostPlugin } from "../../src/graphql/cosmos-cost-plugin.ts";
import { createErrorFormatter } from "../../src/graphql/format-error.ts";
import { operationCost } from "../../src/graphql/operation-cost.ts";
import { operationLimitsPlugin } from "../../src/graphql/operation-limits-plugin.ts";
import type { RequestContext } from "../../src/graphql/request-context.ts";
import { loadModel } from "../../src/model/load-model.ts";

const MODEL = `
  type Order @container(name: "orders") { id: ID! tenantId: String! @partitionKey parts: [Part!] }
  type Part { name: String parts: [Part!] }`;
const schema = buildApiSchema(loadModel([{ path: "m", text: MODEL }]), {
  pageSize: { default: 50, max: 1000 },
  cursorKey: Buffer.alloc(32),
});

function costOf(text: string) {
  const document = parse(text);
  const operation = document.definitions.find((node) => node.kind === "OperationDefinition");
  if (operation === undefined) {
    throw new Error("The text has no operation.");
  }
  return operationCost(schema, document, operation);
}

describe("the cost of an operation", () => {
  test.each([
    ["a field is 1, one that sends requests 10", "{ viewer { profile } }", 2, 2],
    ["a list", "{ orders { nodes { id tenantId } } }", 3, 13],
    ["a list with its count", "{ orders { totalCount } }", 2, 20],
    ["each alias counts", `{ a: order(id: "1") { id } b: order(id: "1") { id } }`, 2, 22],
    [
      "a fragment counts each time",
      "{ a: viewer { ...V } b: viewer { ...V } } fragment V on Viewer { profile issuer }",
      2,
      6,
    ],
    ["an inline fragment", "{ orders { ... on OrderConnection { ... { nodes { id } } } } }", 3, 12],
    [
      "what may be skipped counts",
      "query ($s: Boolean!) { viewer @skip(if: $s) { profile } }",
      2,
      2,
    ],
    ["introspection has no depth", "{ __schema { types { fields { type { name } } } } }", 0, 5],
    [
      "depth goes through embedded types",
      "{ orders { nodes { parts { parts { parts { name } } } } } }",
      6,
      15,
    ],
  ])("%s", (_name, text, depth, complexity) => {
    expect(costOf(text)).toEqual({ depth, complexity });
  });

  test("fragments that spread fragments are counted without being opened one by one", () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) => `fragment F${level} on Viewer { ...F${level + 1} ...F${level + 1} }`,
    );
    const { complexity } = costOf(
      `{ viewer { ...F0 } } ${levels.join(" ")} fragment F60 on Viewer { profile }`,
    );
    expect(complexity).toBe(2 ** 60 + 1);
  });
});

describe("as plugins of Apollo Server", () => {
  const small = buildSchema("type Query { a: Query  b: Int }");
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
    ["too much", "{ a { b } c: b d: b e: b f: b }", "complexity is 6, and the limit is 5"],
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
