import { afterAll, beforeAll, expect, test } from "vitest";
import { CreateOrderDocument, ReadOrderDocument } from "../generated/operations.ts";
import { createAccountKeyHeader } from "./account-key-header.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";
import { newOrder } from "./new-order.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

const LIFETIME_SECONDS = 3600;
const GRACE_SECONDS = 300;

/** A resource token as someone with the account key gets it, and holds on to it. */
async function mintOwnToken(): Promise<string> {
  const path = "dbs/shop/users/member:contoso:contoso-member/permissions";
  const { headers } = createAccountKeyHeader({
    method: "GET",
    resourceType: "permissions",
    resourceLink: "dbs/shop/users/member:contoso:contoso-member",
    key: gateway.emulator.keys[0],
  });
  const response = await fetch(new URL(path, gateway.emulator.endpoint), { headers });
  const { Permissions } = (await response.json()) as {
    Permissions: { resource: string; _token: string }[];
  };
  const orders = Permissions.find(({ resource }) => resource === "dbs/shop/colls/orders");
  return orders?._token ?? "";
}

function readWith(resourceToken: string): Promise<Response> {
  return fetch(new URL("dbs/shop/colls/orders/docs/order-1", gateway.emulator.endpoint), {
    headers: {
      authorization: encodeURIComponent(resourceToken),
      "x-ms-documentdb-partitionkey": '["contoso"]',
      "x-ms-version": "2018-12-31",
    },
  });
}

test("past a token's lifetime and grace, the next request succeeds with one new feed read", async () => {
  const member = await gateway.as("contoso-member");
  await member.run(ReadOrderDocument, { id: "order-1" });
  const heldToken = await mintOwnToken();
  expect((await readWith(heldToken)).status).toBe(200);

  await gateway.advanceSeconds(LIFETIME_SECONDS + GRACE_SECONDS + 60);
  await gateway.forgetRequests();

  // The gateway's own clock did not move: it finds out by Cosmos DB's refusal.
  const answer = await member.run(ReadOrderDocument, { id: "order-1" });
  expect(answer.errors).toEqual([]);
  expect(answer.data?.order?.id).toBe("order-1");
  const requests = await gateway.requests();
  expect(requests.map(({ kind, status }) => [kind, status])).toEqual([
    ["read", 403],
    ["permission-feed", 200],
    ["read", 200],
  ]);

  // Whoever holds the old token directly is refused, in the service's words.
  const refused = await readWith(heldToken);
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain(
    "The authorization token is not valid at the current time. Please create another token and retry",
  );
});

test("1,000 callers that meet the end of a token at once cost one feed read", async () => {
  const member = await gateway.as("contoso-member");
  await member.run(ReadOrderDocument, { id: "order-1" });
  await gateway.advanceSeconds(LIFETIME_SECONDS + GRACE_SECONDS + 60);
  await gateway.forgetRequests();
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => member.run(ReadOrderDocument, { id: "order-1" })),
  );
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  const feeds = (await gateway.requests()).filter(({ kind }) => kind === "permission-feed");
  expect(feeds).toHaveLength(1);
});

test("a create that met the end of a token is carried out once", async () => {
  const manager = await gateway.as("contoso-manager");
  const input = newOrder;
  await manager.run(CreateOrderDocument, { input });
  await gateway.advanceSeconds(LIFETIME_SECONDS + GRACE_SECONDS + 60);
  await gateway.forgetRequests();
  const answer = await manager.run(CreateOrderDocument, { input });
  expect(answer.errors).toEqual([]);
  expect((await gateway.requests()).map(({ kind, status }) => [kind, status])).toEqual([
    ["create", 403],
    ["permission-feed", 200],
    ["create", 201],
  ]);
});
