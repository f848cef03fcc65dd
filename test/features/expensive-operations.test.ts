import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  parent: Order @reference(id: "parentId")
  parentId: ID
  children: [Order!] @reference(from: "parentId")
  part: Part
}
type Part { name: String  part: Part }
`;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({ model: MODEL });
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.forgetRequests());

async function post(query: string, variables: object = {}) {
  const manager = await gateway.as("contoso-manager");
  return manager.post<{ readonly orders: { readonly nodes: readonly unknown[] } }>(
    query,
    variables,
  );
}

describe("by default", () => {
  test("a list of 1000 passes", async () => {
    const { errors, data } = await post("{ orders(first: 1000) { nodes { id tenantId } } }");
    expect(errors).toEqual([]);
    expect(data?.orders.nodes.length).toBeGreaterThan(0);
  });

  test("a list in each row of a list of 1000 is QUERY_TOO_EXPENSIVE, and nothing is sent", async () => {
    const answers = [
      await post("{ orders(first: 1000) { nodes { children(first: 50) { id } } } }"),
      await post("{ orders(first: 1000) { nodes { children { id } } } }"),
      await post(
        "query ($n: Int) { orders(first: $n) { edges { node { ...C } } } } fragment C on Order { children(first: $n) { id } }",
        { n: 1000 },
      ),
    ];
    expect(answers.map(errorCodes)).toEqual(answers.map(() => ["QUERY_TOO_EXPENSIVE"]));
    expect(answers[0]?.errors[0]?.message).toContain("51000");
    expect((await gateway.requests()).filter(({ kind }) => kind === "query")).toEqual([]);
  });

  test("a reference in each row passes", async () => {
    expect((await post("{ orders(first: 1000) { nodes { parent { id } } } }")).errors).toEqual([]);
  });
});

const DEEP = 3000;
const opened = (open: string, inner: string, close: string) =>
  open.repeat(DEEP) + inner + close.repeat(DEEP);

describe("what nests too deep is QUERY_TOO_EXPENSIVE, without a word of the engine", () => {
  const chain = Array.from(
    { length: 900 },
    (_, level) => `fragment F${level} on Part { part { ...F${level + 1} } }`,
  );
  test.each<[string, string]>([
    ["selections", opened("{ orders ", "{ id }", "}")],
    ["inline fragments", `{ orders { nodes ${opened("{ ... ", "{ id }", "}")} } }`],
    ["objects", `{ orders(filter: ${opened("{ not: ", "{}", "}")}) { nodes { id } } }`],
    ["lists", `{ orders(orderBy: ${opened("[", "", "]")}) { nodes { id } } }`],
    ["types", `query ($x: ${opened("[", "Int", "]")}) { orders { nodes { id } } }`],
    ["what is not even closed", "{ orders ".repeat(DEEP)],
    [
      "fragments",
      `{ orders { nodes { part { ...F0 } } } } ${chain.join(" ")} fragment F900 on Part { name }`,
    ],
  ])("%s", async (_name, query) => {
    const answer = await post(query);
    expect(errorCodes(answer)).toEqual(["QUERY_TOO_EXPENSIVE"]);
    expect(answer.text).not.toMatch(/stack/i);
    const url = `${gateway.url}?query=${encodeURIComponent(query.slice(0, 9000))}`;
    const bearerToken = await gateway.bearerTokenOf("contoso-manager");
    const got = await fetch(url, { headers: { authorization: `Bearer ${bearerToken}` } });
    expect(await got.text()).not.toMatch(/stack/i);
  });

  test("a variable", async () => {
    const manager = await gateway.as("contoso-manager");
    for (const [open, close] of [
      ['{"not":', "}"],
      ["[", "]"],
    ] as const) {
      const deep = `${open.repeat(50_000)}{}${close.repeat(50_000)}`;
      const query = "query ($f: OrderFilter) { orders(filter: $f) { nodes { id } } }";
      const answer = await gateway.post(
        `{"query":${JSON.stringify(query)},"variables":{"f":${deep}}}`,
        { authorization: `Bearer ${manager.bearerToken}` },
      );
      expect(errorCodes(answer)).toEqual(["QUERY_TOO_EXPENSIVE"]);
      expect(answer.text).not.toMatch(/stack/i);
    }
  });

  test("as other refusals, with HTTP 400 for who takes graphql-response+json", async () => {
    const manager = await gateway.as("contoso-manager");
    const headers = { authorization: `Bearer ${manager.bearerToken}` };
    const body = { query: opened("{ orders ", "{ id }", "}") };
    expect((await gateway.post(body, headers)).status).toBe(200);
    const accept = "application/graphql-response+json";
    expect((await gateway.post(body, { ...headers, accept })).status).toBe(400);
  });

  test("brackets in texts and comments do not count", async () => {
    const text = "{".repeat(500);
    const query = `# ${text}\n{ orders(filter: { id: { ne: "${text}" } }) { nodes { id } } }`;
    expect((await post(query)).errors).toEqual([]);
  });
});
