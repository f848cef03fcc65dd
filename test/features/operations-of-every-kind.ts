import type { SampleCallerName } from "./marked-shop.ts";
import { newOrder } from "./new-order.ts";

export interface KindOfOperation {
  readonly as: SampleCallerName | "nobody" | "stranger";
  readonly query: string;
  readonly variables?: object;
  /** The code that some error of the answer must have; absent: it succeeds. */
  readonly fails?: string;
}

const ORDER =
  "id tenantId status total lines { sku quantity price } customerId createdAt _etag _ts";
const PAGE = `edges { cursor node { ${ORDER} } } pageInfo { startCursor endCursor } totalCount`;
const LIST = `query ($after: String, $tenantId: String) {
  orders(first: 3, after: $after, tenantId: $tenantId, orderBy: [{ total: DESC }]) { ${PAGE} }
}`;
const fabrikam = { tenantId: "fabrikam" };

const READS: readonly KindOfOperation[] = [
  { as: "contoso-member", query: LIST },
  { as: "auditor", query: LIST },
  { as: "fabrikam-manager", query: `{ order(id: "order-1") { ${ORDER} } }` },
  { as: "auditor", query: `{ order(id: "order-1") { ${ORDER} } }`, fails: "BAD_USER_INPUT" },
  {
    as: "contoso-member",
    query: `{ ordersAggregate { count sum { total } min { customerId } max { total } }
      carts { nodes { id ownerId lines { sku } _etag } }
      products(filter: { name: { contains: "desk" } }) { nodes { id name } } }`,
  },
  {
    as: "contoso-manager",
    query:
      "{ viewer { subject issuer profile cosmosUser permissions { container partitionKey } } }",
  },
  {
    as: "contoso-manager",
    query: `query { items(container: "orders", query: "SELECT * FROM c") { rows endCursor }
      item(container: "orders", id: "order-1", partitionKey: ["contoso"]) }`,
  },
  {
    as: "contoso-member",
    query: "mutation { issueResourceTokens { endpoint container partitionKey mode token } }",
  },
];

const FAILED_READS: readonly KindOfOperation[] = [
  { as: "contoso-member", query: LIST, variables: fabrikam, fails: "FORBIDDEN" },
  { as: "contoso-member", query: LIST, variables: { after: "abcd" }, fails: "BAD_USER_INPUT" },
  {
    as: "contoso-member",
    query: `{ order(id: "order-1", tenantId: "fabrikam") { ${ORDER} } }`,
    fails: "FORBIDDEN",
  },
  {
    as: "contoso-manager",
    query: `{ items(container: "orders", query: "SELECT FROM", partitionKey: ["contoso"]) { rows } }`,
    fails: "BAD_USER_INPUT",
  },
  { as: "contoso-manager", query: "{ carts { nodes { lines { sku } } } }", fails: "ITEM_MISFIT" },
  { as: "contoso-member", query: "{ order(id: 1", fails: "GRAPHQL_PARSE_FAILED" },
  { as: "contoso-member", query: "{ secrets }", fails: "GRAPHQL_VALIDATION_FAILED" },
  {
    as: "contoso-member",
    query: `{ ${"abcdefgh".replaceAll(/./g, "$&: orders(first: 1000) { nodes { id } } ")} }`,
    fails: "QUERY_TOO_EXPENSIVE",
  },
  { as: "nobody", query: LIST, fails: "UNAUTHENTICATED" },
  { as: "stranger", query: LIST, fails: "NO_ACCESS_PROFILE" },
];

const input = { ...newOrder, id: "leak-1" };
const create = `mutation ($input: OrderInput!) { createOrder(input: $input) { ${ORDER} } }`;
const WRITES: readonly KindOfOperation[] = [
  { as: "contoso-manager", query: create, variables: { input } },
  { as: "contoso-manager", query: create, variables: { input }, fails: "CONFLICT" },
  { as: "contoso-member", query: create, variables: { input }, fails: "FORBIDDEN" },
  {
    as: "contoso-manager",
    query: create,
    variables: { input: { ...input, ...fabrikam } },
    fails: "FORBIDDEN",
  },
  {
    as: "contoso-manager",
    query: `mutation { patchOrder(id: "leak-1", ifMatch: "none", patch: { set: { status: PAID } }) { id } }`,
    fails: "PRECONDITION_FAILED",
  },
  {
    as: "contoso-manager",
    query: `mutation { patchOrder(id: "leak-1", patch: { increment: { total: 1 } }) { ${ORDER} } }`,
  },
  {
    as: "contoso-manager",
    query: `mutation ($input: OrderInput!) { upsertOrder(input: $input) { ${ORDER} }
      replaceOrder(id: "leak-1", input: $input) { ${ORDER} } }`,
    variables: { input },
  },
  {
    as: "contoso-manager",
    query: `mutation ($operations: [OrderOperation!]!) {
      transactOrders(operations: $operations) { ${ORDER} } }`,
    variables: {
      operations: [{ create: { input: { ...input, id: "leak-2" } } }, { create: { input } }],
    },
    fails: "CONFLICT",
  },
  { as: "contoso-manager", query: `mutation { deleteOrder(id: "leak-1") }` },
  {
    as: "contoso-manager",
    query: `mutation { deleteOrder(id: "leak-1") }`,
    fails: "NOT_FOUND",
  },
];

/** Reads, writes and failures of the sample shop, in an order in which each does what it says. */
export const OPERATIONS_OF_EVERY_KIND: readonly KindOfOperation[] = [
  ...READS,
  ...FAILED_READS,
  ...WRITES,
];
