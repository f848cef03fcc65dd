import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

describe.each([1, 4])("time to live on %i physical partitions", (partitions) => {
  let account: TestAccount;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
  });
  afterAll(() => account.stop());

  describe("time to live", () => {
    test("an item is gone once the container's default has passed since its last write", async () => {
      const container = await account.createContainer({ defaultTtl: 100 });
      await container.items.create({ id: "1", pk: "a" });
      await container.items.create({ id: "2", pk: "a" });
      await account.advanceClock(60);
      await container.items.upsert({ id: "2", pk: "a" });
      await account.advanceClock(60);
      expect((await container.item("1", "a").read()).statusCode).toBe(404);
      expect((await container.item("2", "a").read()).statusCode).toBe(200);
      const { resources } = await container.items.query("SELECT VALUE c.id FROM c").fetchAll();
      expect(resources).toEqual(["2"]);
      const listed = await account.send("GET", `/dbs/db/colls/${container.id}/docs`);
      expect(listed.body._count).toBe(1);
    });

    test("an item's own time wins, and -1 is never", async () => {
      const container = await account.createContainer({ defaultTtl: 100 });
      await container.items.create({ id: "short", pk: "a", ttl: 10 });
      await container.items.create({ id: "long", pk: "a", ttl: 1000 });
      await container.items.create({ id: "ever", pk: "a", ttl: -1 });
      await account.advanceClock(200);
      const { resources } = await container.items.query("SELECT VALUE c.id FROM c").fetchAll();
      expect([...resources].sort()).toEqual(["ever", "long"]);
    });

    test("a default of -1 lets only items with a time of their own expire", async () => {
      const container = await account.createContainer({ defaultTtl: -1 });
      await container.items.create({ id: "short", pk: "a", ttl: 10 });
      await container.items.create({ id: "plain", pk: "a" });
      await account.advanceClock(20);
      expect((await container.item("short", "a").read()).statusCode).toBe(404);
      expect((await container.item("plain", "a").read()).statusCode).toBe(200);
    });

    test("without a default nothing expires, until one is set", async () => {
      const container = await account.createContainer();
      await container.items.create({ id: "1", pk: "a", ttl: 10 });
      await account.advanceClock(20);
      expect((await container.item("1", "a").read()).statusCode).toBe(200);
      const { resource } = await container.read();
      await container.replace({ ...resource, id: container.id, defaultTtl: -1 } as never);
      expect((await container.item("1", "a").read()).statusCode).toBe(404);
    });

    test("an expired item's id and unique values are free again", async () => {
      const container = await account.createContainer({
        defaultTtl: 10,
        uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/mail"] }] },
      });
      const first = await container.items.create({ id: "1", pk: "a", mail: "m" });
      await account.advanceClock(10);
      expect((await errorOf(container.item("1", "a").replace({ id: "1", pk: "a" }))).code).toBe(
        404,
      );
      await container.items.create({ id: "2", pk: "a", mail: "m" });
      const second = await container.items.create({ id: "1", pk: "a", mail: "n" });
      expect(second.resource?._rid).not.toBe(first.resource?._rid);
      const { resources } = await container.items.readAll().fetchAll();
      expect(resources).toHaveLength(2);
    });

    test.each([0, -2, 1.5, "10", 2147483648, true, null])(
      "the ttl %j of an item is 400",
      async (ttl) => {
        const container = await account.createContainer();
        expect(
          (await errorOf(container.items.create({ id: "1", pk: "a", ttl: ttl as number }))).code,
        ).toBe(400);
      },
    );

    test.each([0, -2, 1.5, "10", null])(
      "the defaultTtl %j of a container is 400",
      async (defaultTtl) => {
        expect(
          (await errorOf(account.createContainer({ defaultTtl: defaultTtl as never }))).code,
        ).toBe(400);
      },
    );
  });
});
