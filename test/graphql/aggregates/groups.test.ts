import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  tenantId: String! @partitionKey
  status: Status
  total: Float @name(is: "the total")
  pieces: Int
  open: Boolean
  due: Date
}
enum Status { OPEN PAID }`;

const order = (tenantId: string, id: string, more: object = {}) => ({
  id,
  tenantId,
  type: "order",
  ...more,
});
const ITEMS = [
  order("contoso", "1", { status: "PAID", "the total": 10, pieces: 1, open: true }),
  order("contoso", "2", { status: "PAID", "the total": 2.5, pieces: null, open: false }),
  order("contoso", "3", { status: "OPEN", "the total": "12", pieces: 3, open: true }),
  order("contoso", "4", { status: null, "the total": 1 }),
  order("contoso", "5", { "the total": 2, pieces: 4 }),
  order("contoso", "6", { status: 7, pieces: undefined }),
  order("fabrikam", "1", { status: "PAID", "the total": -4, pieces: 7, open: true }),
  { id: "9", tenantId: "contoso", type: "other", status: "PAID", "the total": 1000 },
];

const ONE = { container: "orders", partitionKey: ["contoso"], mode: "Read" } as const;
const BOTH = ["contoso", "fabrikam"].map((tenantId) => ({
  container: "orders",
  partitionKey: [tenantId],
}));

const BY_STATUS = `query ($filter: OrderFilter, $tenantId: String) {
  ordersAggregate(filter: $filter, tenantId: $tenantId) {
    groupBy(fields: [status]) {
      key { status tenantId }
      count
      sum { total pieces }
      average { total }
      min { id total }
      max { total }
    }
  }
}`;

const NONE = {
  key: { status: null, tenantId: null },
  count: 3,
  sum: { total: 3, pieces: 4 },
  average: { total: 1.5 },
  min: { id: "4", total: 1 },
  max: { total: 2 },
};
const OPEN = {
  key: { status: "OPEN", tenantId: null },
  count: 1,
  sum: { total: 0, pieces: 3 },
  average: { total: null },
  min: { id: "3", total: null },
  max: { total: null },
};
const PAID_OF_CONTOSO = {
  key: { status: "PAID", tenantId: null },
  count: 2,
  sum: { total: 12.5, pieces: 1 },
  average: { total: 6.25 },
  min: { id: "1", total: 2.5 },
  max: { total: 10 },
};
const PAID_OF_BOTH = {
  key: { status: "PAID", tenantId: null },
  count: 3,
  sum: { total: 8.5, pieces: 8 },
  average: { total: 8.5 / 3 },
  min: { id: "1", total: -4 },
  max: { total: 10 },
};

describe.each([1, 4])("groups on %i physical partitions", (partitions) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApiUnderTest({
      model: MODEL,
      partitions,
      containers: [{ id: "orders", partitionKey: { paths: ["/tenantId"] }, items: ITEMS }],
    });
  });
  afterAll(() => api.stop());
  beforeEach(() => api.forgetRequests());

  test("of one partition are one query; null, nothing and values of other types are one group", async () => {
    const { data, errors } = await api.as("one", ONE)(BY_STATUS);
    expect(errors).toEqual([]);
    expect(data.ordersAggregate.groupBy).toEqual([NONE, OPEN, PAID_OF_CONTOSO]);
    expect(itemRequests(await api.requests())).toHaveLength(1);
  });

  test.each([
    ["several partitions", BOTH],
    ["the container", [{ container: "orders" }]],
  ])("over %s are put together, averages from sums and counts", async (name, permissions) => {
    const caller = api.as(name, ...permissions);
    const { data, errors } = await caller(BY_STATUS);
    expect(errors).toEqual([]);
    expect(data.ordersAggregate.groupBy).toEqual([NONE, OPEN, PAID_OF_BOTH]);
    const named = await caller(BY_STATUS, { tenantId: "contoso" });
    expect(named.data.ordersAggregate.groupBy).toEqual([NONE, OPEN, PAID_OF_CONTOSO]);
  });

  test("over the container are one query for each physical partition, without a query plan", async () => {
    const caller = api.as("the container", { container: "orders" });
    await caller(BY_STATUS);
    await api.forgetRequests();
    expect((await caller(BY_STATUS)).errors).toEqual([]);
    const sent = itemRequests(await api.requests());
    expect(sent.map(({ kind, status }) => [kind, status])).toEqual(
      Array.from({ length: partitions }, () => ["query", 200]),
    );
  });

  test.each([
    ["several partitions", BOTH],
    ["the container", [{ container: "orders" }]],
  ])(
    "over %s go by several fields, in the order in which they are named",
    async (name, permissions) => {
      const caller = api.as(name, ...permissions);
      const { data, errors } = await caller(
        "{ ordersAggregate { groupBy(fields: [open, tenantId, open]) { key { tenantId open } count } } }",
      );
      expect(errors).toEqual([]);
      expect(data.ordersAggregate.groupBy).toEqual([
        { key: { open: null, tenantId: "contoso" }, count: 3 },
        { key: { open: false, tenantId: "contoso" }, count: 1 },
        { key: { open: true, tenantId: "contoso" }, count: 2 },
        { key: { open: true, tenantId: "fabrikam" }, count: 1 },
      ]);
    },
  );

  test("of numbers go by number", async () => {
    const { data } = await api.as(
      "one",
      ONE,
    )("{ ordersAggregate { groupBy(fields: [pieces]) { key { pieces } count } } }");
    expect(data.ordersAggregate.groupBy).toEqual([
      { key: { pieces: null }, count: 3 },
      { key: { pieces: 1 }, count: 1 },
      { key: { pieces: 3 }, count: 1 },
      { key: { pieces: 4 }, count: 1 },
    ]);
  });

  test("are of the filter's items, and none of no items", async () => {
    const caller = api.as("one", ONE);
    const some = await caller(BY_STATUS, { filter: { total: { gt: 5 } } });
    expect(some.data.ordersAggregate.groupBy.map(({ count }: { count: number }) => count)).toEqual([
      1,
    ]);
    const none = await caller(BY_STATUS, { filter: { id: { in: [] } } });
    expect(none.data.ordersAggregate.groupBy).toEqual([]);
  });
});

describe("groups", () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApiUnderTest({
      model: MODEL,
      pageSize: { default: 2, max: 3 },
      containers: [{ id: "orders", partitionKey: { paths: ["/tenantId"] }, items: ITEMS }],
    });
  });
  afterAll(() => api.stop());
  beforeEach(() => api.forgetRequests());

  test("ask for what is selected alone; each alias is its own query, beside that for all items", async () => {
    const { data, errors } = await api.as(
      "one",
      ONE,
    )(`{
      ordersAggregate {
        n: count
        a: groupBy(fields: [status]) { ...G }
        b: groupBy(fields: [open]) { n: count }
      }
    } fragment G on OrderGroup { key { status } most: max { sum: total } }`);
    expect(errors).toEqual([]);
    expect(data.ordersAggregate.n).toBe(6);
    expect(data.ordersAggregate.a).toContainEqual({ key: { status: "PAID" }, most: { sum: 10 } });
    expect(data.ordersAggregate.b).toEqual([{ n: 3 }, { n: 1 }, { n: 2 }]);
    expect(itemRequests(await api.requests()).map(({ query }) => query)).toEqual([
      'SELECT COUNT(1) AS n FROM c WHERE c["type"] = @p0',
      'SELECT c["status"] AS k0, COUNT(1) AS n, MAX(IS_NUMBER(c["the total"]) ? c["the total"] : undefined) AS a0 FROM c WHERE c["type"] = @p0 GROUP BY c["status"]',
      'SELECT c["open"] AS k0, COUNT(1) AS n FROM c WHERE c["type"] = @p0 GROUP BY c["open"]',
    ]);
  });

  test.each([
    ["one partition", [ONE]],
    ["several partitions", BOTH],
    ["the container", [{ container: "orders" }]],
  ])("beyond limits.pageSize.max are refused, over %s", async (name, permissions) => {
    const caller = api.as(name, ...permissions);
    const by = (field: string) => `{ ordersAggregate { groupBy(fields: [${field}]) { count } } }`;
    expect((await caller(by("open"))).errors).toEqual([]);
    const { errors } = await caller(by("total"));
    expect(errors).toEqual([
      { code: "BAD_USER_INPUT", message: expect.stringContaining("more than 3 groups") },
    ]);
  });

  test("by no field are BAD_USER_INPUT, without a permission FORBIDDEN", async () => {
    const caller = api.as("one", ONE);
    const { codes } = await caller("{ ordersAggregate { groupBy(fields: []) { count } } }");
    expect(codes).toEqual(["BAD_USER_INPUT"]);
    expect((await caller(BY_STATUS, { tenantId: "fabrikam" })).codes).toEqual(["FORBIDDEN"]);
  });

  test("can't be by the id, a list, an object or JSON; a type without other fields has none", async () => {
    const other = await startApiUnderTest({
      model: `type Bare @container(name: "bare") { id: ID! @partitionKey list: [Int] part: Part any: JSON }
        type Part { a: Int }`,
      containers: [],
    });
    await other.stop();
    const fields = (
      other.schema.getType("BareAggregate") as unknown as { getFields(): object }
    ).getFields();
    expect(Object.keys(fields)).toEqual(["count", "min", "max"]);
    expect(other.schema.getType("BareGroup")).toBeUndefined();
  });
});
