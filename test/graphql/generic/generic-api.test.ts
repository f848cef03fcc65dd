import { isInputObjectType, isObjectType } from "graphql";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `type Note @container(name: "notes") { id: ID! owner: String! @partitionKey text: String }`;

const ITEMS = [
  { id: "1", owner: "ann", text: "a", n: 1 },
  { id: "2", owner: "ann", text: "b", n: 2 },
  { id: "3", owner: "ann", text: "c", n: 3 },
  { id: "1", owner: "bob", text: "secret" },
];
const LEVELS = [
  { id: "x", a: "t", b: 1 },
  { id: "y", a: "t", b: 2 },
  { id: "z", a: null, b: true },
];

let api: ApiUnderTest;
const start = (partitions = 1) =>
  startApiUnderTest({
    model: MODEL,
    partitions,
    genericApi: true,
    pageSize: { default: 2, max: 5 },
    createId: () => "made",
    containers: [
      { id: "notes", partitionKey: { paths: ["/owner"] }, items: ITEMS },
      {
        id: "levels",
        partitionKey: { paths: ["/a", "/b"], kind: "MultiHash", version: 2 },
        items: LEVELS,
      },
    ],
  });
beforeAll(async () => {
  api = await start();
});
afterAll(() => api.stop());
beforeEach(() => api.forgetRequests());

const annReads = () =>
  api.as("ann-reads", { container: "notes", partitionKey: ["ann"], mode: "Read" });
const annWrites = () => api.as("ann", { container: "notes", partitionKey: ["ann"] });
const all = () => api.as("all", { container: "notes" }, { container: "levels" });
const both = () =>
  api.as(
    "both",
    { container: "notes", partitionKey: ["ann"] },
    { container: "notes", partitionKey: ["bob"], mode: "Read" },
  );

const ITEM = `query ($container: String! = "notes", $id: ID!, $key: JSON) {
  item(container: $container, id: $id, partitionKey: $key)
}`;
const ROWS = `query ($query: String!, $parameters: [SqlParameter!], $key: JSON, $first: Int, $after: String) {
  items(container: "notes", query: $query, parameters: $parameters, partitionKey: $key, first: $first, after: $after) {
    rows hasNextPage endCursor
  }
}`;

test("SQL across partitions that orders values of different types is BAD_USER_INPUT", async () => {
  const four = await startApiUnderTest({
    model: MODEL,
    partitions: 4,
    genericApi: true,
    containers: [
      {
        id: "notes",
        partitionKey: { paths: ["/owner"] },
        items: ["a", "b", "c", "d", "e", "f", "g", "h"].map((owner, index) => ({
          id: owner,
          owner,
          n: index % 2 === 0 ? index : owner,
        })),
      },
    ],
  });
  try {
    const caller = four.as("all", { container: "notes" });
    const mixed = await caller(ROWS, { query: "SELECT * FROM c ORDER BY c.n" });
    expect(mixed.codes).toEqual(["BAD_USER_INPUT"]);
    expect(mixed.errors[0]?.message).toMatch(/different types/);
    const alike = "SELECT VALUE c.n FROM c WHERE IS_NUMBER(c.n) ORDER BY c.n";
    expect((await caller(ROWS, { query: alike })).data.items.rows).toEqual([0, 2, 4, 6]);
  } finally {
    await four.stop();
  }
});

describe("item", () => {
  test("is the item as stored, in the partition that is named or the only one that permissions name", async () => {
    const named = await annReads()(ITEM, { id: "1", key: "ann" });
    expect(named.errors).toEqual([]);
    expect(named.data.item).toMatchObject({ ...ITEMS[0], _etag: expect.any(String) });
    expect((await annReads()(ITEM, { id: "1", key: ["ann"] })).data).toEqual(named.data);
    expect((await annReads()(ITEM, { id: "1" })).data).toEqual(named.data);
    expect((await annReads()(ITEM, { id: "nowhere" })).data).toEqual({ item: null });
    expect((await annReads()(ITEM, { id: "a/b" })).data).toEqual({ item: null });
  });

  test('has a value a level in a hierarchical partition, and tells 1 from "1" and null from nothing', async () => {
    const read = (id: string, key: unknown) => all()(ITEM, { container: "levels", id, key });
    expect((await read("x", ["t", 1])).data.item).toMatchObject({ id: "x" });
    expect((await read("x", ["t", "1"])).data.item).toBeNull();
    expect((await read("z", [null, true])).data.item).toMatchObject({ id: "z" });
    expect((await read("z", null)).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("without a permission is FORBIDDEN, and nothing is sent", async () => {
    expect((await annReads()(ITEM, { id: "1", key: "bob" })).codes).toEqual(["FORBIDDEN"]);
    for (const container of ["levels", "nowhere", "../notes", "notes/docs/1", ""]) {
      const { codes } = await annReads()(ITEM, { container, id: "1", key: "ann" });
      expect(codes).toEqual(["FORBIDDEN"]);
    }
    expect(itemRequests(await api.requests())).toEqual([]);
  });

  test("needs the partition where permissions name several or none", async () => {
    for (const caller of [all(), both()]) {
      const { errors } = await caller(ITEM, { id: "1" });
      expect(errors).toEqual([
        { code: "BAD_USER_INPUT", message: expect.stringContaining("Give `partitionKey`") },
      ]);
      expect((await caller(ITEM, { id: "1", key: "bob" })).data.item).toMatchObject({
        text: "secret",
      });
    }
  });

  test.each([[[]], [["a", "b", "c", "d"]], [{}], [[["ann"]]], [{ owner: "ann" }]])(
    "can't be in partition %j",
    async (key) => {
      expect((await all()(ITEM, { id: "1", key })).codes).toEqual(["BAD_USER_INPUT"]);
    },
  );

  test("of a permission on that item alone is read, and others are not", async () => {
    const caller = api.as("one", { container: "notes", partitionKey: ["ann"], item: "1" });
    expect((await caller(ITEM, { id: "1" })).data.item).toMatchObject({ text: "a" });
    expect((await caller(ITEM, { id: "2" })).codes).toEqual(["FORBIDDEN"]);
    expect((await caller(ROWS, { query: "SELECT * FROM c" })).codes).toEqual(["FORBIDDEN"]);
  });
});

describe("items", () => {
  const texts = "SELECT VALUE c.text FROM c";

  test("are the rows of a query of one partition, whatever the query says of others", async () => {
    const caller = annReads();
    const rowsOf = async (query: string) =>
      (await caller(ROWS, { query, first: 5 })).data.items.rows;
    expect(await rowsOf(texts)).toEqual(["a", "b", "c"]);
    expect(await rowsOf("SELECT * FROM c WHERE c.owner = 'bob'")).toEqual([]);
    expect(await rowsOf("SELECT * FROM notes")).toHaveLength(3);
    expect(await rowsOf("SELECT VALUE COUNT(1) FROM c WHERE true OR c.owner = 'bob'")).toEqual([3]);
    const subquery = "SELECT VALUE (SELECT VALUE COUNT(1) FROM x IN c.lines) FROM c";
    expect(await rowsOf(subquery)).toEqual([0, 0, 0]);
    const sent = itemRequests(await api.requests());
    expect(sent.map(({ partitionKey, status }) => [partitionKey, status])).toEqual(
      sent.map(() => [["ann"], 200]),
    );
    expect(sent).toHaveLength(5);
  });

  test("take values as parameters, of any JSON type", async () => {
    const query = "SELECT VALUE [c.id, @o.x, @none] FROM c WHERE c.n >= @n AND c.text != @text";
    const parameters = [
      { name: "@n", value: 2 },
      { name: "@text", value: "b' OR true --" },
      { name: "@o", value: { x: [null] } },
      { name: "@none" },
    ];
    const { data, errors } = await annReads()(ROWS, { query, parameters });
    expect(errors).toEqual([]);
    expect(data.items.rows).toEqual([
      ["2", [null], null],
      ["3", [null], null],
    ]);
    const inline = await annReads()(
      `{ items(container: "notes", query: "SELECT VALUE @a FROM c", first: 1, parameters: [{ name: "@a", value: { b: [1] } }]) { rows } }`,
    );
    expect(inline.data.items.rows).toEqual([{ b: [1] }]);
    const unnamed = await annReads()(ROWS, { query, parameters: [{ name: "n", value: 1 }] });
    expect(unnamed.codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("come page by page, each row once, one request a page", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const query = "SELECT VALUE c.text FROM c ORDER BY c.n DESC";
      const { data, errors }: Awaited<ReturnType<ReturnType<typeof annReads>>> = await annReads()(
        ROWS,
        { query, after, first: 2 },
      );
      expect(errors).toEqual([]);
      seen.push(...data.items.rows);
      expect(data.items.hasNextPage).toBe(data.items.endCursor !== null);
      after = data.items.endCursor;
    } while (after !== null);
    expect(seen).toEqual(["c", "b", "a"]);
    expect(itemRequests(await api.requests())).toHaveLength(2);
  });

  test("have cursors for the same query, parameters, partition and caller only", async () => {
    const parameters = [{ name: "@n", value: 0 }];
    const query = "SELECT VALUE c.text FROM c WHERE c.n > @n";
    const variables = { query, parameters, key: "ann", first: 1 };
    const { data } = await both()(ROWS, variables);
    const after = data.items.endCursor;
    expect((await both()(ROWS, { ...variables, first: 5, after })).data.items.rows).toEqual([
      "b",
      "c",
    ]);
    const foreign = [
      both()(ROWS, { ...variables, query: `${query} `, after }),
      both()(ROWS, { ...variables, parameters: [{ name: "@n", value: 1 }], after }),
      both()(ROWS, { ...variables, key: "bob", after }),
      both()(ROWS, { ...variables, after: `${after}A` }),
      both()(ROWS, { ...variables, after: "" }),
      annReads()(ROWS, { ...variables, after }),
      all()(ROWS, { ...variables, key: null, after }),
    ];
    for (const answer of await Promise.all(foreign)) {
      expect(answer.codes).toEqual(["BAD_USER_INPUT"]);
    }
  });

  test.each([0, -1, 6])("can't be %i at a time", async (first) => {
    expect((await annReads()(ROWS, { query: texts, first })).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test.each([
    ["SELEC * FROM c", "SC1001, characters 0 to 5"],
    ["SELECT * FROM c WHERE c.a = @a", "@a"],
    ["SELECT VALUE udf.anything(c) FROM c", "udf.anything"],
  ])("with a fault in the query say where: %s", async (query, place) => {
    for (const caller of [annReads(), all()]) {
      const { errors } = await caller(ROWS, { query });
      expect(errors).toEqual([{ code: "BAD_USER_INPUT", message: expect.stringContaining(place) }]);
      expect(JSON.stringify(errors)).not.toContain("ActivityId");
    }
  });

  test.each([1, 4])(
    "go across %i physical partitions with a permission on the container only",
    async (partitions) => {
      const other = await start(partitions);
      try {
        const query = "SELECT VALUE c.text FROM c ORDER BY c.text DESC";
        const caller = other.as("all", { container: "notes" });
        const { data, errors } = await caller(ROWS, { query, first: 3 });
        expect(errors).toEqual([]);
        expect(data.items).toEqual({
          rows: ["secret", "c", "b"],
          hasNextPage: true,
          endCursor: null,
        });
        const whole = await caller(ROWS, { query, first: 4 });
        expect(whole.data.items).toMatchObject({ hasNextPage: false });
        const count = await caller(ROWS, { query: "SELECT VALUE COUNT(1) FROM c" });
        expect(count.data.items.rows).toEqual([4]);
        expect((await both()(ROWS, { query })).codes).toEqual(["BAD_USER_INPUT"]);
      } finally {
        await other.stop();
      }
    },
  );
});

describe("writes", () => {
  const WRITE = `mutation ($item: JSON!, $key: JSON) {
    createItem(container: "notes", item: $item, partitionKey: $key)
  }`;
  const REPLACE = `mutation ($id: ID!, $item: JSON!, $etag: String) {
    replaceItem(container: "notes", id: $id, item: $item, ifMatch: $etag)
  }`;
  const PATCH = `mutation ($id: ID!, $operations: [ItemPatchOperation!]!, $condition: String, $etag: String) {
    patchItem(container: "notes", id: $id, operations: $operations, condition: $condition, ifMatch: $etag)
  }`;

  test("make, replace, patch and delete an item", async () => {
    const caller = annWrites();
    const made = await caller(WRITE, { item: { owner: "ann", list: [1], deep: { x: null } } });
    expect(made.errors).toEqual([]);
    expect(made.data.createItem).toMatchObject({ id: "made", deep: { x: null } });
    expect((await caller(WRITE, { item: { owner: "ann" } })).codes).toEqual(["CONFLICT"]);

    // An item as it was read can be written back.
    const item = { ...made.data.createItem, list: [2] };
    const replaced = await caller(REPLACE, { id: "made", item, etag: item._etag });
    expect(replaced.errors).toEqual([]);
    expect(replaced.data.replaceItem).toMatchObject({ list: [2], deep: { x: null } });
    const again = await caller(REPLACE, { id: "made", item, etag: item._etag });
    expect(again.codes).toEqual(["PRECONDITION_FAILED"]);

    const patched = await caller(PATCH, {
      id: "made",
      condition: "FROM c WHERE c.list[0] = 2",
      operations: [
        { op: "add", path: "/list/-", value: 3 },
        { op: "set", path: "/a~1b", value: null },
        { op: "replace", path: "/list/0", value: "two" },
        { op: "incr", path: "/n", value: 2.5 },
        { op: "move", from: "/deep/x", path: "/x" },
        { op: "remove", path: "/deep" },
      ],
    });
    expect(patched.errors).toEqual([]);
    const { _etag, _ts, _rid, _self, _attachments, ...stored } = patched.data.patchItem;
    expect(stored).toEqual({
      id: "made",
      owner: "ann",
      list: ["two", 3],
      "a/b": null,
      n: 2.5,
      x: null,
    });
    const failed = await caller(PATCH, {
      id: "made",
      condition: "FROM c WHERE c.n > 100",
      operations: [{ op: "remove", path: "/n" }],
    });
    expect(failed.codes).toEqual(["PRECONDITION_FAILED"]);

    const remove = `mutation { deleteItem(container: "notes", id: "made") }`;
    expect((await caller(remove)).data).toEqual({ deleteItem: "made" });
    expect((await caller(remove)).codes).toEqual(["NOT_FOUND"]);
    expect(
      (await caller(PATCH, { id: "made", operations: [{ op: "remove", path: "/n" }] })).codes,
    ).toEqual(["NOT_FOUND"]);
    expect((await caller(REPLACE, { id: "made", item: { owner: "ann" } })).codes).toEqual([
      "NOT_FOUND",
    ]);
  });

  test("upsert writes over an item, or makes it", async () => {
    const upsert = (item: object) =>
      annWrites()(
        `mutation ($item: JSON!) { upsertItem(container: "notes", item: $item, partitionKey: "ann") }`,
        { item },
      );
    expect((await upsert({ id: "up", owner: "ann", n: 1 })).data.upsertItem).toMatchObject({
      n: 1,
    });
    expect((await upsert({ id: "up", owner: "ann", n: 2 })).data.upsertItem).toMatchObject({
      n: 2,
    });
    await annWrites()(`mutation { deleteItem(container: "notes", id: "up") }`);
  });

  test("of an item of another partition are refused by Cosmos DB", async () => {
    const other = await annWrites()(WRITE, { item: { owner: "bob" } });
    expect(other.codes).toEqual(["BAD_USER_INPUT"]);
    expect(other.errors[0]?.message).toContain("partition key");
    expect((await annWrites()(WRITE, { item: { owner: "bob" }, key: "bob" })).codes).toEqual([
      "FORBIDDEN",
    ]);
    expect((await annReads()(WRITE, { item: { owner: "ann" } })).codes).toEqual(["FORBIDDEN"]);
  });

  test("go where the caller may write, if that is one partition", async () => {
    const { data } = await both()(WRITE, { item: { owner: "ann", id: "mine" } });
    expect(data.createItem).toMatchObject({ id: "mine" });
    await both()(`mutation { deleteItem(container: "notes", id: "mine") }`);
  });

  test.each([[[]], ["text"], [1], [{ id: 1 }], [{ id: "a/b" }], [{ id: null }]])(
    "%j is no item",
    async (item) => {
      expect((await annWrites()(WRITE, { item })).codes).toEqual(["BAD_USER_INPUT"]);
    },
  );

  test("an item's id stays", async () => {
    const item = { id: "2", owner: "ann" };
    expect((await annWrites()(REPLACE, { id: "1", item })).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test.each([
    [{ op: "set", path: "n", value: 1 }],
    [{ op: "set", path: "", value: 1 }],
    [{ op: "set", path: "/a~2", value: 1 }],
    [{ op: "set", path: "/n" }],
    [{ op: "incr", path: "/n", value: "1" }],
    [{ op: "move", path: "/n" }],
    [{ op: "set", path: "/owner", value: "bob" }],
    [{ op: "set", path: "/id", value: "2" }],
  ])("%j is no patch operation", async (operation) => {
    const operations = [operation];
    expect((await annWrites()(PATCH, { id: "1", operations })).codes).toEqual(["BAD_USER_INPUT"]);
  });
});

describe("the schema", () => {
  const NAMES = {
    Query: ["item", "items"],
    Mutation: ["createItem", "upsertItem", "replaceItem", "patchItem", "deleteItem"],
  };

  test("has the operations only where they are switched on", async () => {
    const off = await startApiUnderTest({ model: MODEL, containers: [] });
    await off.stop();
    for (const [root, names] of Object.entries(NAMES)) {
      const fieldsOf = ({ schema }: ApiUnderTest) => {
        const type = schema.getType(root);
        return isObjectType(type) ? Object.keys(type.getFields()) : [];
      };
      expect(fieldsOf(api)).toEqual(expect.arrayContaining(names));
      expect(fieldsOf(off).filter((name) => names.includes(name))).toEqual([]);
    }
    for (const name of [
      "ItemPage",
      "SqlParameter",
      "ItemPatchOperation",
      "ItemPatchOperationType",
    ]) {
      expect(api.schema.getType(name)).toBeDefined();
      expect(off.schema.getType(name)).toBeUndefined();
    }
  });

  test("describes everything in them", () => {
    const types = ["ItemPage", "SqlParameter", "ItemPatchOperation"].map((name) =>
      api.schema.getType(name),
    );
    const fields = types.flatMap((type) =>
      isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [],
    );
    expect(fields.length).toBeGreaterThan(8);
    expect([...types, ...fields].filter((one) => !one?.description)).toEqual([]);
  });
});
