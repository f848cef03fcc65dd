import { type ChangeFeedIteratorOptions, ChangeFeedStartFrom, type Container } from "@azure/cosmos";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestAccount, type TestAccount } from "./test-account.ts";

describe.each([1, 4])("change feed on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
  });
  beforeEach(async () => {
    container = await account.createContainer();
  });
  afterAll(() => account.stop());

  interface Change {
    readonly id: string;
    readonly pk: string;
    readonly n?: number;
    readonly _lsn: number;
  }

  /** All changes up to the first 304, and the token to go on with. */
  async function drain(
    options: ChangeFeedIteratorOptions,
  ): Promise<{ readonly changes: readonly Change[]; readonly token: string }> {
    const changes: Change[] = [];
    let token = "";
    for await (const page of container.items.getChangeFeedIterator(options).getAsyncIterator()) {
      token = page.continuationToken;
      if (page.statusCode === 304) {
        break;
      }
      expect(page.result.length).toBeGreaterThan(0);
      changes.push(...(page.result as unknown as Change[]));
    }
    return { changes, token };
  }

  const write = async (pk: string, ids: readonly string[]): Promise<void> => {
    for (const id of ids) {
      await container.items.upsert({ id, pk });
    }
  };
  const ids = (changes: readonly Change[]): readonly string[] => changes.map(({ id }) => id);

  test("from the beginning it tells each item once, in the order of its last write", async () => {
    await write("a", ["1", "2", "3"]);
    await container.items.upsert({ id: "1", pk: "a", n: 2 });
    await container.item("2", "a").delete();
    const { changes } = await drain({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning("a") });
    expect(ids(changes)).toEqual(["3", "1"]);
    expect(changes[1]?.n).toBe(2);
    expect(changes[0]?._lsn).toBeLessThan(changes[1]?._lsn ?? 0);
  });

  test("by partition key it tells of no other", async () => {
    await write("a", ["1"]);
    await write("b", ["2"]);
    const { changes } = await drain({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning("b") });
    expect(ids(changes)).toEqual(["2"]);
  });

  test("over the whole container it tells everything", async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `p${index}`);
    for (const key of keys) {
      await write(key, [key]);
    }
    const { changes } = await drain({
      changeFeedStartFrom: ChangeFeedStartFrom.Beginning(),
      maxItemCount: 3,
    });
    expect([...ids(changes)].sort()).toEqual([...keys].sort());
  });

  test("each feed range tells its own", async () => {
    for (let index = 0; index < 20; index++) {
      await write(`p${index}`, [String(index)]);
    }
    const ranges = await container.getFeedRanges();
    expect(ranges).toHaveLength(partitions);
    const all: string[] = [];
    for (const range of ranges) {
      const { changes } = await drain({
        changeFeedStartFrom: ChangeFeedStartFrom.Beginning(range),
      });
      all.push(...ids(changes));
    }
    expect([...all].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
  });

  test("pages follow one another by etag, and a 304 carries one too", async () => {
    await write("a", ["1", "2", "3", "4", "5"]);
    const { changes, token } = await drain({
      changeFeedStartFrom: ChangeFeedStartFrom.Beginning("a"),
      maxItemCount: 2,
    });
    expect(ids(changes)).toEqual(["1", "2", "3", "4", "5"]);
    await write("a", ["2", "6"]);
    const later = await drain({ changeFeedStartFrom: ChangeFeedStartFrom.Continuation(token) });
    expect(ids(later.changes)).toEqual(["2", "6"]);
  });

  test("from now it tells only what comes", async () => {
    await write("a", ["1"]);
    const { changes, token } = await drain({ changeFeedStartFrom: ChangeFeedStartFrom.Now() });
    expect(changes).toEqual([]);
    await write("a", ["2"]);
    const later = await drain({ changeFeedStartFrom: ChangeFeedStartFrom.Continuation(token) });
    expect(ids(later.changes)).toEqual(["2"]);
  });

  test("from a time it tells what was written since", async () => {
    await write("a", ["1"]);
    await account.advanceClock(100);
    const since = new Date(Date.now());
    const { resource } = await container.items.create({ id: "2", pk: "a" });
    const offsetMs = Number(resource?._ts) * 1000 - since.getTime();
    const start = new Date(since.getTime() + offsetMs);
    const { changes } = await drain({
      changeFeedStartFrom: ChangeFeedStartFrom.Time(start),
      maxItemCount: 1,
    });
    expect(ids(changes)).toEqual(["2"]);
  });

  test("a prefix of a hierarchical key tells its partitions", async () => {
    container = await account.createContainer({
      partitionKey: { paths: ["/pk", "/u"], kind: "MultiHash" as never, version: 2 },
    });
    for (const [pk, u] of [
      ["a", "1"],
      ["a", "2"],
      ["b", "3"],
    ]) {
      await container.items.create({ id: `${pk}${u}`, pk, u });
    }
    const { changes } = await drain({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning(["a"]) });
    expect([...ids(changes)].sort()).toEqual(["a1", "a2"]);
  });

  test("the older iterator works too", async () => {
    await write("a", ["1", "2"]);
    const iterator = container.items.changeFeed("a", { startFromBeginning: true });
    expect((await iterator.fetchNext()).result.map(({ id }) => id)).toEqual(["1", "2"]);
    expect((await iterator.fetchNext()).statusCode).toBe(304);
    await write("a", ["3"]);
    expect((await iterator.fetchNext()).result.map(({ id }) => id)).toEqual(["3"]);
  });

  const read = (headers: Readonly<Record<string, string>>) =>
    account.send("GET", `/dbs/db/colls/${container.id}/docs`, { headers });

  test("all versions and deletes mode is refused by name", async () => {
    const { status, body } = await read({
      "a-im": "Full-Fidelity Feed",
      "x-ms-documentdb-partitionkey": '["a"]',
    });
    expect(status).toBe(501);
    expect(body.message).toContain("all versions and deletes");
  });

  test.each([
    { "a-im": "Nonsense" },
    { "a-im": "Incremental feed", "if-none-match": '"x"' },
    { "a-im": "Incremental feed", "if-modified-since": "yesterday" },
  ])("the headers %j are 400", async (headers) => {
    const all = { "x-ms-documentdb-partitionkey": '["a"]', ...headers };
    expect((await read(all as unknown as Record<string, string>)).status).toBe(400);
  });
});
