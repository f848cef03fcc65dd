import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  errorCodes,
  type GatewayUnderTest,
  type GraphQLAnswer,
  startGatewayUnderTest,
} from "./gateway-under-test.ts";

/** Numbers that JSON can't hold, and keys that JavaScript would take for a prototype. */

const MODEL = `
type Thing @container(name: "things") {
  id: ID!
  owner: String! @partitionKey
  size: Float!
  sizes: [Float!]
  count: Int
  big: BigInt
  long: Long
  meta: JSON
  metas: [JSON!]
  inner: Inner
  odd: JSON @name(is: "__proto__")
  oddCount: Int @name(is: "constructor")
}
type Inner { size: Float  meta: JSON }
`;

let gateway: GatewayUnderTest;
let headers: Readonly<Record<string, string>>;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    model: MODEL,
    database: {
      id: "shop",
      containers: [
        {
          id: "things",
          partitionKey: { paths: ["/owner"] },
          items: [{ id: "t", owner: "ann", size: 1, count: 1, big: 1, meta: { a: 1 } }],
        },
      ],
    },
    configure: (yaml) =>
      `${yaml.slice(0, yaml.indexOf("profiles:"))}profiles:
  - name: owner
    when: { roles: owner }
    cosmosUser: "owner:{sub}"
    permissions:
      - { container: things, partitionKey: ["{sub}"], mode: All }
api: { generic: true }
`,
  });
  const bearerToken = await gateway.issuer.issue({ sub: "ann", roles: ["owner"] });
  headers = {
    authorization: `Bearer ${bearerToken}`,
    accept: "application/graphql-response+json",
  };
  // So that a request that is refused before Cosmos DB can be told: nothing is left to be minted.
  expect((await post('{ thing(id: "t") { id } }')).errors).toEqual([]);
});
afterAll(() => gateway.stop());

/** `variables` is JSON text, as no JavaScript value is written `1e400`. */
function post(query: string, variables = "{}"): Promise<GraphQLAnswer<Record<string, unknown>>> {
  return gateway.post(`{"query": ${JSON.stringify(query)}, "variables": ${variables}}`, headers);
}

async function expectRefused(query: string, variables: string | undefined, code: string) {
  await gateway.forgetRequests();
  const answer = await post(query, variables);
  expect(errorCodes(answer)).toContain(code);
  expect(new Set(errorCodes(answer))).toEqual(new Set([code]));
  expect(answer.status).toBe(400);
  expect(await gateway.requests()).toEqual([]);
}

const CREATE = (input: string) =>
  `mutation { createThing(input: { id: "n", owner: "ann", ${input} }) { id } }`;
const PATCH = (patch: string) => `mutation { patchThing(id: "t", patch: { ${patch} }) { id } }`;
const LIST = (filter: string) => `{ things(filter: { ${filter} }) { totalCount } }`;

describe("a number beyond double range in a literal is refused before anything is sent", () => {
  test.each([
    ["in a required field", CREATE("size: 1e400")],
    ["negative", CREATE("size: -1e400")],
    ["written as a whole number", CREATE(`size: 1${"0".repeat(400)}`)],
    ["in a list", CREATE("size: 1, sizes: [1, 1e400]")],
    ["in an object", CREATE("size: 1, inner: { size: 1e400 }")],
    ["as a JSON value", CREATE("size: 1, meta: 1e400")],
    ["inside a JSON value", CREATE("size: 1, meta: { a: [{ b: -1e400 }] }")],
    ["in a list of JSON values", CREATE("size: 1, metas: [1, 1e400]")],
    ["in a JSON value of an object", CREATE("size: 1, inner: { meta: [1e400] }")],
    ["in an Int", CREATE("size: 1, count: 1e400")],
    ["in a BigInt", CREATE(`size: 1, big: 1${"0".repeat(400)}`)],
    ["in a Long", CREATE(`size: 1, long: 1${"0".repeat(400)}`)],
    ["in `patch.set`", PATCH("set: { size: 1e400 }")],
    ["in JSON in `patch.set`", PATCH("set: { meta: { a: 1e400 } }")],
    ["in `patch.increment`", PATCH("increment: { size: 1e400 }")],
    ["in `patch.append`", PATCH("append: { sizes: [1e400] }")],
    ["in a filter", LIST("size: { lt: 1e400 }")],
    ["in a filter's list", LIST("size: { in: [1, 1e400] }")],
    ["in a filter on a list", LIST("sizes: { has: 1e400 }")],
    ["in a filter on JSON", LIST("meta: { eq: { a: 1e400 } }")],
    [
      "in a patch's condition",
      `mutation { patchThing(id: "t", patch: { set: { count: 1 } }, condition: { size: { lt: 1e400 } }) { id } }`,
    ],
    [
      "in a transaction",
      `mutation { transactThings(operations: [{ patch: { id: "t", patch: { increment: { size: 1e400 } } } }]) { id } }`,
    ],
    [
      "as a variable's default",
      `query ($s: Float = 1e400) { things(filter: { size: { lt: $s } }) { totalCount } }`,
    ],
    [
      "as a JSON variable's default",
      `query ($m: JSON = { a: 1e400 }) { things(filter: { meta: { eq: $m } }) { totalCount } }`,
    ],
    [
      "in a parameter of SQL",
      `{ items(container: "things", query: "SELECT * FROM c WHERE c.size < @s", parameters: [{ name: "@s", value: 1e400 }]) { rows } }`,
    ],
    [
      "in createItem",
      `mutation { createItem(container: "things", item: { id: "n", owner: "ann", size: 1e400 }) }`,
    ],
    [
      "in upsertItem",
      `mutation { upsertItem(container: "things", item: { id: "n", owner: "ann", size: 1e400 }) }`,
    ],
    [
      "in replaceItem",
      `mutation { replaceItem(container: "things", id: "t", item: { owner: "ann", size: 1e400 }) }`,
    ],
    [
      "in patchItem",
      `mutation { patchItem(container: "things", id: "t", operations: [{ op: incr, path: "/size", value: 1e400 }]) }`,
    ],
    ["in a partition key", `{ item(container: "things", id: "t", partitionKey: [1e400]) }`],
  ])("%s", async (_name, query) => {
    await expectRefused(query, undefined, "GRAPHQL_VALIDATION_FAILED");
  });
});

describe("a number beyond double range in a variable is refused before anything is sent", () => {
  const create = `mutation ($input: ThingInput!) { createThing(input: $input) { id } }`;
  const patch = `mutation ($patch: ThingPatch!) { patchThing(id: "t", patch: $patch) { id } }`;
  const list = `query ($filter: ThingFilter) { things(filter: $filter) { totalCount } }`;
  const input = (rest: string) => `{"input": {"id": "n", "owner": "ann", ${rest}}}`;
  test.each([
    ["in a required field", create, input('"size": 1e400')],
    ["in a list", create, input('"size": 1, "sizes": [-1e400]')],
    ["as a JSON value", create, input('"size": 1, "meta": 1e400')],
    ["inside a JSON value", create, input('"size": 1, "meta": {"a": [{"b": 1e400}]}')],
    ["in an Int", create, input('"size": 1, "count": 1e400')],
    ["in a BigInt", create, input('"size": 1, "big": 1e400')],
    ["in `patch.set`", patch, '{"patch": {"set": {"size": 1e400}}}'],
    ["in `patch.increment`", patch, '{"patch": {"increment": {"size": -1e400}}}'],
    ["in a filter", list, '{"filter": {"size": {"in": [1e400]}}}'],
    ["in a filter on JSON", list, '{"filter": {"meta": {"ne": [1e400]}}}'],
    [
      "that stands inside a JSON literal",
      'mutation ($x: Float!) { createThing(input: { id: "n", owner: "ann", size: 1, meta: { a: $x } }) { id } }',
      '{"x": 1e400}',
    ],
    [
      "of JSON that stands inside a JSON literal",
      'mutation ($x: JSON!) { createThing(input: { id: "n", owner: "ann", size: 1, meta: { a: $x } }) { id } }',
      '{"x": [1e400]}',
    ],
    [
      "in createItem",
      'mutation ($item: JSON!) { createItem(container: "things", item: $item) }',
      '{"item": {"id": "n", "owner": "ann", "size": 1e400}}',
    ],
    [
      "in a parameter of SQL",
      'query ($p: [SqlParameter!]) { items(container: "things", query: "SELECT * FROM c", parameters: $p) { rows } }',
      '{"p": [{"name": "@s", "value": 1e400}]}',
    ],
  ])("%s", async (_name, query, variables) => {
    await expectRefused(query, variables, "BAD_USER_INPUT");
  });
});

describe("a number that can't be held is HTTP 400, whatever the client accepts", () => {
  const VARIABLE = "query ($s: Float) { things(filter: { size: { lt: $s } }) { totalCount } }";
  test.each(["*/*", "application/json", "application/graphql-response+json"])(
    "%s",
    async (accept) => {
      const ask = (query: string, variables = "{}") =>
        gateway.post(`{"query": ${JSON.stringify(query)}, "variables": ${variables}}`, {
          ...headers,
          accept,
        });
      const answers = [
        await ask(CREATE("size: 1e400")),
        await ask(CREATE("size: 1, count: 1e400")),
        await ask(CREATE("size: 1, meta: { a: 9007199254740993 }")),
        await ask(VARIABLE, '{"s": 1e400}'),
        await ask(
          'mutation ($m: JSON!) { createItem(container: "things", item: $m) }',
          '{"m": [[-1e400]]}',
        ),
      ];
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    },
  );

  test("while other refusals are 200 for who accepts application/json alone", async () => {
    const answer = await gateway.post(
      { query: VARIABLE, variables: { s: "many" } },
      { ...headers, accept: "application/json" },
    );
    expect(errorCodes(answer)).toEqual(["BAD_USER_INPUT"]);
    expect(answer.status).toBe(200);
  });
});

describe("a whole number beyond 2^53 in a JSON literal", () => {
  test.each([
    "9007199254740993",
    "-9007199254740993",
    "{ a: 9007199254740993 }",
    "[[{ a: [100000000000000000000] }]]",
  ])("is refused: %s", async (literal) => {
    await expectRefused(
      CREATE(`size: 1, meta: ${literal}`),
      undefined,
      "GRAPHQL_VALIDATION_FAILED",
    );
  });

  test("up to it is stored to the last digit", async () => {
    const query = `mutation { patchThing(id: "t", patch: { set: { meta: [9007199254740991, -9007199254740992, 1.5e300] } }) { meta } }`;
    const { data, text } = await post(query);
    expect(data?.patchThing).toEqual({ meta: [9007199254740991, -9007199254740992, 1.5e300] });
    expect(text).toContain("9007199254740991");
  });
});

test("a JSON literal has no enum values, and what a variable leaves out is left out", async () => {
  await expectRefused(CREATE("size: 1, meta: { a: OPEN }"), undefined, "GRAPHQL_VALIDATION_FAILED");
  const query = `mutation ($x: JSON) { patchThing(id: "t", patch: { set: { meta: { a: $x, b: [$x] } } }) { meta } }`;
  expect((await post(query)).data?.patchThing).toEqual({ meta: { b: [null] } });
  expect((await post(query, '{"x": null}')).data?.patchThing).toEqual({
    meta: { a: null, b: [null] },
  });
});

describe("a key of JSON that JavaScript would take for a prototype is a key like any other", () => {
  /** As JSON text: in JavaScript, `{ __proto__: … }` is something else. */
  const POISON =
    '{"__proto__": {"polluted": 1}, "a": [{"__proto__": 2}], "constructor": {"prototype": {"polluted": 1}}}';
  const asLiteral = (json: string) => json.replaceAll(/"(\w+)":/g, "$1:");

  const expectStored = async (id: string, meta: string) => {
    const { text, data } = await post(
      `{ thing(id: "${id}") { meta } things(filter: { id: { eq: "${id}" } }) { nodes { meta } } item(container: "things", id: "${id}") }`,
    );
    const compact = JSON.stringify(JSON.parse(meta));
    expect(text.split(`"meta":${compact}`)).toHaveLength(4);
    expect(data).toBeTruthy();
    for (const prototype of [Object.prototype, Array.prototype]) {
      expect(prototype).not.toHaveProperty("polluted");
    }
  };

  test.each([
    ["a literal", asLiteral(POISON), "{}"],
    ["a variable", "$meta", `{"meta": ${POISON}}`],
    ["a part of a literal", `$meta`, `{"meta": ${POISON}, "__proto__": {"polluted": 1}}`],
  ])("from %s, on create and in `patch.set`", async (_name, given, variables) => {
    const declared = given === "$meta" ? "($meta: JSON)" : "";
    const create = `mutation ${declared} { upsertThing(input: { id: "p", owner: "ann", size: 1, meta: ${given} }) { id } }`;
    expect((await post(create, variables)).errors).toEqual([]);
    await expectStored("p", POISON);
    expect((await post(PATCH("set: { meta: null }"))).errors).toEqual([]);
    const patch = `mutation ${declared} { patchThing(id: "t", patch: { set: { meta: ${given} } }) { id } }`;
    expect((await post(patch, variables)).errors).toEqual([]);
    await expectStored("t", POISON);
  });

  test("with a variable inside a literal", async () => {
    const query = `mutation ($x: JSON) { patchThing(id: "t", patch: { set: { meta: { __proto__: $x } } }) { meta } }`;
    const { text } = await post(query, '{"x": {"__proto__": [1]}}');
    expect(text).toContain('"meta":{"__proto__":{"__proto__":[1]}}');
    await expectStored("t", '{"__proto__": {"__proto__": [1]}}');
  });

  test("in a filter on JSON, and in a patch's condition", async () => {
    const upsert = `mutation ($meta: JSON) { upsertThing(input: { id: "p", owner: "ann", size: 1, meta: $meta }) { id } }`;
    await post(upsert, `{"meta": ${POISON}}`);
    const list = `query ($meta: JSON) { things(filter: { meta: { eq: $meta } }) { nodes { id } } }`;
    const idsOf = async (meta: string) => (await post(list, `{"meta": ${meta}}`)).data?.things;
    expect(await idsOf(POISON)).toEqual({ nodes: [{ id: "p" }] });
    expect(await idsOf(POISON.replace('"polluted": 1', '"polluted": 2'))).toEqual({ nodes: [] });
    const patch = `mutation ($meta: JSON) { patchThing(id: "p", patch: { set: { count: 5 } }, condition: { meta: { eq: $meta } }) { count } }`;
    expect((await post(patch, `{"meta": ${POISON}}`)).data?.patchThing).toEqual({ count: 5 });
    expect(errorCodes(await post(patch, '{"meta": {"a": [{}]}}'))).toEqual(["PRECONDITION_FAILED"]);
  });

  test("in items, parameters, rows and paths of the generic API", async () => {
    const item = `{"id": "g", "owner": "ann", "size": 1, "meta": ${POISON}, "__proto__": {"top": 1}}`;
    const create = 'mutation ($item: JSON!) { createItem(container: "things", item: $item) }';
    const created = await post(create, `{"item": ${item}}`);
    expect(created.errors).toEqual([]);
    expect(created.text).toContain('"__proto__":{"top":1}');
    await expectStored("g", POISON);
    const rows = `query ($v: JSON) { items(container: "things", query: "SELECT c[\\"__proto__\\"], c.meta FROM c WHERE c[\\"__proto__\\"] = @v", parameters: [{ name: "@v", value: $v }]) { rows } }`;
    const selected = await post(rows, '{"v": {"top": 1}}');
    expect(selected.text).toContain(
      `"rows":[{"__proto__":{"top":1},"meta":${JSON.stringify(JSON.parse(POISON))}}]`,
    );
    const patch = `mutation { patchItem(container: "things", id: "g", operations: [{ op: set, path: "/__proto__/top", value: { __proto__: 3 } }, { op: add, path: "/meta/constructor", value: 1 }]) }`;
    const patched = await post(patch);
    expect(patched.errors).toEqual([]);
    expect(patched.text).toContain('"__proto__":{"top":{"__proto__":3}}');
    const remove = `mutation { patchItem(container: "things", id: "g", operations: [{ op: remove, path: "/__proto__" }]) }`;
    expect((await post(remove)).text).not.toContain('"__proto__":{"top"');
  });

  test("as a stored name, also where the item is read, changed and replaced", async () => {
    const create = 'mutation ($item: JSON!) { upsertItem(container: "things", item: $item) }';
    await post(create, `{"item": {"id": "s", "owner": "ann", "size": 1, "__proto__": ${POISON}}}`);
    // An object that isn't there can't be set by Cosmos DB's patch.
    const rewrite = "set: { inner: { size: 1 } }, increment: { oddCount: 2 }";
    const patch = `mutation { patchThing(id: "s", patch: { ${rewrite} }) { odd oddCount inner { size } } }`;
    const { data, errors, text } = await post(patch);
    expect(errors).toEqual([]);
    expect(data?.patchThing).toMatchObject({ oddCount: 2, inner: { size: 1 } });
    expect(text).toContain(`"odd":${JSON.stringify(JSON.parse(POISON))}`);
    const both = `mutation ($odd: JSON) { patchThing(id: "s", patch: { set: { odd: $odd, inner: { meta: { __proto__: 1 } } }, increment: { oddCount: 1 } }) { odd oddCount inner { meta } } }`;
    await post('mutation { patchThing(id: "s", patch: { unset: [inner] }) { id } }');
    expect((await post(both, '{"odd": {"polluted": 1}}')).text).toContain(
      '{"odd":{"polluted":1},"oddCount":3,"inner":{"meta":{"__proto__":1}}}',
    );
    expect({}).not.toHaveProperty("polluted");
  });

  test("in a variable that no operation declares, and in an alias", async () => {
    const query = '{ __proto__: things(filter: { id: { eq: "t" } }) { __proto__: totalCount } }';
    const { text, errors } = await post(query, '{"__proto__": {"polluted": 1}}');
    expect(errors).toEqual([]);
    expect(text).toContain('"data":{"__proto__":{"__proto__":1}}');
  });

  test("a variable of that name, which GraphQL would lose, is refused", async () => {
    await expectRefused(
      "query ($__proto__: JSON) { things(filter: { meta: { eq: $__proto__ } }) { totalCount } }",
      '{"__proto__": {"a": 1}}',
      "GRAPHQL_VALIDATION_FAILED",
    );
  });
});
