import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../emulator-controls.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const ROWS = `query ($query: String!, $key: JSON, $container: String! = "orders", $parameters: [SqlParameter!]) {
  items(container: $container, query: $query, partitionKey: $key, parameters: $parameters) {
    rows hasNextPage endCursor
  }
}`;

interface RowsAnswer {
  readonly items: {
    readonly rows: readonly unknown[];
    readonly hasNextPage: boolean;
    readonly endCursor: string | null;
  };
}

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    configure: (yaml) => `${yaml}\napi:\n  generic: true\nlimits:\n  requestTimeoutMs: 1500\n`,
  });
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.forgetRequests());

describe("raw SQL", () => {
  const rowsOf = async (query: string, variables: object = {}) => {
    const member = await gateway.as("contoso-member");
    const answer = await member.post<RowsAnswer>(ROWS, { query, ...variables });
    expect(answer.errors).toEqual([]);
    return answer.data?.items.rows;
  };

  test("sees the caller's own partition only, whatever it asks for", async () => {
    expect(await rowsOf("SELECT * FROM c WHERE c.tenantId = 'fabrikam'")).toEqual([]);
    expect(await rowsOf("SELECT DISTINCT VALUE c.tenantId FROM c")).toEqual(["contoso"]);
    expect(await rowsOf("SELECT VALUE COUNT(1) FROM c")).toEqual([12]);
    expect(await rowsOf("SELECT VALUE COUNT(1) FROM c WHERE c.tenantId != 'contoso'")).toEqual([0]);
    expect(
      await rowsOf("SELECT VALUE MAX(c.tenantId) FROM c WHERE c.tenantId = @t OR true", {
        parameters: [{ name: "@t", value: "fabrikam" }],
      }),
    ).toEqual(["contoso"]);
    // Cosmos DB was told the partition by a header, with the caller's own token, and decided.
    const sent = itemRequests(await gateway.requests());
    expect(sent).toHaveLength(5);
    for (const request of sent) {
      expect(request).toMatchObject({
        partitionKey: ["contoso"],
        authorization: "resource",
        cosmosUser: "member:contoso:contoso-member",
        status: 200,
      });
    }
  });

  test("of another tenant's partition is FORBIDDEN, and never sent", async () => {
    const member = await gateway.as("contoso-member");
    const query = "SELECT * FROM c";
    const foreign = await member.post(ROWS, { query, key: "fabrikam" });
    expect(errorCodes(foreign)).toEqual(["FORBIDDEN"]);
    const unknown = await member.post(ROWS, { query, container: "secrets" });
    expect(errorCodes(unknown)).toEqual(["FORBIDDEN"]);
    expect(itemRequests(await gateway.requests())).toEqual([]);
  });

  test("is decided by Cosmos DB: a header that the token does not fit is 403", async () => {
    // A permission that was taken down to reading since: the gateway's own look would not notice.
    const member = await gateway.as("contoso-member");
    const write = `mutation { createItem(container: "orders", item: { tenantId: "contoso" }) }`;
    expect(errorCodes(await member.post(write))).toEqual(["FORBIDDEN"]);
    const [sent] = itemRequests(await gateway.requests());
    expect(sent).toMatchObject({ status: 403, authorization: "resource" });
  });

  test("calls no function but Cosmos DB's own, and no function of the container that is not there", async () => {
    const member = await gateway.as("contoso-member");
    for (const call of ["udf.readAll(c)", "process.exit(1)", "eval('1')", "constructor(c)"]) {
      const answer = await member.post(ROWS, { query: `SELECT VALUE ${call} FROM c` });
      expect(errorCodes(answer)).toEqual(["BAD_USER_INPUT"]);
    }
  });

  test("goes across partitions only under a permission on the container", async () => {
    const products = await rowsOf("SELECT VALUE c.category FROM c", { container: "products" });
    expect(new Set(products).size).toBeGreaterThan(1);
    const auditor = await gateway.as("auditor");
    const several = await auditor.post(ROWS, { query: "SELECT * FROM c" });
    expect(errorCodes(several)).toEqual(["BAD_USER_INPUT"]);
    expect(several.errors[0]?.message).toContain("Give `partitionKey`");
    const query = "SELECT DISTINCT VALUE c.tenantId FROM c";
    for (const tenant of ["contoso", "fabrikam"]) {
      const one = await auditor.post<RowsAnswer>(ROWS, { query, key: tenant });
      expect(one.data?.items.rows).toEqual([tenant]);
    }
  });

  test("that takes too long is TIMEOUT", async () => {
    const member = await gateway.as("contoso-member");
    await member.post("{ viewer { subject } }");
    await gateway.addFault({ match: { method: "POST", path: "orders/docs" }, delayMs: 10_000 });
    const answer = await member.post(ROWS, { query: "SELECT * FROM c" });
    expect(errorCodes(answer)).toEqual(["TIMEOUT"]);
    await gateway.clearFaults();
  });

  test("that multiplies its rows without end is stopped, and the gateway lives on", async () => {
    const member = await gateway.as("contoso-member");
    const joins = Array.from({ length: 8 }, (_, index) => `JOIN a${index} IN (SELECT VALUE @list)`);
    const answer = await member.post(ROWS, {
      query: `SELECT VALUE COUNT(1) FROM c ${joins.join(" ")}`,
      parameters: [{ name: "@list", value: Array.from({ length: 100 }, (_, index) => index) }],
    });
    expect(errorCodes(answer)).toEqual(["TIMEOUT"]);
    expect((await member.post("{ viewer { subject } }")).errors).toEqual([]);
  });
});

test("an item is created, read, patched and deleted in its own partition", async () => {
  const member = await gateway.as("contoso-member");
  const created = await member.post(
    `mutation ($item: JSON!) { createItem(container: "carts", item: $item) }`,
    { item: { id: "plain", ownerId: "contoso-member", anything: [{ a: null }] } },
  );
  expect(created.errors).toEqual([]);
  expect(created.data).toMatchObject({ createItem: { anything: [{ a: null }] } });
  const patched = await member.post(
    `mutation { patchItem(container: "carts", id: "plain", operations: [{ op: set, path: "/lines", value: [] }]) }`,
  );
  expect(patched.data).toMatchObject({ patchItem: { lines: [] } });
  // The same item under its model.
  const typed = await member.post(`{ cart(id: "plain") { id lines { sku } } }`);
  expect(typed.data).toEqual({ cart: { id: "plain", lines: [] } });

  const manager = await gateway.as("contoso-manager");
  const foreign = await manager.post(
    `{ item(container: "carts", id: "plain", partitionKey: "contoso-member") }`,
  );
  expect(errorCodes(foreign)).toEqual(["FORBIDDEN"]);
  const mine = await manager.post(`{ item(container: "carts", id: "plain") }`);
  expect(mine).toMatchObject({ errors: [], data: { item: null } });

  const removed = await member.post(`mutation { deleteItem(container: "carts", id: "plain") }`);
  expect(removed.data).toEqual({ deleteItem: "plain" });
});

test("without api.generic there are no such operations", async () => {
  const plain = await startGatewayUnderTest();
  try {
    const member = await plain.as("contoso-member");
    for (const operation of [
      `{ item(container: "carts", id: "1") }`,
      `{ items(container: "carts", query: "SELECT * FROM c") { rows } }`,
      `mutation { createItem(container: "carts", item: {}) }`,
      `mutation { deleteItem(container: "carts", id: "1") }`,
    ]) {
      expect(errorCodes(await member.post(operation))).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
    }
  } finally {
    await plain.stop();
  }
});
