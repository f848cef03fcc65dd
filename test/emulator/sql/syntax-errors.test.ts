import { describe, expect, test } from "vitest";
import { runQuery } from "./run-query.ts";

interface QueryFault {
  readonly severity: string;
  readonly location: { readonly start: number; readonly end: number };
  readonly code: string;
  readonly message: string;
}

function faultOf(text: string): QueryFault {
  try {
    runQuery(text);
  } catch (error) {
    expect(error).toMatchObject({ status: 400, code: "BadRequest" });
    const message = error instanceof Error ? error.message : "";
    return JSON.parse(message.replace(/^Message: /, "")).errors[0];
  }
  throw new Error("The query was accepted.");
}

describe("a syntax error tells the token and its place", () => {
  test.each([
    ["", "end of query", 0, 0],
    ["SELEC * FROM c", "SELEC", 0, 5],
    ["SELECT . FROM c", ".", 7, 8],
    ["SELECT * FORM c", "FORM", 9, 13],
    ["SELECT * FROM c WHERE", "end of query", 21, 21],
    ["SELECT * FROM c WHERE c.a = = 1", "=", 28, 29],
    ["SELECT * FROM c WHERE c.a IN ()", ")", 30, 31],
    ["SELECT c.order FROM c", "order", 9, 14],
    ["SELECT c.value FROM c", "value", 9, 14],
    ["SELECT c.a AS Value FROM c", "Value", 14, 19],
    ["SELECT c.a name FROM c", "name", 11, 15],
    ["SELECT * FROM c ORDER c.a", "c", 22, 23],
    ["SELECT * FROM c OFFSET 1", "end of query", 24, 24],
    ["SELECT * FROM c LIMIT 1", "LIMIT", 16, 21],
    ["SELECT * FROM c OFFSET -1 LIMIT 10", "-", 23, 24],
    ["SELECT TOP -1 c.name FROM c", "-", 11, 12],
    ["SELECT * FROM c; DROP", ";", 15, 16],
    ["SELECT ROW_NUMBER() OVER(ORDER BY c.x) FROM c", "OVER", 20, 24],
    ["SELECT * FROM c GROUP BY c.a HAVING COUNT(1) > 1", "HAVING", 29, 35],
    ["SELECT [1, FROM c", "FROM", 11, 15],
    ["SELECT {a: } FROM c", "}", 11, 12],
    ["SELECT c.a[] FROM c", "]", 11, 12],
    ["SELECT (1 FROM c", "FROM", 10, 14],
    ["SELECT * FROM c WHERE c.a LIKE", "end of query", 30, 30],
    ["SELECT * FROM c /* no end", "/", 16, 17],
    ["SELECT `a` FROM c", "`", 7, 8],
    ["INSERT INTO c", "INSERT", 0, 6],
  ])("%j: near %j", (text, near, start, end) => {
    const message = `Syntax error, incorrect syntax near '${near}'.`;
    expect(faultOf(text)).toEqual({
      severity: "Error",
      location: { start, end },
      code: "SC1001",
      message,
    });
  });

  test.each([
    ["SELECT 'abc FROM c", "SC1012"],
    ['SELECT "abc', "SC1012"],
    [String.raw`SELECT 'a\x' FROM c`, "SC1012"],
    [String.raw`SELECT 'a\u12' FROM c`, "SC1012"],
    ["SELECT 'a\nb' FROM c", "SC1012"],
    ["SELECT 1abc FROM c", "SC1010"],
    ["SELECT 1e FROM c", "SC1010"],
    ["SELECT 1e999 FROM c", "SC1010"],
  ])("%j is a faulty literal, %s", (text, code) => {
    expect(faultOf(text).code).toBe(code);
  });

  test("a text beyond 512 KB is refused by its length", () => {
    const text = `SELECT ${" ".repeat(524_288)} 1`;
    expect(faultOf(text)).toMatchObject({
      code: "SC3020",
      message: "The SQL query text exceeded the maximum limit of 524288 characters.",
      location: { start: 0, end: text.length },
    });
  });
});

describe("deep nesting is an error and never a stack overflow", () => {
  const depth = 100_000;
  const wrap = (open: string, inner: string, close: string) =>
    `SELECT VALUE ${open.repeat(depth)}${inner}${close.repeat(depth)}`;

  test.each([
    ["parentheses", wrap("(", "1", ")")],
    ["arrays", wrap("[", "1", "]")],
    ["objects", wrap("{a:", "1", "}")],
    ["signs", wrap("-", "1", "")],
    ["NOT", wrap("NOT ", "true", "")],
    ["calls", wrap("ABS(", "1", ")")],
    ["conditionals", wrap("true ? 1 : ", "1", "")],
    ["open brackets", `SELECT VALUE ${"(".repeat(depth)}`],
    ["sub-queries", `${"SELECT VALUE (".repeat(20_000)}1`],
    ["sums", `SELECT VALUE 1${" + 1".repeat(depth)}`],
    ["concatenations", `SELECT VALUE 'a'${" || 'a'".repeat(depth / 2)}`],
    ["paths", `SELECT VALUE c${".a".repeat(depth)} FROM c`],
    ["indexes", `SELECT VALUE c${"[0]".repeat(depth)} FROM c`],
    ["coalescing", `SELECT VALUE 1${" ?? 1".repeat(depth)}`],
    ["comparisons", `SELECT VALUE 1${" = 1".repeat(depth)}`],
    ["predicates", `SELECT VALUE 1${" IN (1)".repeat(depth / 2)}`],
    ["joins", `SELECT VALUE 1 FROM c${" JOIN (SELECT 1)".repeat(20_000)}`],
  ])("%s", (_, text) => {
    let status: unknown;
    try {
      runQuery(text);
      status = 200;
    } catch (error) {
      status = error instanceof Error && "status" in error ? error.status : error;
    }
    expect([200, 400, 408]).toContain(status);
  });

  test("a long chain of AND and OR is no nesting", () => {
    const alternatives = Array.from({ length: 5000 }, (_, index) => `c.id = '${index}'`);
    const text = `SELECT VALUE c.id FROM c WHERE ${alternatives.join(" OR ")}`;
    expect(runQuery(text, [{ id: "4999" }, { id: "5000" }])).toEqual(["4999"]);
  });
});
