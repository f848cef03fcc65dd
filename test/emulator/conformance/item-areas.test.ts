import { ChangeFeedStartFrom, type Container, type JSONObject } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "../test-account.ts";
import { asMultiset, createAll, pagesOf, rowsOf } from "./run-query.ts";

const keys = Array.from({ length: 16 }, (_, index) => `p${index}`);

describe.each([1, 4])("on %i physical partitions", (partitions) => {
  let account: TestAccount;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
  });
  afterAll(() => account.stop());

  describe("time to live", () => {
    test("takes expired items out of every kind of answer, in each partition", async () => {
      const container = await account.createContainer({ defaultTtl: 1000 });
      await createAll(
        container,
        keys.flatMap((pk, index) => [
          { id: "short", pk, rank: index, ttl: 10 },
          { id: "long", pk, rank: index },
        ]),
      );
      await account.advanceClock(11);
      expect(await rowsOf(container, "SELECT VALUE COUNT(1) FROM c")).toEqual([16]);
      expect(await rowsOf(container, "SELECT DISTINCT VALUE c.id FROM c")).toEqual(["long"]);
      expect(await rowsOf(container, "SELECT c.id, COUNT(1) AS n FROM c GROUP BY c.id")).toEqual([
        { id: "long", n: 16 },
      ]);
      const ordered = await pagesOf<number>(
        container,
        "SELECT VALUE c.rank FROM c ORDER BY c.rank",
        {
          maxItemCount: 3,
        },
      );
      expect(ordered.flat()).toEqual(keys.map((_, index) => index));
      expect((await container.items.readAll().fetchAll()).resources).toHaveLength(16);
      const changes = await allChanges(container);
      expect(changes.filter(({ id }) => id === "short")).toEqual([]);
      expect((await container.item("short", "p3").read()).statusCode).toBe(404);
      // the id is free again
      await container.items.create({ id: "short", pk: "p3", rank: 3 });
      expect(await rowsOf(container, "SELECT VALUE COUNT(1) FROM c")).toEqual([17]);
    });
  });

  describe("ids", () => {
    const ids = [
      "a b",
      "50%",
      "%41",
      "ü",
      "大阪",
      "😀",
      "a+b&c=d",
      "'\"",
      "[]{}|^`",
      "a\tb",
      "...",
      "~",
      "@;,:",
    ];

    test("of any kind are read, replaced, patched, found and deleted", async () => {
      const container = await account.createContainer();
      for (const id of ids) {
        const item = { id, pk: id, n: 1 };
        await container.items.create(item);
        await container.item(id, id).replace({ ...item, n: 2 });
        await container.item(id, id).patch([{ op: "incr", path: "/n", value: 1 }]);
        expect((await container.item(id, id).read<{ n: number }>()).resource?.n).toBe(3);
        expect(
          await rowsOf(container, {
            query: "SELECT VALUE c.id FROM c WHERE c.id = @id",
            parameters: [{ name: "@id", value: id }],
          }),
        ).toEqual([id]);
      }
      expect(asMultiset(await rowsOf<string>(container, "SELECT VALUE c.pk FROM c"))).toEqual(
        asMultiset(ids),
      );
      for (const id of ids) {
        await container.item(id, id).delete();
      }
      expect(await rowsOf(container, "SELECT * FROM c")).toEqual([]);
    });
  });

  describe("unique keys", () => {
    test("hold in a partition key, however many others have the value", async () => {
      const container = await account.createContainer({
        uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/email"] }, { paths: ["/first", "/last"] }] },
      });
      for (const pk of keys) {
        await container.items.create({
          id: "1",
          pk,
          email: "x@example.com",
          first: "A",
          last: "B",
        });
        const same = { id: "2", pk, email: "x@example.com", first: "C" };
        expect((await errorOf(container.items.create(same))).code).toBe(409);
        await container.items.create({ ...same, email: "y@example.com" });
        expect(
          (
            await errorOf(
              container
                .item("2", pk)
                .patch([{ op: "set", path: "/email", value: "x@example.com" }]),
            )
          ).code,
        ).toBe(409);
        expect(
          (
            await errorOf(
              container.items.upsert({ id: "3", pk, email: "z", first: "A", last: "B" }),
            )
          ).code,
        ).toBe(409);
      }
      expect(await rowsOf(container, "SELECT VALUE COUNT(1) FROM c")).toEqual([32]);
    });
  });

  describe("conditional requests", () => {
    test("one of many concurrent writers wins each round", async () => {
      const container = await account.createContainer();
      await container.items.create({ id: "1", pk: "a", n: 0 });
      const item = container.item("1", "a");
      let wins = 0;
      for (let round = 0; round < 5; round += 1) {
        const { etag, resource } = await item.read<{ n: number }>();
        const results = await Promise.allSettled(
          Array.from({ length: 8 }, () =>
            item.replace(
              { id: "1", pk: "a", n: (resource?.n ?? 0) + 1 },
              { accessCondition: { type: "IfMatch", condition: etag } },
            ),
          ),
        );
        wins += results.filter(({ status }) => status === "fulfilled").length;
      }
      expect(wins).toBe(5);
      expect((await item.read<{ n: number }>()).resource?.n).toBe(5);
    });

    test("concurrent increments are all counted", async () => {
      const container = await account.createContainer();
      await createAll(
        container,
        keys.map((pk) => ({ id: "1", pk, n: 0 })),
      );
      await Promise.all(
        keys.flatMap((pk) =>
          Array.from({ length: 5 }, () =>
            container.item("1", pk).patch([{ op: "incr", path: "/n", value: 1 }]),
          ),
        ),
      );
      expect(await rowsOf(container, "SELECT VALUE SUM(c.n) FROM c")).toEqual([keys.length * 5]);
    });
  });

  describe("many items by one bulk call", () => {
    test("are read from their partitions, each with its own answer", async () => {
      const container = await account.createContainer();
      await createAll(
        container,
        keys.map((pk, index) => ({ id: `${index}`, pk, n: index })),
      );
      const results = await container.items.executeBulkOperations([
        ...keys.map((partitionKey, index) => ({
          operationType: "Read" as const,
          id: `${index}`,
          partitionKey,
        })),
        { operationType: "Read", id: "0", partitionKey: "p1" },
        {
          operationType: "Patch",
          id: "3",
          partitionKey: "p3",
          resourceBody: { operations: [{ op: "incr", path: "/n", value: 1 }] },
        },
        { operationType: "Delete", id: "4", partitionKey: "p4" },
      ]);
      const statuses = results.map(({ response, error }) => response?.statusCode ?? error?.code);
      expect(statuses).toEqual([...keys.map(() => 200), 404, 200, 204]);
      const body = results[7]?.response?.resourceBody as JSONObject | undefined;
      expect(body).toMatchObject({ id: "7", pk: "p7", n: 7 });
    });
  });

  describe("patch and batch", () => {
    test("a condition decides for its item, and a batch for its partition alone", async () => {
      const container = await account.createContainer();
      await createAll(
        container,
        keys.map((pk, index) => ({ id: "1", pk, n: index })),
      );
      const results = await Promise.allSettled(
        keys.map((pk) =>
          container.item("1", pk).patch({
            condition: "FROM c WHERE c.n >= 8",
            operations: [{ op: "set", path: "/marked", value: true }],
          }),
        ),
      );
      expect(results.map(({ status }) => status)).toEqual(
        keys.map((_, index) => (index >= 8 ? "fulfilled" : "rejected")),
      );
      for (const pk of keys) {
        const { code, result } = await container.items.batch(
          [
            { operationType: "Upsert", resourceBody: { id: "2", pk } },
            { operationType: "Replace", id: "1", resourceBody: { id: "1", pk, n: -1 } },
            { operationType: "Create", resourceBody: { id: pk === "p5" ? "1" : "3", pk } },
          ],
          pk,
        );
        expect(code).toBe(pk === "p5" ? 207 : 200);
        expect(result?.map(({ statusCode }) => statusCode)).toEqual(
          pk === "p5" ? [424, 424, 409] : [201, 200, 201],
        );
      }
      expect(await rowsOf(container, "SELECT VALUE COUNT(1) FROM c")).toEqual([15 * 3 + 1]);
      expect(await rowsOf(container, "SELECT VALUE c.n FROM c WHERE c.pk = 'p5'")).toEqual([5]);
    });
  });

  describe("the change feed", () => {
    test("gives each change once, while writing goes on, by partition key and by range", async () => {
      const container = await account.createContainer();
      await createAll(
        container,
        keys.map((pk) => ({ id: "1", pk })),
      );
      const iterator = container.items.getChangeFeedIterator<JSONObject>({
        changeFeedStartFrom: ChangeFeedStartFrom.Beginning(),
        maxItemCount: 4,
      });
      const seen: string[] = [];
      let round = 0;
      let quietAnswers = 0;
      // a range without changes answers 304 before the next range is asked
      while (iterator.hasMoreResults && quietAnswers <= partitions) {
        const { result, statusCode } = await iterator.readNext();
        quietAnswers = statusCode === 304 ? quietAnswers + 1 : 0;
        seen.push(...result.map(({ pk, id }) => `${String(pk)}/${String(id)}`));
        if (round < 5) {
          round += 1;
          await container.items.create({ id: `later ${round}`, pk: keys[round] });
        }
      }
      expect(asMultiset(seen)).toEqual(
        asMultiset([
          ...keys.map((pk) => `${pk}/1`),
          ...[1, 2, 3, 4, 5].map((index) => `p${index}/later ${index}`),
        ]),
      );
      const own = await allChanges(container, "p2");
      expect(own.map(({ id }) => id)).toEqual(["1", "later 2"]);
    });
  });

  describe("deleting a partition key's items", () => {
    test("leaves those of the others", async () => {
      const container = await account.createContainer();
      await createAll(
        container,
        keys.flatMap((pk) => [
          { id: "1", pk },
          { id: "2", pk },
        ]),
      );
      await container.deleteAllItemsForPartitionKey("p4");
      expect(await rowsOf(container, "SELECT VALUE COUNT(1) FROM c")).toEqual([30]);
      expect(await rowsOf(container, "SELECT * FROM c", { partitionKey: "p4" })).toEqual([]);
      expect(await allChanges(container, "p4")).toEqual([]);
    });
  });
});

/** What the change feed tells from its beginning, of one partition key or of the whole container. */
async function allChanges(
  container: Container,
  partitionKey?: string,
): Promise<readonly JSONObject[]> {
  const iterator = container.items.getChangeFeedIterator<JSONObject>({
    changeFeedStartFrom: ChangeFeedStartFrom.Beginning(partitionKey),
  });
  const ranges = partitionKey === undefined ? (await container.getFeedRanges()).length : 1;
  const changes: JSONObject[] = [];
  for (let quietAnswers = 0; quietAnswers < ranges; ) {
    const { result, statusCode } = await iterator.readNext();
    changes.push(...result);
    quietAnswers = statusCode === 304 ? quietAnswers + 1 : 0;
  }
  return changes;
}
