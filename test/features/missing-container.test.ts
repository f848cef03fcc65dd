import { CosmosClient } from "@azure/cosmos";
import { afterEach, describe, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { createLogger, createLogObserver } from "../../src/observability/log.ts";
import {
  errorCodes,
  type GatewaySetUp,
  type GatewayUnderTest,
  startGatewayUnderTest,
} from "./gateway-under-test.ts";

const MODEL = `
type Order @container(name: "orders") {
  id: ID!
  tenantId: String! @partitionKey
  customerId: ID!
  product: Product @reference(id: "customerId")
  carts: [Cart!] @reference(from: "orderId")
}
type Cart @container(name: "carts") {
  id: ID!
  ownerId: ID! @partitionKey
  orderId: ID
  note: String
}
type Product @container(name: "products") {
  id: ID!
  category: String! @partitionKey
}
`;

let nowMs = Date.now();
const clock = { nowMs: () => nowMs };
let gateway: GatewayUnderTest;
afterEach(() => gateway.stop());

/** The sample shop without some of its containers. */
async function startWithout(missing: readonly string[], setUp: Partial<GatewaySetUp> = {}) {
  const containers = SAMPLE_DATABASE.containers.filter(({ id }) => !missing.includes(id));
  gateway = await startGatewayUnderTest({
    database: { ...SAMPLE_DATABASE, containers },
    clock,
    ...setUp,
  });
}

function account() {
  return new CosmosClient({ endpoint: gateway.emulator.endpoint, key: gateway.emulator.keys[0] });
}

function createContainer(id: string, path: string) {
  return account()
    .database(SAMPLE_DATABASE.id)
    .containers.create({ id, partitionKey: { paths: [path] } });
}

async function readiness() {
  // An answer is kept for five seconds.
  nowMs += 5_000;
  const response = await fetch(`${gateway.address}/readyz`);
  return { status: response.status, body: await response.json() };
}

/** What the log would have of what was observed. */
function logOf({ observations }: GatewayUnderTest): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  const observe = createLogObserver(createLogger((line) => lines.push(line)));
  for (const each of observations) {
    observe(each);
  }
  return lines.map((line) => JSON.parse(line));
}

test("a missing container is named at start and by /readyz, and all else is served", async () => {
  await startWithout(["carts"]);
  expect(logOf(gateway)).toEqual([
    expect.objectContaining({
      level: "warn",
      event: "not-ready",
      probe: "containers",
      msg: 'Not ready: The database has no container "carts".',
    }),
  ]);
  expect(await readiness()).toEqual({
    status: 503,
    body: {
      ready: false,
      checks: { cosmos: "ok", containers: "failed", issuerKeys: "ok" },
      reasons: { containers: 'The database has no container "carts".' },
    },
  });
  const member = await gateway.as("contoso-member");
  const { data, errors } = await member.post("{ orders { totalCount } carts { totalCount } }");
  expect(errorCodes({ errors })).toEqual(["CONTAINER_MISSING"]);
  expect(errors[0]?.path).toEqual(["carts"]);
  expect(data === null || data?.carts === null).toBe(true);
});

test("beside a field that is truthfully null, one that can't be served leaves the answer a 200", async () => {
  await startWithout(["carts"]);
  const member = await gateway.as("contoso-member");
  const operation = '{ order(id: "no-such-order") { id } cart(id: "c") { id } }';
  const { status, data, errors } = await member.post(operation);
  expect(errorCodes({ errors })).toEqual(["CONTAINER_MISSING"]);
  expect(status).toBe(200);
  expect(data).toEqual({ order: null, cart: null });
});

const CART = '{ ownerId: "contoso-manager" }';

describe.each([
  ["first of all", false],
  ["after its definition was read, for it was deleted", true],
])("an operation on a container that is missing %s", (_when, isDeletedLater) => {
  test.each([
    ["a point read", '{ cart(id: "c") { id } }'],
    ["a list", "{ carts { nodes { id } } }"],
    ["a count", "{ carts { totalCount } }"],
    ["an aggregate", "{ cartsAggregate { count } }"],
    ["a create", `mutation { createCart(input: ${CART}) { id } }`],
    ["an upsert", `mutation { upsertCart(input: ${CART}) { id } }`],
    ["a replace", `mutation { replaceCart(id: "c", input: ${CART}) { id } }`],
    ["a patch", 'mutation { patchCart(id: "c", patch: { set: { note: "n" } }) { id } }'],
    ["a delete", 'mutation { deleteCart(id: "c") }'],
    [
      "a transaction",
      `mutation { transactCarts(operations: [{ create: { input: ${CART} } }]) { id } }`,
    ],
    ["several creates", `mutation { createCarts(inputs: [${CART}]) { id } }`],
    ["several deletes", 'mutation { deleteCarts(ids: ["c"]) }'],
    ["a reference", '{ order(id: "order-1") { product { id } } }'],
    ["a reverse reference", '{ order(id: "order-1") { carts { id } } }'],
    ["a list across partitions", "{ products { nodes { id } } }"],
    ["an ordered list across partitions", "{ products(orderBy: [{ id: ASC }]) { nodes { id } } }"],
    ["an aggregate across partitions", "{ productsAggregate { count } }"],
    [
      "a plain point read",
      `{ item(container: "carts", id: "c", partitionKey: ["contoso-manager"]) }`,
    ],
    ["a plain query", `{ items(container: "carts", query: "SELECT * FROM c") { rows } }`],
    [
      "a plain create",
      `mutation { createItem(container: "carts", item: { id: "c", ownerId: "contoso-manager" }) }`,
    ],
    [
      "a plain delete",
      `mutation { deleteItem(container: "carts", id: "c", partitionKey: ["contoso-manager"]) }`,
    ],
  ])("is CONTAINER_MISSING: %s", async (_what, operation) => {
    const missing = ["carts", "products"];
    await startWithout(isDeletedLater ? [] : missing, {
      model: MODEL,
      configure: (yaml) => `${yaml}\napi: { generic: true }\n`,
    });
    const manager = await gateway.as("contoso-manager");
    if (isDeletedLater) {
      const { errors } = await manager.post("{ carts { totalCount } products { totalCount } }");
      expect(errors).toEqual([]);
      const shop = account().database(SAMPLE_DATABASE.id);
      await Promise.all(missing.map((id) => shop.container(id).delete()));
      nowMs += 60_000;
    }
    const { status, data, errors, text } = await manager.post(operation);
    expect(errorCodes({ errors })).toEqual(["CONTAINER_MISSING"]);
    // Beside an item that was read, or with a place for each of several writes, it is a 200.
    const isPartOfAnswer = /order-1|inputs:|ids:/.test(operation);
    expect(data === null).toBe(!isPartOfAnswer);
    expect(status).toBe(isPartOfAnswer ? 200 : 503);
    // The name is for the log: a client knows types.
    expect(text).not.toMatch(/container \W*(carts|products)/);
    const name = /product/.test(operation) ? "products" : "carts";
    expect(logOf(gateway)).toContainEqual(
      expect.objectContaining({
        level: "warn",
        event: "container-missing",
        msg: expect.stringContaining(`the database has no container "${name}"`),
      }),
    );
  });
});

test("a list in several partitions of a missing container is CONTAINER_MISSING", async () => {
  await startWithout(["orders"]);
  const auditor = await gateway.as("auditor");
  const { errors } = await auditor.post("{ orders { nodes { id } } }");
  expect(errorCodes({ errors })).toEqual(["CONTAINER_MISSING"]);
});

test("who has no permission on a missing container is told that, and nothing of the container", async () => {
  await startWithout(["carts"]);
  const auditor = await gateway.as("auditor");
  expect(errorCodes(await auditor.post("{ carts { nodes { id } } }"))).toEqual(["FORBIDDEN"]);
});

test("a container that comes later is used at once, and readiness says so", async () => {
  await startWithout(["carts"], { model: MODEL });
  const manager = await gateway.as("contoso-manager");
  const create = () => manager.post(`mutation { createCart(input: ${CART}) { ownerId } }`);
  expect(errorCodes(await create())).toEqual(["CONTAINER_MISSING"]);
  expect(errorCodes(await manager.post("{ carts { totalCount } }"))).toEqual(["CONTAINER_MISSING"]);
  expect((await readiness()).status).toBe(503);

  await createContainer("carts", "/ownerId");
  expect((await create()).data).toEqual({ createCart: { ownerId: "contoso-manager" } });
  const { data } = await manager.post("{ carts { totalCount } }");
  expect(data).toEqual({ carts: { totalCount: 1 } });
  expect(await readiness()).toEqual({
    status: 200,
    body: { ready: true, checks: { cosmos: "ok", containers: "ok", issuerKeys: "ok" } },
  });
});

test("a container that comes later with another partition key than the model's is not ready", async () => {
  await startWithout(["carts"], { model: MODEL });
  await createContainer("carts", "/tenantId");
  expect((await readiness()).body).toEqual({
    ready: false,
    checks: { cosmos: "ok", containers: "failed", issuerKeys: "ok" },
  });
  expect(logOf(gateway).at(-1)).toMatchObject({
    msg: expect.stringContaining(
      'Type Cart has the partition key /ownerId, but its container "carts" has /tenantId',
    ),
  });
});

test("a container that goes is missed as soon as an operation meets it", async () => {
  await startWithout([], { model: MODEL });
  const manager = await gateway.as("contoso-manager");
  expect((await readiness()).status).toBe(200);
  await account().database(SAMPLE_DATABASE.id).container("carts").delete();
  expect(errorCodes(await manager.post("{ carts { totalCount } }"))).toEqual(["CONTAINER_MISSING"]);
  expect((await readiness()).body).toMatchObject({
    reasons: { containers: 'The database has no container "carts".' },
  });
});

test("readiness costs one request for each container that is missing, and none for the others", async () => {
  await startWithout(["carts"]);
  await readiness();
  await gateway.forgetRequests();
  await readiness();
  expect((await gateway.requests()).map(({ path }) => path)).toEqual([
    "/dbs/shop",
    "/dbs/shop/colls/carts",
  ]);
});

test("a database that goes and comes again is picked up without a restart", async () => {
  await startWithout([], { model: MODEL });
  const manager = await gateway.as("contoso-manager");
  expect(errorCodes(await manager.post("{ carts { totalCount } }"))).toEqual([]);
  await account().database(SAMPLE_DATABASE.id).delete();
  nowMs += 60_000;
  expect(errorCodes(await manager.post("{ carts { totalCount } }"))).toEqual(["CONTAINER_MISSING"]);
  expect((await readiness()).body).toEqual({
    ready: false,
    checks: { cosmos: "failed", containers: "unchecked", issuerKeys: "ok" },
  });

  await account().databases.create({ id: SAMPLE_DATABASE.id });
  for (const [id, path] of [
    ["orders", "/tenantId"],
    ["carts", "/ownerId"],
    ["products", "/category"],
  ] as const) {
    await createContainer(id, path);
  }
  expect((await readiness()).status).toBe(200);
  const { data } = await manager.post("{ carts { totalCount } }");
  expect(data).toEqual({ carts: { totalCount: 0 } });
});
