import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { itemRequests } from "../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "./api-under-test.ts";

const MODEL = `
"A paper of a tenant."
interface Document @container(name: "documents") {
  id: ID!
  title: String
  author: Person
  createdAt: DateTime!
}
union Bill @container(name: "documents") = Invoice | Order

type Invoice implements Document
    @container(name: "documents", discriminator: { field: "kind", value: "invoice" }) {
  id: ID!
  tenantId: String! @partitionKey
  title: String @name(is: "heading")
  createdAt: DateTime!
  authorId: ID!
  author: Person @reference(id: "authorId", partitionKey: "tenantId")
  total: Float!
  due: Date
}
type Order implements Document
    @container(name: "documents", discriminator: { field: "kind", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  title: String! @name(is: "heading")
  createdAt: DateTime!
  authorId: ID
  author: Person @reference(id: "authorId")
  total: Float
  lines: [Line!]!
}
type Note implements Document
    @container(name: "documents", discriminator: { field: "kind", value: "note" }) {
  id: ID!
  tenantId: String! @partitionKey
  title: String! @name(is: "heading")
  createdAt: DateTime!
  author: Person @reference(id: "writerId")
  writerId: ID
  text: String!
}
type Line { sku: String! }
type Person @container(name: "people") { id: ID! tenantId: String! @partitionKey name: String! }
`;

const paper = (kind: string, id: string, tenantId: string, day: number, more: object) => ({
  id,
  kind,
  tenantId,
  heading: `${kind} ${id}`,
  createdAt: `2026-01-0${day}T00:00:00Z`,
  secret: "not of the model",
  ...more,
});

const DOCUMENTS = ["contoso", "fabrikam"].flatMap((tenantId) => [
  paper("invoice", "d1", tenantId, 3, { authorId: "p1", total: 10, due: "2026-02-01" }),
  paper("order", "d2", tenantId, 1, { authorId: "p2", total: 30, lines: [{ sku: "a" }] }),
  paper("note", "d3", tenantId, 2, { writerId: "p1", text: "hello" }),
  paper("order", "d4", tenantId, 5, { lines: [] }),
  paper("draft", "d5", tenantId, 4, { total: 99 }),
  { id: "d6", tenantId, heading: "of no kind", createdAt: "2026-01-06T00:00:00Z" },
]);

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    containers: [
      { id: "documents", partitionKey: { paths: ["/tenantId"] }, items: DOCUMENTS },
      {
        id: "people",
        partitionKey: { paths: ["/tenantId"] },
        items: [
          { id: "p1", tenantId: "contoso", name: "Ann" },
          { id: "p2", tenantId: "contoso", name: "Bob" },
        ],
      },
    ],
  });
});
afterAll(() => api.stop());
beforeEach(() => api.forgetRequests());

const contoso = { partitionKey: ["contoso"], mode: "Read" } as const;
const member = () =>
  api.as("member", { container: "documents", ...contoso }, { container: "people", ...contoso });
const queries = async () =>
  itemRequests(await api.requests()).filter(({ kind }) => kind !== "query-plan");

test("an interface lists the items of all its types with one query, and no others", async () => {
  await member()(`{ documents(first: 1) { nodes { id } } }`);
  await api.forgetRequests();
  const { data, errors } = await member()(
    `{ documents { totalCount nodes { __typename id title } } }`,
  );
  expect(errors).toEqual([]);
  expect(data.documents).toEqual({
    totalCount: 4,
    nodes: [
      { __typename: "Invoice", id: "d1", title: "invoice d1" },
      { __typename: "Order", id: "d2", title: "order d2" },
      { __typename: "Note", id: "d3", title: "note d3" },
      { __typename: "Order", id: "d4", title: "order d4" },
    ],
  });
  const sent = await queries();
  expect(sent).toHaveLength(2);
  const [rows] = sent.map(({ query }) => query ?? "").filter((query) => !query.includes("COUNT"));
  expect(rows).toContain(`c["kind"] IN (@p0, @p1, @p2)`);
});

test("fragments select what only some types have, and no more than that is read", async () => {
  await member()(`{ documents(first: 1) { nodes { id } } }`);
  await api.forgetRequests();
  const { data, errors } = await member()(`
    query { documents(orderBy: [{ createdAt: DESC }], first: 3) {
      edges { node { when: createdAt ... on Invoice { due } ...order ... on Note { text } } }
    } }
    fragment order on Order { lines { sku } total }
  `);
  expect(errors).toEqual([]);
  expect(data.documents.edges.map(({ node }: { node: object }) => node)).toEqual([
    { when: "2026-01-05T00:00:00Z", lines: [], total: null },
    { when: "2026-01-03T00:00:00Z", due: "2026-02-01" },
    { when: "2026-01-02T00:00:00Z", text: "hello" },
  ]);
  const [query = ""] = (await queries()).map((request) => request.query ?? "");
  const selected = /VALUE \{(.*?)\}/.exec(query)?.[1] ?? "";
  const names = [...selected.matchAll(/"(\w+)":/g)].map(([, name]) => name);
  expect(names.toSorted()).toEqual(
    ["createdAt", "due", "id", "kind", "lines", "tenantId", "text", "total"].toSorted(),
  );
});

test("fields of the interface filter and order over all types, page by page", async () => {
  const first = await member()(
    `{ documents(filter: { title: { contains: "d" } }, orderBy: [{ title: DESC }], first: 2) { nodes { id } pageInfo { endCursor hasNextPage } } }`,
  );
  expect(first.data.documents.nodes).toEqual([{ id: "d4" }, { id: "d2" }]);
  const second = await member()(
    `query ($after: String) { documents(filter: { title: { contains: "d" } }, orderBy: [{ title: DESC }], first: 2, after: $after) { nodes { id } pageInfo { hasNextPage } } }`,
    { after: first.data.documents.pageInfo.endCursor },
  );
  expect(second.data.documents).toEqual({
    nodes: [{ id: "d3" }, { id: "d1" }],
    pageInfo: { hasNextPage: false },
  });
});

test("a union lists its own types alone, and filters by what they share", async () => {
  const { data, errors } = await member()(
    `{ bills(filter: { total: { gte: 10 } }, orderBy: [{ total: DESC }]) { nodes { __typename ... on Order { id total } ... on Invoice { id due } } } }`,
  );
  expect(errors).toEqual([]);
  expect(data.bills.nodes).toEqual([
    { __typename: "Order", id: "d2", total: 30 },
    { __typename: "Invoice", id: "d1", due: "2026-02-01" },
  ]);
  const filter = api.schema.getType("BillFilter");
  const names = filter !== undefined && "getFields" in filter && Object.keys(filter.getFields());
  expect(names).toEqual(
    ["id", "tenantId", "title", "createdAt", "authorId", "total"].concat("and", "or", "not"),
  );
});

test("a point read gives the item as its type; of no type of these, null", async () => {
  const { data, errors } = await member()(`{
    invoice: document(id: "d1") { __typename title ... on Invoice { due } }
    draft: document(id: "d5") { __typename }
    note: bill(id: "d3") { __typename }
    order: bill(id: "d2", tenantId: "contoso") { ... on Order { total } }
  }`);
  expect(errors).toEqual([]);
  expect(data).toEqual({
    invoice: { __typename: "Invoice", title: "invoice d1", due: "2026-02-01" },
    draft: null,
    note: null,
    order: { total: 30 },
  });
  expect((await queries()).map(({ method }) => method)).toEqual(["GET", "GET", "GET", "GET"]);
});

test("a reference of the interface is read as each type has it", async () => {
  const { data, errors } = await member()(`{ documents { nodes { id author { name } } } }`);
  expect(errors).toEqual([]);
  expect(data.documents.nodes.map((node: { author: unknown }) => node.author)).toEqual([
    { name: "Ann" },
    { name: "Bob" },
    { name: "Ann" },
    null,
  ]);
});

test("permissions on several partitions list over all of them; without any, FORBIDDEN", async () => {
  const both = api.as(
    "both",
    { container: "documents", ...contoso },
    { container: "documents", partitionKey: ["fabrikam"], mode: "Read" },
  );
  const { data } = await both(`{ documents { totalCount nodes { id } } bills { totalCount } }`);
  expect(data.documents.totalCount).toBe(8);
  expect(data.documents.nodes.map(({ id }: { id: string }) => id)).toEqual([
    "d1",
    "d1",
    "d2",
    "d2",
    "d3",
    "d3",
    "d4",
    "d4",
  ]);
  expect(data.bills.totalCount).toBe(6);
  const stranger = api.as("stranger", { container: "people", ...contoso });
  expect((await stranger(`{ documents { totalCount } }`)).codes).toEqual(["FORBIDDEN"]);
  expect((await member()(`{ documents(tenantId: "fabrikam") { totalCount } }`)).codes).toEqual([
    "FORBIDDEN",
  ]);
});

test("there is nothing to write over several types", () => {
  const names = Object.keys(api.schema.getMutationType()?.getFields() ?? {});
  expect(names.filter((name) => /Document|Bill/.test(name))).toEqual([]);
});
