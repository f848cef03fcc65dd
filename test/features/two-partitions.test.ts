import { afterAll, beforeAll, expect, test } from "vitest";
import { itemRequests } from "../emulator-controls.ts";
import {
  ListOrderEdgesDocument,
  type ListOrderEdgesQuery,
  ReadTwoTenantsDocument,
} from "../generated/operations.ts";
import {
  errorCodes,
  type GatewayUnderTest,
  type GraphQLAnswer,
  startGatewayUnderTest,
} from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

test("one operation reads both partitions that a caller has permissions on", async () => {
  const auditor = await gateway.as("auditor");
  await gateway.forgetRequests();
  const { data, errors } = await auditor.run(ReadTwoTenantsDocument, {
    first: "contoso",
    second: "fabrikam",
  });
  expect(errors).toEqual([]);
  expect(data?.first?.nodes).toHaveLength(12);
  expect(data?.second?.nodes).toHaveLength(7);
  expect(new Set(data?.first?.nodes.map((order) => order?.tenantId))).toEqual(new Set(["contoso"]));

  const queries = itemRequests(await gateway.requests());
  expect(queries.map(({ partitionKey, cosmosUser }) => [partitionKey, cosmosUser])).toEqual(
    expect.arrayContaining([
      [["contoso"], "auditor:auditor"],
      [["fabrikam"], "auditor:auditor"],
    ]),
  );
  // Each partition was read with the token of its own permission.
  expect(new Set(queries.map(({ permissionId }) => permissionId)).size).toBe(2);
});

test("a third partition is FORBIDDEN, and the other field is answered all the same", async () => {
  const auditor = await gateway.as("auditor");
  const answer = await auditor.run(ReadTwoTenantsDocument, { first: "contoso", second: "other" });
  expect(errorCodes(answer)).toEqual(["FORBIDDEN"]);
  expect(answer.data?.first?.nodes).toHaveLength(12);
  expect(answer.data?.second).toBeNull();
});

test("a list without a partition goes through both, page by page, without gaps or repeats", async () => {
  const auditor = await gateway.as("auditor");
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 20; page += 1) {
    const answer: GraphQLAnswer<ListOrderEdgesQuery> = await auditor.run(ListOrderEdgesDocument, {
      first: 4,
      after,
    });
    expect(answer.errors).toEqual([]);
    const orders: ListOrderEdgesQuery["orders"] | undefined = answer.data?.orders;
    expect(orders?.totalCount).toBe(19);
    seen.push(...(orders?.edges.map(({ node }) => `${node?.tenantId}/${node?.id}`) ?? []));
    if (!orders?.pageInfo.hasNextPage) {
      break;
    }
    after = orders.pageInfo.endCursor ?? null;
  }
  expect(seen).toHaveLength(19);
  expect(new Set(seen).size).toBe(19);
});

test("a cursor of one caller is no cursor for another", async () => {
  const [auditor, manager] = await Promise.all([
    gateway.as("auditor"),
    gateway.as("contoso-manager"),
  ]);
  const variables = { tenantId: "contoso", first: 2 };
  const page = await auditor.run(ListOrderEdgesDocument, variables);
  const after = page.data?.orders?.pageInfo.endCursor ?? "";
  const foreign = await manager.run(ListOrderEdgesDocument, { ...variables, after });
  expect(errorCodes(foreign)).toEqual(["BAD_USER_INPUT"]);
  const altered = await auditor.run(ListOrderEdgesDocument, { ...variables, after: `${after}A` });
  expect(errorCodes(altered)).toEqual(["BAD_USER_INPUT"]);
});
