import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { itemRequests } from "../emulator-controls.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const BY_STATUS = `query ($tenantId: String) {
  ordersAggregate(tenantId: $tenantId) {
    count
    average { total }
    groupBy(fields: [status]) { key { status } count sum { total } average { total } max { total } }
  }
}`;

interface Group {
  readonly key: { readonly status: string };
  readonly count: number;
  readonly sum: { readonly total: number };
  readonly average: { readonly total: number };
  readonly max: { readonly total: number };
}

interface Answer {
  readonly ordersAggregate: {
    readonly count: number;
    readonly average: { readonly total: number };
    readonly groupBy: readonly Group[];
  };
}

/** As the sample data has them. */
interface StoredOrder {
  readonly tenantId: string;
  readonly status: string;
  readonly total: number;
}

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.forgetRequests());

function expectedOf(tenants: readonly string[]) {
  const items = SAMPLE_DATABASE.containers.find(({ id }) => id === "orders")?.items ?? [];
  // The sample's orders are of the sample's model.
  const orders = (items as readonly object[] as readonly StoredOrder[]).filter(({ tenantId }) =>
    tenants.includes(tenantId),
  );
  const numbersOf = (some: readonly StoredOrder[]) => {
    const totals = some.map(({ total }) => total);
    const sum = totals.reduce((all, total) => all + total, 0);
    return { count: some.length, sum, average: sum / some.length, max: Math.max(...totals) };
  };
  const statuses = [...new Set(orders.map(({ status }) => status))].sort();
  return {
    all: numbersOf(orders),
    groups: statuses.map((status) => ({
      status,
      ...numbersOf(orders.filter((order) => order.status === status)),
    })),
  };
}

function expectNumbers(answer: Answer | null | undefined, tenants: readonly string[]): void {
  const { all, groups } = expectedOf(tenants);
  const aggregate = answer?.ordersAggregate;
  expect(aggregate?.count).toBe(all.count);
  expect(aggregate?.average.total).toBeCloseTo(all.average);
  expect(groups.length).toBeGreaterThan(1);
  expect(aggregate?.groupBy).toEqual(
    groups.map(({ status, count, sum, average, max }) => ({
      key: { status },
      count,
      sum: { total: expect.closeTo(sum) },
      average: { total: expect.closeTo(average) },
      max: { total: max },
    })),
  );
}

test("of one tenant are of its partition alone: one query for all, one for the groups", async () => {
  const member = await gateway.as("contoso-member");
  const { data, errors } = await member.post<Answer>(BY_STATUS);
  expect(errors).toEqual([]);
  expectNumbers(data, ["contoso"]);
  const sent = itemRequests(await gateway.requests());
  expect(sent.map(({ partitionKey, authorization }) => [partitionKey, authorization])).toEqual([
    [["contoso"], "resource"],
    [["contoso"], "resource"],
  ]);
});

test("of a caller with permissions on two partitions are of both, each read with its own token", async () => {
  const auditor = await gateway.as("auditor");
  const { data, errors } = await auditor.post<Answer>(BY_STATUS);
  expect(errors).toEqual([]);
  expectNumbers(data, ["contoso", "fabrikam"]);
  const sent = itemRequests(await gateway.requests());
  expect(sent).toHaveLength(4);
  expect(new Set(sent.map(({ permissionId }) => permissionId)).size).toBe(2);
  const named = await auditor.post<Answer>(BY_STATUS, { tenantId: "fabrikam" });
  expectNumbers(named.data, ["fabrikam"]);
});

test("of the whole container, where the permission is on that", async () => {
  const member = await gateway.as("contoso-member");
  const { data, errors } = await member.post<{
    productsAggregate: {
      count: number;
      groupBy: readonly { key: { category: string }; count: number }[];
    };
  }>("{ productsAggregate { count groupBy(fields: [category]) { key { category } count } } }");
  expect(errors).toEqual([]);
  const groups = data?.productsAggregate.groupBy ?? [];
  expect(groups.length).toBeGreaterThan(1);
  expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(data?.productsAggregate.count);
});

test("of another tenant are FORBIDDEN", async () => {
  const member = await gateway.as("contoso-member");
  const answer = await member.post(BY_STATUS, { tenantId: "fabrikam" });
  expect(errorCodes(answer)).toEqual(["FORBIDDEN"]);
});
