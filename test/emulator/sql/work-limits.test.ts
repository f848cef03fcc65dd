import { describe, expect, test } from "vitest";
import { evaluate, runQuery } from "./run-query.ts";

const long = {
  id: "1",
  text: "a".repeat(200_000),
  list: Array.from({ length: 2000 }, (_, at) => at),
};

describe("a query that would never end is an error", () => {
  test("a product of large arrays", () => {
    const text = "SELECT VALUE COUNT(1) FROM c JOIN a IN c.list JOIN b IN c.list JOIN d IN c.list";
    expect(() => runQuery(text, [long])).toThrow(expect.objectContaining({ status: 408 }));
  });

  test("a product within an expression", () => {
    const text =
      "SELECT VALUE (SELECT VALUE COUNT(1) FROM a IN c.list JOIN b IN c.list JOIN d IN c.list) FROM c";
    expect(() => runQuery(text, [long])).toThrow(expect.objectContaining({ status: 408 }));
  });

  test("a budget is for one request", () => {
    const text = "SELECT VALUE COUNT(1) FROM c JOIN a IN c.list JOIN b IN c.list";
    for (let request = 0; request < 6; request += 1) {
      expect(runQuery(text, [long])).toEqual([4_000_000]);
    }
  });

  test("LIKE with many wildcards over a long text", () => {
    const pattern = `${"%a".repeat(2000)}b`;
    let outcome: unknown;
    try {
      outcome = evaluate(`c.text LIKE '${pattern}'`, long);
    } catch (error) {
      outcome = error;
    }
    expect([false, expect.objectContaining({ status: 408 })]).toContainEqual(outcome);
  });

  test("a value that is doubled again and again", () => {
    const nest = (inner: string) => `SELECT VALUE {a: x, b: x} FROM (${inner}) AS x`;
    let text = "SELECT VALUE {a: 1}";
    for (let level = 0; level < 40; level += 1) {
      text = nest(text);
    }
    expect(() => runQuery(text)).toThrow(expect.objectContaining({ status: 400 }));
  });

  test("an array or a text that is doubled again and again", () => {
    const grow = (call: string, start: string) => {
      let text = `SELECT VALUE ${start}`;
      for (let level = 0; level < 40; level += 1) {
        text = `SELECT VALUE ${call} FROM (${text}) AS x`;
      }
      return text;
    };
    for (const [call, start] of [
      ["ARRAY_CONCAT(x, x)", "[1, 2]"],
      ["CONCAT(x, x)", "'ab'"],
      ["x || x", "'ab'"],
      ["REPLACE(x, 'a', 'aaaaaaaaaaaaaaaa')", "'ab'"],
      ["StringJoin([x, x], x)", "'ab'"],
    ] as const) {
      expect(() => runQuery(grow(call, start))).toThrow(expect.objectContaining({ status: 400 }));
    }
  });
});
