/** Texts of any kind: stored, read and searched for as they are. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GatewayUnderTest } from "./gateway-under-test.ts";
import { newOrder } from "./new-order.ts";
import { type Data, idsOf, startWithWritingManager } from "./writing-manager.ts";

let gateway: GatewayUnderTest;
let run: (query: string, variables?: object) => Promise<Data>;
beforeAll(async () => {
  ({ gateway, run } = await startWithWritingManager());
});
afterAll(() => gateway.stop());

const TEXTS = {
  percent: "100 % cotton",
  underscore: "a_b",
  like: "a%b_c[d]^-",
  single: "it's O'Neil's",
  double: 'he said "no"',
  backslash: "C:\\new\\temp\\",
  injection: "' OR 1=1 -- \" }] /*",
  parameter: "@p0 $p c.id {id}",
  lines: "first\nsecond\r\n\tthird",
  emoji: "👩‍👩‍👧‍👦 flag 🇩🇪",
  combining: "e\u0301 is not é",
  rightToLeft: "שלום عليكم",
  lower: "straße",
  upper: "STRASSE",
  blank: "  spaces  ",
  empty: "",
  nul: "a\u0000b",
  long: "0123456789".repeat(1024),
};
const entries = Object.entries(TEXTS);

beforeAll(async () => {
  for (const [id, name] of entries) {
    const input = { id, category: "texts", name, price: 1 };
    await run("mutation ($input: ProductInput!) { createProduct(input: $input) { id } }", {
      input,
    });
  }
});

const find = async (filter: object, category?: string) => {
  const data = await run(
    `query ($filter: ProductFilter, $category: String) {
        products(filter: $filter, category: $category, first: 100) { nodes { id name } }
      }`,
    { filter: { and: [{ category: { eq: "texts" } }, filter] }, category },
  );
  return idsOf(data.products).sort();
};
const idsWhere = (fits: (text: string) => boolean) =>
  entries.flatMap(([id, text]) => (fits(text) ? [id] : [])).sort();

test.each(entries)(
  "with %s in it comes back as it was, and is found by itself",
  async (id, text) => {
    const read = await run(`query ($id: ID!) { product(id: $id, category: "texts") { name } }`, {
      id,
    });
    expect(read.product.name).toBe(text);
    expect(await find({ name: { eq: text } }, "texts")).toEqual([id]);
    expect(await find({ name: { in: [text] } })).toEqual([id]);
    expect(await find({ name: { startsWith: text } }, "texts")).toEqual(
      idsWhere((each) => each.startsWith(text)),
    );
    expect(await find({ name: { endsWith: text } }, "texts")).toEqual(
      idsWhere((each) => each.endsWith(text)),
    );
    expect(await find({ name: { contains: text } }, "texts")).toEqual(
      idsWhere((each) => each.includes(text)),
    );
  },
);

test.each(["%", "_", "'", '"', "\\", "\n", "👧", "🇩🇪", "[d]", "--", " ", "9012"])(
  "%j is searched for as it is: no character means another",
  async (part) => {
    expect(await find({ name: { contains: part } }, "texts")).toEqual(
      idsWhere((each) => each.includes(part)),
    );
  },
);

test("texts are told apart by case", async () => {
  expect(await find({ name: { eq: "Straße" } })).toEqual([]);
  expect(await find({ name: { contains: "TRA" } })).toEqual(["upper"]);
  expect(await find({ name: { contains: "tra" } })).toEqual(["lower"]);
  expect(await find({ name: { startsWith: "STR" } })).toEqual(["upper"]);
});

test("a text in an operation's own text is escaped as GraphQL has it", async () => {
  const data = await run(`{
      quoted: products(filter: { name: { eq: "he said \\"no\\"" } }) { nodes { id } }
      block: products(filter: { name: { eq: """it's O'Neil's""" } }) { nodes { id } }
      escaped: products(filter: { name: { eq: "C:\\\\new\\\\temp\\\\" } }) { nodes { id } }
      unicode: products(filter: { name: { eq: "stra\\u00DFe" } }) { nodes { id } }
    }`);
  expect(idsOf(data.quoted)).toEqual(["double"]);
  expect(idsOf(data.block)).toEqual(["single"]);
  expect(idsOf(data.escaped)).toEqual(["backslash"]);
  expect(idsOf(data.unicode)).toEqual(["lower"]);
});

test("no text goes into a query's text", async () => {
  await gateway.forgetRequests();
  await find({ name: { eq: TEXTS.injection } }, "texts");
  await find({ name: { contains: TEXTS.injection } });
  const queries = (await gateway.requests()).flatMap(({ query }) => query ?? []);
  expect(queries.length).toBeGreaterThanOrEqual(2);
  for (const query of queries) {
    expect(query).not.toContain("1=1");
  }
});

test("a text is an id, too, as far as Cosmos DB takes it", async () => {
  for (const id of ["it's 100 %_", 'say "no"', "👩‍👧", "a&b=c;d+e", "ü.é"]) {
    const input = { ...newOrder, id };
    await run("mutation ($input: OrderInput!) { createOrder(input: $input) { id } }", { input });
    const query =
      "query ($id: ID!) { order(id: $id) { id } orders(filter: { id: { eq: $id } }) { nodes { id } } }";
    expect(await run(query, { id })).toEqual({ order: { id }, orders: { nodes: [{ id }] } });
    await run("mutation ($id: ID!) { deleteOrder(id: $id) }", { id });
  }
});
