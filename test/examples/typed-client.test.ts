import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeOrder } from "../../examples/typed-client/change-order.ts";
import { createGatewayClient } from "../../examples/typed-client/gateway-client.ts";
import {
  CreateOrderDocument,
  ListOrdersDocument,
  ReadOrderDocument,
} from "../../examples/typed-client/generated/operations.ts";
import { OperationError } from "../../examples/typed-client/operation-error.ts";
import { orderPages } from "../../examples/typed-client/order-pages.ts";
import { ROOT } from "../commands/run-command.ts";
import { itemRequests } from "../emulator-controls.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "../features/gateway-under-test.ts";

const FOLDER = `${ROOT}/examples/typed-client`;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

const clientOf = (caller: string) =>
  createGatewayClient({ url: gateway.url, bearerToken: () => gateway.bearerTokenOf(caller) });

test("the program prints what its README says, and every item request has a resource token", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    `${FOLDER}/main.ts`,
    gateway.address,
  ]);
  expect(stderr).toBe("");
  const readme = readFileSync(`${FOLDER}/README.md`, "utf8");
  expect(stdout).toBe(/^```\n(The member[\s\S]*?)^```/m.exec(readme)?.[1]);

  const sent = itemRequests(await gateway.requests());
  expect(new Set(sent.map(({ authorization }) => authorization))).toEqual(new Set(["resource"]));
  expect(new Set(sent.map(({ cosmosUser }) => cosmosUser))).toEqual(
    new Set(["member:contoso:contoso-member", "manager:contoso:contoso-manager"]),
  );
});

test("the pages are the whole list, each order once", async () => {
  const member = clientOf("contoso-member");
  const pages: string[][] = [];
  for await (const orders of orderPages(member, 5)) {
    pages.push(orders.map(({ id }) => id));
  }
  expect(pages.map((page) => page.length)).toEqual([5, 5, 2]);
  const { orders } = await member(ListOrdersDocument, { first: 100 });
  expect(pages.flat()).toEqual(orders?.nodes.map((order) => order?.id));
});

test("concurrent changes of one order all arrive", async () => {
  const manager = clientOf("contoso-manager");
  const { order: before } = await manager(ReadOrderDocument, { id: "order-5" });
  const raise = () =>
    changeOrder(manager, "order-5", (order) => ({ ...order, total: order.total + 1 }));
  await Promise.all([raise(), raise(), raise()]);
  const { order: after } = await manager(ReadOrderDocument, { id: "order-5" });
  expect(after?.total).toBe((before?.total ?? 0) + 3);
});

test("a refused bearer token is an error with a code, as a refused operation is", async () => {
  const forger = createGatewayClient({ url: gateway.url, bearerToken: async () => "forged" });
  const unauthenticated = await forger(ReadOrderDocument, { id: "order-1" }).catch(Object);
  expect(unauthenticated).toBeInstanceOf(OperationError);
  expect(unauthenticated.code).toBe("UNAUTHENTICATED");

  const input = {
    tenantId: "fabrikam",
    status: "OPEN" as const,
    total: 1,
    lines: [],
    customerId: "c",
    createdAt: "2026-01-01T00:00:00Z",
  };
  const forbidden = await clientOf("contoso-manager")(CreateOrderDocument, { input }).catch(Object);
  expect(forbidden.code).toBe("FORBIDDEN");
});

test("what is no answer of the gateway is told as such", async () => {
  const proxy = createServer((_request, response) => {
    response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/graphql`;
  const run = createGatewayClient({ url, bearerToken: async () => "any" });
  await expect(run(ReadOrderDocument, { id: "order-1" })).rejects.toThrow(/HTTP 502/);
  proxy.close();
});

test("every file that the README links to is there", () => {
  const readme = readFileSync(`${FOLDER}/README.md`, "utf8");
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => String(path));
  expect(links.length).toBeGreaterThan(5);
  for (const path of links) {
    expect(() => readFileSync(`${FOLDER}/${path}`), path).not.toThrow();
  }
});
