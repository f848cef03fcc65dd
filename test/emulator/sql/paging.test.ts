import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/emulator/json.ts";
import { compileQuery } from "../../../src/emulator/sql/compile-query.ts";
import { compareRids } from "../../../src/emulator/sql/values/compare-rids.ts";
import { arraySource, ridOf } from "./array-source.ts";
import { runPages, runQuery } from "./run-query.ts";

const items: readonly JsonObject[] = Array.from({ length: 23 }, (_, index) => ({
  id: String(index),
  bin: index % 4,
  rank: (index * 7) % 10,
  tags: Array.from({ length: index % 3 }, (_unused, at) => `t${at}`),
  ...(index % 5 === 0 ? {} : { note: index % 2 === 0 ? "even" : null }),
}));

const queries = [
  "SELECT VALUE c.id FROM c",
  "SELECT VALUE c.id FROM c WHERE c.rank > 4",
  "SELECT VALUE c.id FROM c WHERE c.bin = 2",
  "SELECT c.id, t FROM c JOIN t IN c.tags",
  "SELECT VALUE c.id FROM c ORDER BY c.rank",
  "SELECT VALUE c.id FROM c ORDER BY c.rank DESC",
  "SELECT VALUE c.id FROM c ORDER BY c.note",
  "SELECT VALUE c.id FROM c WHERE c.bin = 1 ORDER BY c.rank DESC",
  "SELECT VALUE c.id FROM c WHERE c.rank >= 3 ORDER BY c.rank",
  "SELECT VALUE c.id FROM c ORDER BY c.bin DESC, c.rank ASC",
  "SELECT c.id, t FROM c JOIN t IN c.tags ORDER BY c.rank DESC",
  "SELECT VALUE c.id FROM c ORDER BY c.rank OFFSET 3 LIMIT 11",
  "SELECT VALUE c.id FROM c OFFSET 5 LIMIT 9",
  "SELECT TOP 7 VALUE c.id FROM c ORDER BY c.rank",
  "SELECT DISTINCT VALUE c.rank FROM c",
  "SELECT DISTINCT VALUE c.rank FROM c ORDER BY c.rank DESC",
  "SELECT DISTINCT VALUE t FROM c JOIN t IN c.tags",
  "SELECT DISTINCT TOP 3 VALUE c.rank FROM c",
  "SELECT c.bin, c.rank, COUNT(1) AS n FROM c GROUP BY c.bin, c.rank",
  "SELECT c.bin, COUNT(1) AS n FROM c GROUP BY c.bin OFFSET 1 LIMIT 2",
  "SELECT DISTINCT VALUE COUNT(1) FROM c GROUP BY c.rank",
  "SELECT VALUE COUNT(1) FROM c",
  "SELECT VALUE s.id FROM (SELECT c.id FROM c WHERE c.bin = 1) AS s",
  "SELECT VALUE c.note FROM c",
  "SELECT VALUE c.note FROM c ORDER BY c.rank DESC",
];

describe.each(queries)("%s", (text) => {
  const whole = runQuery(text, items);

  test.each([1, 2, 3, 7, 100])("gives the same rows in pages of %i", (pageSize) => {
    for (const indexed of [false, true]) {
      const pages = runPages(text, arraySource(items, { indexed }), { pageSize });
      expect(pages.flat()).toEqual(whole);
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(pageSize);
    }
  });
});

describe("a continuation token", () => {
  const text = "SELECT VALUE c.id FROM c";
  const first = (query: string, maxItemCount: number, from = items) => {
    const page = compileQuery(query).execute(arraySource(from), { maxItemCount });
    return { rows: page.rows, continuation: page.continuation ?? "" };
  };
  const rest = (query: string, continuation: string, from: readonly JsonObject[]) =>
    compileQuery(query).execute(arraySource(from), { maxItemCount: -1, continuation }).rows;
  const numbered: readonly JsonObject[] = items.map((item, index) => ({
    ...item,
    _rid: ridOf(index + 1),
  }));

  test("is absent when the last row is on the page", () => {
    expect(runPages(text, arraySource(items), { pageSize: 23 })).toHaveLength(1);
    expect(
      runPages("SELECT TOP 5 VALUE c.id FROM c", arraySource(items), { pageSize: 5 }),
    ).toHaveLength(1);
  });

  test("goes on behind the last item although that one and earlier ones are gone", () => {
    const page = first(text, 5, numbered);
    const left = numbered.slice(5);
    expect(rest(text, page.continuation, left)).toEqual(left.map(({ id }) => id));
  });

  test("goes on in ORDER BY although items came and went before it", () => {
    const query = "SELECT VALUE c.id FROM c ORDER BY c.rank DESC";
    const whole = runQuery(query, numbered);
    const page = first(query, 6, numbered);
    const gone = new Set<unknown>(page.rows.slice(0, 3));
    const changed = [
      ...numbered.filter(({ id }) => !gone.has(id)),
      { id: "new", rank: 99, _rid: ridOf(100) },
    ];
    expect(rest(query, page.continuation, changed)).toEqual(whole.slice(6));
  });

  test("goes on within an item of which only some rows were taken", () => {
    const query = "SELECT VALUE t FROM c JOIN t IN c.tags";
    const one = [{ id: "a", tags: [1, 2, 3, 4], _rid: ridOf(1) }];
    const page = first(query, 3, one);
    expect(page.rows).toEqual([1, 2, 3]);
    expect(rest(query, page.continuation, one)).toEqual([4]);
    expect(rest(query, page.continuation, [{ id: "b", tags: [9], _rid: ridOf(2) }])).toEqual([9]);
  });

  test("goes on behind the last group although groups came and went before it", () => {
    const query = "SELECT c.bin AS g, COUNT(1) AS n FROM c GROUP BY c.bin";
    const page = first(query, 2, numbered);
    const changed = [...numbered.filter(({ bin }) => bin !== 0), { id: "x", bin: -1 }];
    expect(rest(query, page.continuation, changed)).toEqual([
      { g: 2, n: 6 },
      { g: 3, n: 5 },
    ]);
  });

  test("is plain ASCII and short, whatever the values hold", () => {
    const odd = ["é".repeat(50), "😀", "x".repeat(100_000), "y".repeat(100_000), "z"].map(
      (v, index) => ({
        id: String(index),
        v,
      }),
    );
    const query = "SELECT VALUE c.id FROM c ORDER BY c.v";
    const whole = runQuery(query, odd);
    const source = arraySource(odd);
    const rows: unknown[] = [];
    let continuation: string | undefined;
    do {
      const page = compileQuery(query).execute(source, {
        maxItemCount: 1,
        ...(continuation !== undefined && { continuation }),
      });
      rows.push(...page.rows);
      continuation = page.continuation;
      expect(continuation ?? "").toMatch(/^[\x20-\x7e]{0,4000}$/);
    } while (continuation !== undefined && rows.length <= whole.length);
    expect(rows).toEqual(whole);
  });

  test.each([
    "x",
    "",
    "null",
    "[]",
    "{}",
    '{"values":1,"offset":0}',
    '{"values":[[1]],"offset":0,"rid":"x"}',
    '{"values":[],"offset":-1}',
    '{"values":[],"offset":0,"limit":"1"}',
    '{"values":[],"offset":0,"rid":5}',
    '{"values":[],"offset":0,"partial":{"rid":"x","rows":-1}}',
    '{"values":[[1,2]],"offset":0}',
    "\u0000",
  ])("that reads %j is a 400", (continuation) => {
    expect(() => rest(text, continuation, items)).toThrow(
      expect.objectContaining({ status: 400, message: "Invalid Continuation Token" }),
    );
  });
});

describe("what a page reads", () => {
  const many = Array.from({ length: 5000 }, (_, index) => ({ id: String(index), n: index % 1000 }));

  test("an unordered page stops behind its last row", () => {
    const page = compileQuery("SELECT * FROM c").execute(arraySource(many), { maxItemCount: 10 });
    expect(page.itemsRead).toBeLessThan(20);
  });

  test("an ordered page over an index stops behind its last row", () => {
    const query = compileQuery("SELECT TOP 20 * FROM c ORDER BY c.n DESC");
    const page = query.execute(arraySource(many, { indexed: true }), { maxItemCount: 100 });
    expect(page.rows).toHaveLength(20);
    expect(page.itemsRead).toBe(20);
  });

  test.each([
    ["c.n = 7", 5],
    ["c.n = 7 AND c.id != '7'", 5],
    ["7 = c.n", 5],
    ["c.n > 997", 10],
    ["c.n BETWEEN 3 AND 5", 15],
    ["c['n'] >= 998 AND c.n < 999", 5],
    ["STARTSWITH(c.id, '4999')", 1],
    ["c.id = '12' AND c.n > 0", 1],
    ["c.missing = 1", 0],
  ])("%s reads %i items where there is an index", (where, itemsRead) => {
    const query = compileQuery(`SELECT VALUE c.id FROM c WHERE ${where}`);
    const page = query.execute(arraySource(many, { indexed: true }), { maxItemCount: 100 });
    expect(page.itemsRead).toBeLessThanOrEqual(itemsRead);
    expect(page.rows).toEqual(query.execute(arraySource(many), { maxItemCount: 100 }).rows);
  });
});

describe("the order of _rids", () => {
  test("is that of their numbers, lowest byte first", () => {
    const numbers = [1, 2, 255, 256, 257, 65_536, 2 ** 40];
    const rids = numbers.map(ridOf);
    expect(rids.toReversed().sort(compareRids)).toEqual(rids);
    expect(compareRids("x", "x")).toBe(0);
    expect(compareRids("a", "bb")).toBeLessThan(0);
  });
});
