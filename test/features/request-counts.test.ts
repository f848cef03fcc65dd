import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  CreateOrderDocument,
  ListOrdersDocument,
  ReadOrderDocument,
} from "../generated/operations.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";
import { newOrder } from "./new-order.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.forgetRequests());

test("1,000 concurrent first requests of one Cosmos user read its permission feed once", async () => {
  // Under Cosmos DB's eyes all of these are one user: the subject is in its id.
  const newcomer = await gateway.as({ sub: "newcomer", tid: "contoso", roles: ["member"] });
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => newcomer.run(ReadOrderDocument, { id: "order-1" })),
  );
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  expect(answers.every(({ data }) => data?.order?.id === "order-1")).toBe(true);

  const requests = await gateway.requests();
  const ofUser = requests.filter(({ path }) => path.includes("newcomer"));
  expect(ofUser.filter(({ kind }) => kind === "permission-feed")).toHaveLength(1);
  // One user and three permissions were made, each once.
  expect(ofUser.filter(({ method }) => method === "POST")).toHaveLength(3);
  expect(requests.filter(({ path }) => path === "/dbs/shop/users")).toHaveLength(1);
  expect(
    requests.filter(({ kind, path }) => kind === "read" && path.includes("/docs/")),
  ).toHaveLength(1_000);
});

describe("a warm caller", () => {
  test("reads an item with one request to Cosmos DB", async () => {
    const manager = await gateway.as("contoso-manager");
    await manager.run(ReadOrderDocument, { id: "order-1" });
    await gateway.forgetRequests();
    const answer = await manager.run(ReadOrderDocument, { id: "order-1" });
    expect(answer.data?.order?.id).toBe("order-1");
    expect(await gateway.requests()).toMatchObject([
      { method: "GET", kind: "read", authorization: "resource", status: 200 },
    ]);
    expect(answer.extensions.cosmos).toEqual({ requestCharge: 1, requests: 1 });
  });

  test("creates an item with one request", async () => {
    const manager = await gateway.as("contoso-manager");
    await manager.run(CreateOrderDocument, { input: newOrder });
    await gateway.forgetRequests();
    await manager.run(CreateOrderDocument, { input: newOrder });
    expect(await gateway.requests()).toMatchObject([
      { method: "POST", kind: "create", authorization: "resource", status: 201 },
    ]);
  });

  test("lists a page with one request, and no query plan", async () => {
    const manager = await gateway.as("contoso-manager");
    await manager.run(ListOrdersDocument, { first: 1 });
    await gateway.forgetRequests();
    await manager.run(ListOrdersDocument, { first: 5 });
    expect(await gateway.requests()).toMatchObject([
      { method: "POST", kind: "query", partitionKey: ["contoso"], status: 200 },
    ]);
  });
});

test("the account and container definitions are read once for all callers", async () => {
  const fresh = await startGatewayUnderTest();
  try {
    for (let index = 0; index < 50; index += 1) {
      const claims = { sub: `manager-${index}`, tid: "contoso", roles: ["manager"] };
      const caller = await fresh.as(claims);
      const created = await caller.run(CreateOrderDocument, { input: newOrder });
      expect(created.errors).toEqual([]);
    }
    const metadata = (await fresh.requests()).filter(
      ({ method, path }) =>
        method === "GET" && !path.includes("/users/") && !path.includes("/docs"),
    );
    const paths = metadata.map(({ path }) => path);
    expect(paths.filter((path) => path === "/").length).toBeLessThanOrEqual(1);
    expect(paths.filter((path) => path === "/dbs/shop/colls/orders")).toHaveLength(1);
    expect(paths.filter((path) => path.endsWith("/pkranges")).length).toBeLessThanOrEqual(1);
  } finally {
    await fresh.stop();
  }
});
