import { describe, expect, test } from "vitest";
import { outcomeOf } from "./operations.ts";
import {
  type ItemWrite,
  type ModelType,
  type Operation,
  type Permission,
  placeOf,
  type Store,
  type StoredItem,
} from "./terms.ts";

const ORDER: ModelType = {
  name: "Order",
  container: "orders",
  discriminator: { field: "type", value: "order" },
  partitionKeyFields: ["tenantId"],
  required: ["id", "tenantId", "total"],
  fields: ["id", "tenantId", "total", "tags", "customerId", "settingId"],
  references: {
    customer: { type: "Customer", id: "customerId", partitionKey: ["tenantId"] },
    setting: { type: "Setting", id: "settingId", partitionKey: [] },
  },
};
const type = (name: string, container: string, key: readonly string[]): ModelType => ({
  name,
  container,
  partitionKeyFields: key,
  required: ["id", ...key],
  fields: [...new Set(["id", ...key, "name"])],
  references: {},
});
const TYPES: readonly ModelType[] = [
  ORDER,
  type("Customer", "customers", ["tenantId"]),
  type("Document", "documents", ["tenantId", "userId"]),
  type("Setting", "settings", ["id"]),
];

type Content = StoredItem["content"];

function stored(container: string, key: StoredItem["partitionKey"], content: Content): StoredItem {
  return { container, partitionKey: key, content };
}

const order = (tenantId: string, id: string, more: object = {}) =>
  stored("orders", [tenantId], { id, tenantId, type: "order", total: 1, ...more });
const ITEMS: readonly StoredItem[] = [
  order("contoso", "o1", { total: 1, customerId: "c1", settingId: "s1" }),
  order("contoso", "o2", { total: 3, customerId: "c2", settingId: "s2", tags: ["new"] }),
  order("contoso", "o3", { total: 2, customerId: "c1" }),
  order("fabrikam", "o1", { total: 10 }),
  stored("orders", ["contoso"], { id: "n1", tenantId: "contoso", type: "note", total: 5 }),
  stored("customers", ["contoso"], { id: "c1", tenantId: "contoso", name: "Ann" }),
  stored("documents", ["t", "u"], { id: "d1", tenantId: "t", userId: "u" }),
  stored("documents", ["t", "v"], { id: "d1", tenantId: "t", userId: "v" }),
  stored("settings", ["s1"], { id: "s1", name: "one" }),
  stored("settings", ["s2"], { id: "s2", name: "two" }),
];
const STORE: Store = new Map(
  ITEMS.map((item) => [placeOf(item.container, item.partitionKey, item.content.id), item]),
);

const on = (container: string, ...partitionKey: string[]): Permission => ({
  container,
  ...(partitionKey.length > 0 && { partitionKey }),
  mode: "All",
});
const readOn = (container: string, ...partitionKey: string[]): Permission => ({
  ...on(container, ...partitionKey),
  mode: "Read",
});
const onItem = (item: string, mode: Permission["mode"] = "All"): Permission => ({
  container: "settings",
  item,
  mode,
});
const CONTOSO = on("orders", "contoso");
const BOTH = [readOn("orders", "contoso"), readOn("orders", "fabrikam")];

/** The answer, with the codes of errors beside it, or the codes of the refusal. */
function ask(permissions: readonly Permission[], operation: Operation, store = STORE) {
  const outcome = outcomeOf(operation, permissions, store, TYPES);
  if ("refused" in outcome) {
    return outcome.refused.toSorted().join(" ");
  }
  return outcome.errors ? { answer: outcome.answer, errors: outcome.errors } : outcome.answer;
}

const shownOrder = (id: string, tenantId: string, total: number, more: object = {}) => ({
  ...{ id, tenantId, total, tags: null, customerId: null, settingId: null },
  ...more,
});
const read = (id: string, key?: readonly string[], name = "Order"): Operation => ({
  do: "read",
  type: name,
  id,
  ...(key && { partitionKey: key }),
});
const list = (more: object = {}): Operation => ({
  do: "list",
  type: "Order",
  pageSize: 10,
  ...more,
});
const idsOf = (answer: unknown) =>
  (answer as { nodes: readonly Content[] }).nodes.map(({ id, tenantId }) => `${tenantId}/${id}`);

describe("a point read", () => {
  test("looks in the partition given, or where the permissions are", () => {
    expect(ask(BOTH, read("o1", ["fabrikam"]))).toEqual(shownOrder("o1", "fabrikam", 10));
    expect(ask([CONTOSO], read("o1"))).toMatchObject({ tenantId: "contoso" });
    expect(ask(BOTH, read("o2"))).toMatchObject({ id: "o2" });
    expect(ask([readOn("orders")], read("o2"))).toMatchObject({ id: "o2" });
    expect(ask([CONTOSO], read("none"))).toBeNull();
  });

  test("sees neither another's partition nor an item of another type", () => {
    expect(ask([CONTOSO], read("o1", ["fabrikam"]))).toBe("FORBIDDEN");
    expect(ask([on("customers")], read("o1"))).toBe("FORBIDDEN");
    expect(ask([], read("o1"))).toBe("FORBIDDEN");
    expect(ask([CONTOSO], read("n1"))).toBeNull();
  });

  test("asks for the partition where several have the id", () => {
    expect(ask(BOTH, read("o1"))).toBe("BAD_USER_INPUT");
    expect(ask([readOn("orders")], read("o1"))).toBe("BAD_USER_INPUT");
  });

  test("of an item that lacks what its type requires is null, beside an error", () => {
    const misfit = stored("orders", ["contoso"], { id: "m", tenantId: "contoso", type: "order" });
    const store = new Map([...STORE, [placeOf("orders", ["contoso"], "m"), misfit]]);
    expect(ask([CONTOSO], read("m"), store)).toEqual({ answer: null, errors: ["ITEM_MISFIT"] });
  });
});

describe("a list", () => {
  test("holds the type's items of every partition permitted, in order", () => {
    expect(idsOf(ask([CONTOSO], list()))).toEqual(["contoso/o1", "contoso/o2", "contoso/o3"]);
    expect(idsOf(ask(BOTH, list()))).toEqual([
      ...["contoso/o1", "fabrikam/o1", "contoso/o2", "contoso/o3"],
    ]);
    expect(ask([readOn("orders")], list())).toEqual(ask(BOTH, list()));
    const byTotal = list({ orderBy: { field: "total", descending: true } });
    expect(idsOf(ask([CONTOSO], byTotal))).toEqual(["contoso/o2", "contoso/o3", "contoso/o1"]);
  });

  test("counts all that fit", () => {
    const filter = { field: "total", is: "gt", value: 1 };
    expect(ask([CONTOSO], list({ filter, withTotalCount: true, pageSize: 1 }))).toMatchObject({
      totalCount: 2,
    });
    expect(idsOf(ask([CONTOSO], list({ filter: { not: filter } })))).toEqual(["contoso/o1"]);
    expect(idsOf(ask([CONTOSO], list({ filter: { or: [] } })))).toEqual([]);
  });

  test("is refused in a partition that no permission covers", () => {
    expect(ask([CONTOSO], list({ partitionKey: ["fabrikam"] }))).toBe("FORBIDDEN");
    expect(ask([onItem("s1")], { do: "list", type: "Setting", pageSize: 5 })).toBe("FORBIDDEN");
  });

  test("is refused to a hierarchical prefix, which reads and writes single items", () => {
    const documents = (key?: string[]): Operation => ({
      do: "list",
      type: "Document",
      pageSize: 5,
      ...(key && { partitionKey: key }),
    });
    expect(ask([on("documents", "t")], documents())).toBe("FORBIDDEN");
    expect(ask([on("documents", "t")], documents(["t", "u"]))).toBe("FORBIDDEN");
    expect(ask([on("documents", "t", "u")], documents())).toMatchObject({ nodes: [{ id: "d1" }] });
    expect(ask([on("documents", "t")], read("d1", ["t", "v"], "Document"))).toMatchObject({
      userId: "v",
    });
    const input = { id: "d2", tenantId: "t", userId: "u" };
    const create: Operation = { do: "create", type: "Document", input };
    expect(ask([on("documents", "t")], create)).toMatchObject(input);
  });
});

describe("a reference", () => {
  test("leads to what the caller may read; one that leads nowhere is null", () => {
    const operation = list({ reference: "customer" });
    expect(ask([CONTOSO, readOn("customers", "contoso")], operation)).toMatchObject({
      nodes: [{ customer: { name: "Ann" } }, { customer: null }, { customer: { name: "Ann" } }],
    });
    expect(ask([CONTOSO], operation)).toMatchObject({
      answer: { nodes: [{ id: "o1", customer: null }, { id: "o2" }, { id: "o3" }] },
      errors: ["FORBIDDEN"],
    });
  });

  test("by an id that is the partition key is refused alone", () => {
    const operation = list({ reference: "setting" });
    expect(ask([CONTOSO, onItem("s1")], operation)).toMatchObject({
      answer: { nodes: [{ setting: { name: "one" } }, { setting: null }, { setting: null }] },
      errors: ["FORBIDDEN"],
    });
    expect(ask([CONTOSO, readOn("settings")], operation)).toMatchObject({
      nodes: [{ setting: { name: "one" } }, { setting: { name: "two" } }, { setting: null }],
    });
  });
});

describe("numbers and raw SQL", () => {
  test("are of what the caller may query, raw SQL of every type in it", () => {
    const aggregate: Operation = { do: "aggregate", type: "Order", field: "total" };
    expect(ask([CONTOSO], aggregate)).toEqual({ count: 3, sum: 6, min: 1, max: 3 });
    expect(ask(BOTH, aggregate)).toEqual({ count: 4, sum: 16, min: 1, max: 10 });
    const query: Operation = { do: "query", type: "Order", text: "SELECT * FROM c" };
    expect(ask([CONTOSO], query)).toHaveLength(4);
    expect(ask([readOn("orders")], query)).toHaveLength(5);
    expect(ask(BOTH, query)).toBe("BAD_USER_INPUT");
    expect(ask([CONTOSO], { ...query, partitionKey: ["fabrikam"] })).toBe("FORBIDDEN");
    expect(ask([onItem("s1")], { ...query, type: "Setting" })).toBe("FORBIDDEN");
  });
});

describe("a write", () => {
  const input = { id: "o9", tenantId: "contoso", total: 4 };
  const create: ItemWrite = { do: "create", type: "Order", input };
  const upsert = (more: object = {}): ItemWrite => ({
    do: "upsert",
    type: "Order",
    input: { ...input, ...more },
  });
  const patch = (id: string, more: object): Operation => ({
    do: "patch",
    type: "Order",
    id,
    patch: { increment: { total: 1 } },
    ...more,
  });

  test("leaves another store, and the old one as it was", () => {
    const outcome = outcomeOf(create, [CONTOSO], STORE, TYPES);
    expect(outcome).toHaveProperty("answer", shownOrder("o9", "contoso", 4));
    expect("store" in outcome && outcome.store.get(placeOf("orders", ["contoso"], "o9"))).toEqual(
      stored("orders", ["contoso"], { ...input, type: "order" }),
    );
    expect(STORE.size).toBe(ITEMS.length);
  });

  test("is refused to those who only read, and in another's partition", () => {
    const fabrikam = { do: "create", type: "Order", input: { ...input, tenantId: "fabrikam" } };
    expect(ask([readOn("orders")], create)).toBe("FORBIDDEN");
    expect(ask([CONTOSO], fabrikam as Operation)).toBe("FORBIDDEN");
    expect(
      ask([CONTOSO], { do: "delete", type: "Order", id: "o1", partitionKey: ["fabrikam"] }),
    ).toBe("FORBIDDEN");
  });

  test("over what is there: CONFLICT, NOT_FOUND, PRECONDITION_FAILED", () => {
    const taken: ItemWrite = { ...create, input: { ...input, id: "o1" } };
    expect(ask([CONTOSO], taken)).toBe("CONFLICT");
    expect(ask([CONTOSO], upsert({ id: "n1" }))).toBe("CONFLICT");
    expect(ask([CONTOSO], upsert({ id: "o1" }))).toMatchObject({ total: 4, customerId: null });
    const replace = { do: "replace", type: "Order", id: "o9", input } as const;
    expect(ask([CONTOSO], replace)).toBe("NOT_FOUND");
    expect(ask([CONTOSO], { ...replace, id: "o1" })).toContain("BAD_USER_INPUT");
    expect(ask([CONTOSO], patch("n1", {}))).toBe("NOT_FOUND");
    expect(ask([CONTOSO], patch("o1", { ifMatch: "stale" }))).toBe("PRECONDITION_FAILED");
    expect(ask([CONTOSO], patch("o1", { ifMatch: "current" }))).toMatchObject({ total: 2 });
    const condition = { field: "total", is: "lt", value: 1 };
    expect(ask([CONTOSO], patch("o1", { condition }))).toBe("PRECONDITION_FAILED");
    expect(ask([CONTOSO], patch("o1", { patch: { append: { tags: ["x"] } } }))).toMatchObject({
      tags: ["x"],
    });
    expect(ask([CONTOSO], patch("o1", { patch: { increment: { tenantId: 1 } } }))).toBe(
      "BAD_USER_INPUT",
    );
    expect(ask([CONTOSO], { do: "delete", type: "Order", id: "o1" })).toBe("o1");
  });

  test("tells what is stored to those alone who may read it", () => {
    const stale: ItemWrite = { do: "delete", type: "Order", id: "none", ifMatch: "stale" };
    expect(ask([readOn("orders", "contoso")], stale)).toBe("FORBIDDEN NOT_FOUND");
    expect(ask([CONTOSO], { ...stale, partitionKey: ["fabrikam"] })).toBe("FORBIDDEN");
  });

  test("under a permission on an item changes that item, and makes none", () => {
    const rename = (id: string): Operation => ({
      do: "patch",
      type: "Setting",
      id,
      patch: { set: { name: "new" } },
    });
    expect(ask([onItem("s1")], rename("s1"))).toMatchObject({ name: "new" });
    expect(ask([onItem("s1")], rename("s2"))).toBe("FORBIDDEN");
    expect(ask([onItem("s1", "Read")], rename("s1"))).toBe("FORBIDDEN");
    const again: Operation = { do: "upsert", type: "Setting", input: { id: "s1", name: "x" } };
    expect(ask([onItem("s1")], again)).toBe("FORBIDDEN");
  });

  test("without its partition is meant for the only one that may be written", () => {
    const gone: Operation = { do: "delete", type: "Order", id: "o1" };
    expect(ask([readOn("orders", "fabrikam"), CONTOSO], gone)).toBe("o1");
    expect(ask([on("orders")], gone)).toBe("BAD_USER_INPUT");
  });
});

describe("a transaction", () => {
  const transact = (...operations: ItemWrite[]): Operation => ({
    do: "transact",
    type: "Order",
    operations,
  });
  const create = (id: string, tenantId = "contoso"): ItemWrite => ({
    do: "create",
    type: "Order",
    input: { id, tenantId, total: 1 },
  });
  const gone = (id: string, ifMatch?: "current"): ItemWrite => ({
    do: "delete",
    type: "Order",
    id,
    ...(ifMatch && { ifMatch }),
  });

  test("does all in their order, or nothing", () => {
    const both = transact(gone("o1"), create("o1"));
    expect(ask([CONTOSO], both)).toEqual([null, shownOrder("o1", "contoso", 1)]);
    expect(ask([CONTOSO], transact(create("o9"), gone("none")))).toBe("NOT_FOUND");
    expect(ask([CONTOSO], transact(create("o9"), create("o9")))).toBe("CONFLICT");
    const own = gone("o9", "current");
    expect(ask([CONTOSO], transact(create("o9"), own))).toBe("PRECONDITION_FAILED");
    expect(ask([], transact())).toEqual([]);
  });

  test("stays in one partition, and is refused to readers and to permissions on items", () => {
    expect(ask([on("orders")], transact(create("o8"), create("o9", "fabrikam")))).toBe(
      "BAD_USER_INPUT",
    );
    expect(ask([readOn("orders")], transact(create("o9")))).toBe("FORBIDDEN");
    const setting: ItemWrite = { do: "delete", type: "Setting", id: "s1" };
    const ofItem: Operation = { do: "transact", type: "Setting", operations: [setting] };
    expect(ask([onItem("s1")], ofItem)).toBe("FORBIDDEN");
    expect(ask([on("settings")], ofItem)).toEqual([null]);
  });
});

test("the viewer sees the caller's permissions", () => {
  expect(ask([CONTOSO, onItem("s1")], { do: "viewer" })).toEqual({
    permissions: [
      { container: "orders", partitionKey: ["contoso"], item: null, mode: "All" },
      { container: "settings", partitionKey: null, item: "s1", mode: "All" },
    ],
  });
});
