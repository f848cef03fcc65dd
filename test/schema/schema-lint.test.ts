import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ESLint } from "eslint";
import { expect, test } from "vitest";
import { printApiSchema } from "../../src/graphql/print-api-schema.ts";
import { loadModel } from "../../src/model/load-model.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PATH = resolve(ROOT, "schema/api.graphql");
const api = readFileSync(PATH, "utf8");
const linter = new ESLint({ cwd: ROOT });
/** For an API that is not the one on disk, which these rules look up. */
const linterOfOtherApis = new ESLint({
  cwd: ROOT,
  overrideConfig: {
    rules: {
      "@graphql-eslint/no-unreachable-types": "off",
      "@graphql-eslint/relay-edge-types": "off",
    },
  },
});

/** The rules that a schema breaks, each once. */
async function brokenRules(sdl: string, eslint = linter): Promise<readonly string[]> {
  const results = await eslint.lintText(sdl, { filePath: PATH });
  const rules = results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId ?? "fatal"));
  return [...new Set(rules)].map((rule) => rule.replace("@graphql-eslint/", ""));
}

test("the emitted API passes the schema linter", async () => {
  expect(await brokenRules(api)).toEqual([]);
});

test("the API of a model without a single description passes, too", async () => {
  const text = `
    type Customer @container(name: "customers") {
      id: ID!
      region: String! @partitionKey
      name: String @name(is: "n")
      level: Level!
      levels: [Level!]
      visits: Int
      balance: Float
      active: Boolean
      born: Date
      seenAt: DateTime
      views: Long
      debt: BigInt
      extra: JSON
      nicknames: [String!]!
      addresses: [Address!]
      main: Address!
    }
    type Note @container(name: "notes") {
      id: ID!
      customerId: ID!
      region: String! @partitionKey
      customer: Customer @reference(id: "customerId", partitionKey: ["region"])
    }
    type Address { city: String! within: Address }
    enum Level { NEW OLD }
  `;
  const sdl = printApiSchema(loadModel([{ path: "test.model.graphql", text }]));
  expect(await brokenRules(sdl, linterOfOtherApis)).toEqual([]);
});

test("the API with everything that a configuration can switch on passes, too", async () => {
  const text = `"A note." type Note @container(name: "notes") { id: ID! @partitionKey }`;
  const sdl = printApiSchema(loadModel([{ path: "test.model.graphql", text }]), {
    genericApi: true,
    issueTokens: async () => [],
  });
  expect(sdl).toContain("issueResourceTokens");
  expect(sdl).toContain("patchItem");
  expect(await brokenRules(sdl, linterOfOtherApis)).toEqual([]);
});

test.each([
  [
    "a type without description",
    '"""An order of one tenant."""\ntype',
    "type",
    "require-description",
  ],
  [
    "a field without description",
    '  """What the customer pays, in euros."""\n',
    "",
    "require-description",
  ],
  ["an argument without description", '    """The Order\'s id."""\n', "", "require-description"],
  ["a root type without description", /"""What can be written.*\n/, "", "require-description"],
  ["a field in snake case", "  customerId: ID!", "  customer_id: ID!", "naming-convention"],
  ["an underscore that is not Cosmos DB's", "  _ts: Int!", "  _rid: Int!", "naming-convention"],
  ["an enum value in lower case", "  OPEN\n", "  open\n", "naming-convention"],
  ["a query with a verb", "  orders(", "  getOrders(", "naming-convention"],
  [
    "an item without id",
    /(type Order \{\n.*\n) {2}id: ID!/,
    "$1  key: ID!",
    "no-restricted-syntax",
  ],
  ["a connection without nodes", "  nodes: [Order]!", "  items: [Order]!", "no-restricted-syntax"],
  [
    "a connection without totalCount",
    "  totalCount: Int!",
    "  count: Int!",
    "no-restricted-syntax",
  ],
  [
    "a connection without pageInfo",
    "  pageInfo: PageInfo!",
    "  page: PageInfo!",
    "relay-connection-types",
  ],
  ["a list without after", "    after: String", "    behind: String", "relay-arguments"],
  ["an edge without cursor", "  cursor: String!", "  place: String!", "relay-edge-types"],
  ["a page info without endCursor", "  endCursor: String", "  last: String", "relay-page-info"],
  [
    "a deprecation without reason",
    "  customerId: ID!",
    "  customerId: ID! @deprecated",
    "require-deprecation-reason",
  ],
])("%s fails", async (_what, before, after, rule) => {
  const edited = api.replace(before, after);
  expect(edited).not.toBe(api);
  expect(await brokenRules(edited)).toContain(rule);
});
