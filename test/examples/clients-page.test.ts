import { readFileSync } from "node:fs";
import {
  buildSchema,
  extendSchema,
  type GraphQLObjectType,
  NoUnusedFragmentsRule,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../commands/run-command.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "../features/gateway-under-test.ts";

const page = readFileSync(`${ROOT}/docs/clients.md`, "utf8");
const api = buildSchema(readFileSync(`${ROOT}/schema/api.graphql`, "utf8"));

/** What Relay's compiler knows beside the schema. */
const relayDirectives = parse(`
  directive @connection(key: String!, filters: [String!]) on FIELD
  directive @refetchable(queryName: String!) on FRAGMENT_DEFINITION
`);

/** The page's fenced blocks in a language, in order. */
function blocksIn(language: string): readonly string[] {
  const fences = page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...fences].map(([, text]) => text ?? "");
}

/** Runs a block of the page with these names in scope, and answers what `result` then is. */
async function runBlock(
  block: string | undefined,
  scope: Readonly<Record<string, unknown>>,
  result: string,
): Promise<unknown> {
  const code = (block ?? "").replaceAll(/^import .*$/gm, "");
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  return AsyncFunction(
    ...Object.keys(scope),
    `${code}; return ${result};`,
  )(...Object.values(scope));
}

const [fetchBlock, apolloBlock, relayBlock] = blocksIn("js");
const operations = blocksIn("graphql");

const queryField = (name: string) => api.getQueryType()?.getFields()[name];
const argumentNames = (name: string) => queryField(name)?.args.map((argument) => argument.name);
/** The partition key's fields of a type: what its point read has beside `id`. */
const partitionKeyOf = (type: string) =>
  argumentNames(type.toLowerCase())?.filter((name) => name !== "id");
/** The types that are items of a container. */
const itemTypes = Object.values(api.getTypeMap())
  .filter(
    (type): type is GraphQLObjectType =>
      "_etag" in ((type as GraphQLObjectType).getFields?.() ?? {}),
  )
  .map(({ name }) => name);

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

test("the page's operations fit the API", () => {
  expect(operations.length).toBeGreaterThanOrEqual(3);
  const schema = extendSchema(api, relayDirectives);
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);
  for (const operation of operations) {
    // A directive whose arguments are the fragment's own can't be declared in a schema.
    const document = operation.replace(/@argumentDefinitions\(.*\)/, "");
    expect(validate(schema, parse(document), rules), operation).toEqual([]);
  }
});

test("the request without a library gets the list", async () => {
  const block = fetchBlock?.replace("http://localhost:4000", gateway.address);
  const scope = {
    bearerToken: await gateway.bearerTokenOf("contoso-member"),
    query: operations[0],
    variables: { first: 2 },
  };
  expect(await runBlock(block, scope, "{ data, errors, extensions }")).toMatchObject({
    data: { orders: { edges: [{}, {}], pageInfo: { hasNextPage: true } } },
    errors: undefined,
    extensions: { cosmos: { requestCharge: expect.any(Number), requests: expect.any(Number) } },
  });
});

test("the policies of Apollo Client's cache name each key and each argument of the API", async () => {
  const scope = {
    InMemoryCache: class {
      readonly options: unknown;
      constructor(options: unknown) {
        this.options = options;
      }
    },
    relayStylePagination: (keyArguments: readonly string[]) => keyArguments,
  };
  const lists = Object.values(api.getQueryType()?.getFields() ?? {}).filter(({ type }) =>
    String(type).endsWith("Connection"),
  );
  expect(await runBlock(apolloBlock, scope, "cache.options.typePolicies")).toEqual({
    ...Object.fromEntries(
      itemTypes.map((type) => [type, { keyFields: [...(partitionKeyOf(type) ?? []), "id"] }]),
    ),
    Viewer: { keyFields: [] },
    Query: {
      fields: Object.fromEntries(
        lists.map(({ name }) => [
          name,
          argumentNames(name)?.filter((argument) => argument !== "first" && argument !== "after"),
        ]),
      ),
    },
  });
});

test("the ids of Relay's records tell the partitions apart", async () => {
  const scope = {
    Environment: class {
      readonly getDataID: unknown;
      constructor(options: { readonly getDataID: unknown }) {
        this.getDataID = options.getDataID;
      }
    },
    Store: class {},
    RecordSource: class {},
    network: undefined,
  };
  const [getDataID, partitionKeys] = (await runBlock(
    relayBlock,
    scope,
    "[environment.getDataID, PARTITION_KEYS]",
  )) as [(record: object, typename: string) => unknown, Record<string, string>];

  expect(partitionKeys).toEqual(
    Object.fromEntries(itemTypes.map((type) => [type, partitionKeyOf(type)?.[0]])),
  );
  const ids = ["contoso", "fabrikam"].map((tenantId) =>
    getDataID({ id: "order-1", tenantId }, "Order"),
  );
  expect(new Set(ids).size).toBe(2);
  expect(getDataID({ id: "order-1" }, "Order")).toBeUndefined();
  expect(getDataID({ hasNextPage: true }, "PageInfo")).toBeUndefined();
});

test("every file that the page links to is there", () => {
  const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => String(path));
  expect(links.length).toBeGreaterThan(2);
  for (const path of links) {
    expect(() => readFileSync(`${ROOT}/docs/${path}`), path).not.toThrow();
  }
});
