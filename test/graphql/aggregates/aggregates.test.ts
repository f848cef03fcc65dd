import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  total: Float @name(is: "the total")
  pieces: Int
  due: Date
  open: Boolean
}
type Debt @container(name: "debts") {
  id: ID!
  tenantId: String! @partitionKey
  total: Float
  pieces: Int
  open: Boolean
}`;

const order = (tenantId: string, id: string, more: object = {}) => ({
  id,
  tenantId,
  type: "order",
  ...more,
});
const ITEMS = [
  order("contoso", "1", { "the total": 10, pieces: 1, due: "2026-02-01" }),
  order("contoso", "2", { "the total": 2.5, pieces: null, due: "2026-01-01" }),
  order("contoso", "3", { "the total": "12", due: "2026-03-01" }),
  order("fabrikam", "1", { "the total": -4, pieces: 7 }),
  { id: "9", tenantId: "contoso", type: "other", "the total": 1000 },
];

/** Each fits a double, their sum doesn't: in one partition, and in two together. */
const HUGE_ITEMS = [
  { id: "1", tenantId: "huge", total: 1.7e308, pieces: 3 },
  { id: "2", tenantId: "huge", total: 1.7e308 },
  { id: "1", tenantId: "vast", total: 1.7e308, pieces: 4 },
];

const TENANTS_OF_BOTH = ["contoso", "fabrikam"].map((tenantId) => ({
  container: "orders",
  partitionKey: [tenantId],
}));

describe.each([1, 4])("aggregates on %i physical partitions", (partitions) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApiUnderTest({
      model: MODEL,
      partitions,
      containers: [
        { id: "orders", partitionKey: { paths: ["/tenantId"] }, items: ITEMS },
        { id: "debts", partitionKey: { paths: ["/tenantId"] }, items: HUGE_ITEMS },
      ],
    });
  });
  afterAll(() => api.stop());
  beforeEach(() => api.forgetRequests());

  const AGGREGATE = `query ($filter: OrderFilter, $tenantId: String) {
    ordersAggregate(filter: $filter, tenantId: $tenantId) {
      count
      sum { total pieces }
      average { total pieces }
      min { id total due }
      max { id total due }
    }
  }`;
  const contoso = {
    count: 3,
    sum: { total: 12.5, pieces: 1 },
    average: { total: 6.25, pieces: 1 },
    min: { id: "1", total: 2.5, due: "2026-01-01" },
    max: { id: "3", total: 10, due: "2026-03-01" },
  };
  const both = {
    count: 4,
    sum: { total: 8.5, pieces: 8 },
    average: { total: 8.5 / 3, pieces: 4 },
    min: { id: "1", total: -4, due: "2026-01-01" },
    max: { id: "3", total: 10, due: "2026-03-01" },
  };

  test("a sum beyond a double is null, with the average, and takes nothing along", async () => {
    const grant = (tenantId: string) => ({ container: "debts", partitionKey: [tenantId] });
    const query = `query ($tenantId: String) {
      debtsAggregate(tenantId: $tenantId) {
        count sum { total pieces } average { total pieces } max { total }
        groupBy(fields: [open]) { count sum { total pieces } }
      }
    }`;
    const beyond = (count: number, pieces: number, owners: number) => ({
      count,
      sum: { total: null, pieces },
      average: { total: null, pieces: pieces / owners },
      max: { total: 1.7e308 },
      groupBy: [{ count, sum: { total: null, pieces } }],
    });
    const one = await api.as("huge", grant("huge"))(query);
    expect([one.errors, one.data.debtsAggregate]).toEqual([[], beyond(2, 3, 1)]);
    const several = await api.as("vast", grant("huge"), grant("vast"))(query);
    expect([several.errors, several.data.debtsAggregate]).toEqual([[], beyond(3, 7, 2)]);
    const all = await api.as("all", { container: "debts" })(query);
    expect([all.errors, all.data.debtsAggregate]).toEqual([[], beyond(3, 7, 2)]);
    const vast = await api.as("all", { container: "debts" })(query, { tenantId: "vast" });
    expect(vast.data.debtsAggregate.sum).toEqual({ total: 1.7e308, pieces: 4 });
  });

  test("of one partition are one query, and values of other types don't count", async () => {
    const caller = api.as("one", { container: "orders", partitionKey: ["contoso"], mode: "Read" });
    expect((await caller(AGGREGATE)).data.ordersAggregate).toEqual(contoso);
    expect(itemRequests(await api.requests())).toHaveLength(1);
  });

  test.each([
    ["several partitions", TENANTS_OF_BOTH],
    ["the container", [{ container: "orders" }]],
  ])("over %s are put together", async (name, permissions) => {
    const caller = api.as(name, ...permissions);
    const { data, errors } = await caller(AGGREGATE);
    expect(errors).toEqual([]);
    expect(data.ordersAggregate).toEqual(both);
    const named = await caller(AGGREGATE, { tenantId: "contoso" });
    expect(named.data.ordersAggregate).toEqual(contoso);
  });

  test("of nothing are zero and null", async () => {
    const caller = api.as("one", { container: "orders", partitionKey: ["contoso"], mode: "Read" });
    const { data } = await caller(AGGREGATE, { filter: { id: { in: [] } } });
    expect(data.ordersAggregate).toEqual({
      count: 0,
      sum: { total: 0, pieces: 0 },
      average: { total: null, pieces: null },
      min: { id: null, total: null, due: null },
      max: { id: null, total: null, due: null },
    });
  });

  test("ask for what is selected alone, whatever it is called", async () => {
    const caller = api.as("one", { container: "orders", partitionKey: ["contoso"], mode: "Read" });
    const { data } = await caller(
      `{ ordersAggregate { n: count most: max { ...M } } } fragment M on OrderMax { sum: total }`,
    );
    expect(data.ordersAggregate).toEqual({ n: 3, most: { sum: 10 } });
    expect(itemRequests(await api.requests()).map(({ query }) => query)).toEqual([
      'SELECT COUNT(1) AS n, MAX(IS_NUMBER(c["the total"]) ? c["the total"] : undefined) AS a0 FROM c WHERE c["type"] = @p0',
    ]);
  });

  test("without a permission are FORBIDDEN", async () => {
    const caller = api.as("one", { container: "orders", partitionKey: ["contoso"], mode: "Read" });
    expect((await caller(AGGREGATE, { tenantId: "fabrikam" })).codes).toEqual(["FORBIDDEN"]);
  });
});
