import type { Container } from "@azure/cosmos";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestAccount, type TestAccount } from "./test-account.ts";

describe.each([1, 4])("ids on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
    container = await account.createContainer({ id: "ids" });
  });
  afterAll(() => account.stop());

  const docs = "/dbs/db/colls/ids/docs";
  const headers = { "x-ms-documentdb-partitionkey": '["a"]' };

  describe("ids of items", () => {
    test.each([
      " Test",
      "Test   ",
      "WithAllowedSpecial,=.:~+-@()^{}$[]!_Chars",
      "100%",
      "%2F",
      "%25",
      "a b",
      "a?b=c&d",
      "?a",
      "+",
      "a+b",
      "ä",
      "日本",
      "😀",
      "a'b\"c",
      "a:b@c;d,e",
      "{}",
      "$-_.!*()",
      "~",
      "constructor",
      "__proto__",
      "docs",
      "x".repeat(255),
      "a|b^c`d<e>",
      "é",
      "﷽",
    ])("%j is created, read, replaced and deleted", async (id) => {
      expect((await container.items.create({ id, pk: "a", n: 1 })).statusCode).toBe(201);
      const item = container.item(id, "a");
      expect((await item.read()).resource).toMatchObject({ id, n: 1 });
      expect((await item.replace({ id, pk: "a", n: 2 })).resource?.id).toBe(id);
      expect((await item.delete()).statusCode).toBe(204);
      expect((await item.read()).statusCode).toBe(404);
    });

    test.each(["a/b", "a\\b", "a#b", "", "x".repeat(1024), 7, null, ["a"], {}])(
      "%j is refused",
      async (id) => {
        const { status } = await account.send("POST", docs, { headers, body: { id, pk: "a" } });
        expect(status).toBe(400);
      },
    );

    test("any id without the forbidden characters can be read back", async () => {
      const character = fc.constantFrom(..."abc09 %?&=+.~ä日😀'\"-_:@$", "\u00a0", "\u0301");
      const ids = fc
        .array(character, { minLength: 1, maxLength: 20 })
        .map((characters) => characters.join("").normalize())
        // these never leave the client: blank ids, and what a URL parser drops, which is dot segments and the question
        // mark of an empty query
        .filter((id) => id.trim() !== "")
        .filter((id) => !/^\.{1,2}(\?|$)/.test(id) && !/^[^?]*\?$/.test(id));
      await fc.assert(
        fc.asyncProperty(ids, async (id) => {
          await container.items.upsert({ id, pk: "a" });
          const { resource } = await container.item(id, "a").read();
          expect(resource?.id).toBe(id);
          await container.item(id, "a").delete();
        }),
        { numRuns: 200 },
      );
    });

    test.each(["%", "%zz", "%e4", "%c3%28", "a%"])(
      "the broken escape %s is 400",
      async (segment) => {
        expect((await account.send("GET", `${docs}/${segment}`, { headers })).status).toBe(400);
        expect((await account.send("GET", `/dbs/${segment}`)).status).toBe(400);
      },
    );

    test("a slash stays escaped within its segment", async () => {
      expect((await account.send("GET", `${docs}/a%2Fb`, { headers })).status).not.toBe(500);
    });
  });
});
