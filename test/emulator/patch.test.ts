import type { Container, PatchRequestBody } from "@azure/cosmos";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

describe.each([1, 4])("patch on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
    container = await account.createContainer();
  });
  afterAll(() => account.stop());

  const stored = {
    id: "1",
    pk: "a",
    n: 1,
    text: "Mixed Case",
    none: null,
    list: ["a", "b", "c"],
    deep: { er: { n: 5 }, list: [{ x: 1 }] },
  };

  beforeEach(async () => {
    await container.items.upsert(stored);
  });

  const patch = (body: unknown) => container.item("1", "a").patch(body as PatchRequestBody);

  /** The item's own properties after a patch. */
  async function patched(...operations: unknown[]): Promise<unknown> {
    const { resource } = await patch(operations);
    const { _rid, _self, _etag, _attachments, _ts, ...own } = resource ?? {};
    expect((await container.item("1", "a").read()).resource).toEqual(resource);
    return own;
  }

  describe("patch", () => {
    test.each([
      ["adds a property", { op: "add", path: "/new", value: { a: [1] } }, { new: { a: [1] } }],
      ["adds over a property", { op: "add", path: "/n", value: 2 }, { n: 2 }],
      [
        "adds into an array",
        { op: "add", path: "/list/1", value: "x" },
        { list: ["a", "x", "b", "c"] },
      ],
      [
        "adds right behind an array",
        { op: "add", path: "/list/3", value: "x" },
        { list: ["a", "b", "c", "x"] },
      ],
      [
        "appends to an array",
        { op: "add", path: "/list/-", value: "x" },
        { list: ["a", "b", "c", "x"] },
      ],
      ["sets a property", { op: "set", path: "/n", value: "now a text" }, { n: "now a text" }],
      ["sets a missing property", { op: "set", path: "/new", value: null }, { new: null }],
      ["sets an element", { op: "set", path: "/list/1", value: "x" }, { list: ["a", "x", "c"] }],
      ["replaces a property", { op: "replace", path: "/none", value: 0 }, { none: 0 }],
      [
        "replaces an element",
        { op: "replace", path: "/list/0", value: 0 },
        { list: [0, "b", "c"] },
      ],
      ["removes an element", { op: "remove", path: "/list/0" }, { list: ["b", "c"] }],
      ["increments", { op: "incr", path: "/n", value: 2.5 }, { n: 3.5 }],
      ["decrements", { op: "incr", path: "/n", value: -3 }, { n: -2 }],
      [
        "increments what is not there from zero",
        { op: "incr", path: "/count", value: 4 },
        { count: 4 },
      ],
      [
        "goes deep",
        { op: "incr", path: "/deep/er/n", value: 1 },
        { deep: { er: { n: 6 }, list: [{ x: 1 }] } },
      ],
      [
        "goes through arrays",
        { op: "set", path: "/deep/list/0/y", value: 2 },
        { deep: { er: { n: 5 }, list: [{ x: 1, y: 2 }] } },
      ],
      ["reads escapes in a path", { op: "add", path: "/a~1b~0c", value: 1 }, { "a/b~c": 1 }],
      [
        "sets a property named __proto__",
        { op: "set", path: "/__proto__", value: { p: 1 } },
        JSON.parse('{"__proto__":{"p":1}}'),
      ],
    ])("%s", async (_name, operation, expected) => {
      expect(await patched(operation)).toEqual({ ...stored, ...expected });
      expect(({} as Record<string, unknown>).p).toBeUndefined();
    });

    test("removes a property", async () => {
      const { n, ...rest } = stored;
      expect(await patched({ op: "remove", path: "/n" })).toEqual(rest);
    });

    test("moves a value, over another if need be", async () => {
      const { n, ...rest } = stored;
      expect(await patched({ op: "move", from: "/n", path: "/text" })).toEqual({
        ...rest,
        text: 1,
      });
      expect(await patched({ op: "move", from: "/list/0", path: "/list/1" })).toMatchObject({
        list: ["b", "a", "c"],
      });
    });

    test("applies operations one after the other", async () => {
      const operations = [
        { op: "add", path: "/box", value: {} },
        { op: "add", path: "/box/n", value: 1 },
        { op: "incr", path: "/box/n", value: 1 },
      ];
      expect(await patched(...operations)).toMatchObject({ box: { n: 2 } });
    });

    test.each([
      ["replaces what is not there", [{ op: "replace", path: "/x", value: 1 }]],
      ["removes what is not there", [{ op: "remove", path: "/x" }]],
      ["moves what is not there", [{ op: "move", from: "/x", path: "/y" }]],
      ["moves into its own child", [{ op: "move", from: "/deep", path: "/deep/x" }]],
      ["creates a way", [{ op: "add", path: "/x/y", value: 1 }]],
      ["goes through a text", [{ op: "add", path: "/text/y", value: 1 }]],
      ["leaves an array's bounds", [{ op: "add", path: "/list/4", value: 1 }]],
      ["takes a name for an index", [{ op: "add", path: "/list/x", value: 1 }]],
      ["takes a padded index", [{ op: "set", path: "/list/01", value: 1 }]],
      [
        "increments to Infinity",
        [
          { op: "set", path: "/n", value: 1.5e308 },
          { op: "incr", path: "/n", value: 1.5e308 },
        ],
      ],
      ["increments a text", [{ op: "incr", path: "/text", value: 1 }]],
      ["increments by a text", [{ op: "incr", path: "/n", value: "1" }]],
      ["patches the id", [{ op: "set", path: "/id", value: "2" }]],
      ["removes the id", [{ op: "remove", path: "/id" }]],
      ["patches a system property", [{ op: "set", path: "/_ts", value: 1 }]],
      ["moves the partition key away", [{ op: "set", path: "/pk", value: "b" }]],
      ["lacks a value", [{ op: "set", path: "/n" }]],
      ["has an unknown operation", [{ op: "test", path: "/n", value: 1 }]],
      ["has a path without slash", [{ op: "set", path: "n", value: 1 }]],
      ["has no operations", []],
      [
        "has eleven operations",
        Array.from({ length: 11 }, () => ({ op: "incr", path: "/n", value: 1 })),
      ],
      [
        "fails at its second operation",
        [
          { op: "set", path: "/n", value: 9 },
          { op: "remove", path: "/x" },
        ],
      ],
    ])("a patch that %s is 400 and changes nothing", async (_name, operations) => {
      const before = (await container.item("1", "a").read()).resource;
      expect((await errorOf(patch(operations))).code).toBe(400);
      expect((await container.item("1", "a").read()).resource).toEqual(before);
    });

    test("the condition decides, letter case and all", async () => {
      const operations = [{ op: "incr", path: "/n", value: 1 }];
      const fits = { condition: 'from c where c.text = "Mixed Case"', operations };
      expect((await patch(fits)).resource?.n).toBe(2);
      const fails = { condition: 'from c where c.text = "mixed case"', operations };
      expect((await errorOf(patch(fails))).code).toBe(412);
      expect((await container.item("1", "a").read()).resource?.n).toBe(2);
    });

    test.each(["c.n = 1", "select * from c", "from c where", 5])(
      "the condition %j is 400",
      async (condition) => {
        const operations = [{ op: "incr", path: "/n", value: 1 }];
        expect((await errorOf(patch({ condition, operations }))).code).toBe(400);
      },
    );

    test("If-Match is honoured", async () => {
      const operations: PatchRequestBody = [{ op: "incr", path: "/n", value: 1 }];
      const options = { accessCondition: { type: "IfMatch", condition: '"other"' } };
      const item = container.item("1", "a");
      expect((await errorOf(item.patch(operations, options))).code).toBe(412);
    });

    test("an item that is not there is 404", async () => {
      const operations: PatchRequestBody = [{ op: "incr", path: "/n", value: 1 }];
      expect((await errorOf(container.item("2", "a").patch(operations))).code).toBe(404);
    });
  });
});
