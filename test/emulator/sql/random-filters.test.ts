import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CosmosError } from "../../../src/emulator/cosmos-error.ts";
import type { Json, JsonObject } from "../../../src/emulator/json.ts";
import { compileQuery } from "../../../src/emulator/sql/compile-query.ts";
import { parseQuery } from "../../../src/emulator/sql/syntax/parse-query.ts";
import { printQuery } from "../../../src/emulator/sql/syntax/print-query.ts";
import { anyCharacter } from "../../any-character.ts";
import { arraySource } from "./array-source.ts";
import { runPages } from "./run-query.ts";

/** true, false, or undefined: what a filter is for one item. */
type Truth = boolean | undefined;

interface Filter {
  readonly text: string;
  readonly holds: (item: JsonObject) => Truth;
}

const names = ["a", "b", "c"] as const;
const scalar = fc.constantFrom<Json>(
  null,
  true,
  false,
  0,
  1,
  2,
  -1,
  1.5,
  "",
  "a",
  "b",
  "ab",
  "A",
  "é",
);
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  fc.array(scalar, { maxLength: 2 }),
  fc.constant({ x: 1 }),
);
const item = fc
  .record({ a: value, b: value, c: value }, { requiredKeys: [] })
  .map((properties): JsonObject => JSON.parse(JSON.stringify(properties)));
const items = fc
  .array(item, { maxLength: 12 })
  .map((list) => list.map((one, index): JsonObject => ({ ...one, id: String(index) })));

const property = fc.constantFrom(...names);

function typeOf(one: Json | undefined): string {
  return one === null ? "null" : Array.isArray(one) ? "array" : typeof one;
}

function compare(
  left: Json | undefined,
  operator: "=" | "!=" | "<" | ">" | "<=" | ">=",
  right: Json | undefined,
): Truth {
  if (left === undefined || right === undefined) {
    return undefined;
  }
  if (operator === "=" || operator === "!=") {
    return (JSON.stringify(left) === JSON.stringify(right)) === (operator === "=");
  }
  const type = typeOf(left);
  if (type !== typeOf(right) || type === "array" || type === "object") {
    return undefined;
  }
  const [low, high] = [left as number, right as number]; // nulls, booleans and these strings order as numbers do
  switch (operator) {
    case "<":
      return low < high;
    case ">":
      return low > high;
    case "<=":
      return low <= high;
    default:
      return low >= high;
  }
}

const comparison: fc.Arbitrary<Filter> = fc
  .tuple(property, fc.constantFrom("=", "!=", "<", ">", "<=", ">="), value, fc.boolean())
  .map(([name, operator, right, bracketed]) => ({
    text: `${bracketed ? `r["${name}"]` : `r.${name}`} ${operator} ${JSON.stringify(right)}`,
    holds: (one) => compare(one[name], operator as "=", right),
  }));

const between: fc.Arbitrary<Filter> = fc
  .tuple(property, scalar, scalar)
  .map(([name, low, high]) => ({
    text: `r.${name} BETWEEN ${JSON.stringify(low)} AND ${JSON.stringify(high)}`,
    holds: (one) => and(compare(one[name], ">=", low), compare(one[name], "<=", high)),
  }));

const membership: fc.Arbitrary<Filter> = fc
  .tuple(property, fc.array(scalar, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([name, list, negated]) => ({
    text: `r.${name} ${negated ? "NOT " : ""}IN (${list.map((one) => JSON.stringify(one)).join(", ")})`,
    holds: (one) => {
      const found = one[name];
      return found === undefined
        ? undefined
        : list.some((other) => JSON.stringify(other) === JSON.stringify(found)) !== negated;
    },
  }));

const typeTest: fc.Arbitrary<Filter> = property.chain((name) =>
  fc.constantFrom<Filter>(
    { text: `IS_DEFINED(r.${name})`, holds: (one) => one[name] !== undefined },
    { text: `IS_NULL(r.${name})`, holds: (one) => one[name] === null },
    { text: `IS_STRING(r.${name})`, holds: (one) => typeof one[name] === "string" },
    {
      text: `r.${name}`,
      holds: (one) => (typeof one[name] === "boolean" ? (one[name] as boolean) : undefined),
    },
    {
      text: `STARTSWITH(r.${name}, "a")`,
      holds: (one) => (typeof one[name] === "string" ? one[name].startsWith("a") : undefined),
    },
    {
      text: `r.${name} LIKE "%b"`,
      holds: (one) => (typeof one[name] === "string" ? one[name].endsWith("b") : undefined),
    },
    {
      text: `EXISTS(SELECT VALUE x FROM x IN r.${name} WHERE x = 1)`,
      holds: (one) => Array.isArray(one[name]) && one[name].includes(1),
    },
    {
      text: `ARRAY_CONTAINS(r.${name}, "a")`,
      holds: (one) => (Array.isArray(one[name]) ? one[name].includes("a") : undefined),
    },
  ),
);

function and(left: Truth, right: Truth): Truth {
  return left === false || right === false
    ? false
    : left === true && right === true
      ? true
      : undefined;
}

const filter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparison,
    between,
    membership,
    typeTest,
    fc.tuple(tie("filter"), tie("filter")).map(([left, right]) => ({
      text: `(${left.text}) AND (${right.text})`,
      holds: (one: JsonObject) => and(left.holds(one), right.holds(one)),
    })),
    fc.tuple(tie("filter"), tie("filter")).map(([left, right]) => ({
      text: `(${left.text} OR ${right.text})`,
      holds: (one: JsonObject) => {
        const [first, second] = [left.holds(one), right.holds(one)];
        return first === true || second === true
          ? true
          : first === false && second === false
            ? false
            : undefined;
      },
    })),
    tie("filter").map((inner) => ({
      text: `NOT (${inner.text})`,
      holds: (one: JsonObject) => {
        const truth = inner.holds(one);
        return truth === undefined ? undefined : !truth;
      },
    })),
  ),
})).filter;

const orderBy = fc.constantFrom(
  "",
  " ORDER BY r.a",
  " ORDER BY r.a DESC",
  " ORDER BY r.b DESC",
  " ORDER BY r.c",
);

describe("a generated filter over generated items", () => {
  test("gives the items that a plain evaluation gives, with and without an index, paged or not", () => {
    fc.assert(
      fc.property(items, filter, fc.integer({ min: 1, max: 5 }), (list, one, pageSize) => {
        const text = `SELECT VALUE r.id FROM r WHERE ${one.text}`;
        const expected = list.filter((each) => one.holds(each) === true).map(({ id }) => id);
        for (const indexed of [false, true]) {
          const source = arraySource(list, { indexed });
          expect(runPages(text, source).flat()).toEqual(expected);
          expect(runPages(text, source, { pageSize }).flat()).toEqual(expected);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("keeps its rows in every order, and its order in every page size", () => {
    fc.assert(
      fc.property(
        items,
        filter,
        orderBy,
        fc.integer({ min: 1, max: 4 }),
        (list, one, order, pageSize) => {
          const text = `SELECT VALUE r.id FROM r WHERE ${one.text}${order}`;
          const plain = runPages(text, arraySource(list)).flat();
          const expected = list.filter((each) => one.holds(each) === true).map(({ id }) => id);
          expect([...plain].sort()).toEqual([...expected].sort());
          for (const indexed of [false, true]) {
            const pages = runPages(text, arraySource(list, { indexed }), { pageSize });
            expect(pages.flat()).toEqual(plain);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("means the same once it is printed and read again", () => {
    fc.assert(
      fc.property(items, filter, (list, one) => {
        const text = `SELECT VALUE r.id FROM r WHERE ${one.text} ORDER BY r.a DESC`;
        const printed = printQuery(parseQuery(text));
        expect(printQuery(parseQuery(printed))).toBe(printed);
        expect(runPages(printed, arraySource(list))).toEqual(runPages(text, arraySource(list)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("a malformed text", () => {
  const words = fc.constantFrom(
    ..."SELECT * FROM c WHERE AND OR NOT ORDER BY GROUP TOP DISTINCT VALUE IN BETWEEN LIKE ESCAPE EXISTS ARRAY JOIN".split(
      " ",
    ),
    ..."OFFSET LIMIT AS ASC DESC c.a c[0] 'x' \"y\" 1 1.5e3 @p ( ) [ ] { } , . : ? ?? || = != < >= + - * / % & | ^ ~".split(
      " ",
    ),
    ..."COUNT( LOWER( udf. udf.f( RegexMatch( ST_DISTANCE( undefined null true NaN -- /* */ ; ' \" \\ \u0000 é 😀".split(
      " ",
    ),
  );
  const damaged = fc
    .tuple(
      fc.constantFrom(
        "SELECT c.id, COUNT(1) AS n FROM c JOIN t IN c.tags WHERE c.a = 'x' AND t LIKE '%y' GROUP BY c.id",
        "SELECT TOP 3 VALUE {a: [c.b, 1]} FROM c WHERE EXISTS(SELECT VALUE t FROM t IN c.t) ORDER BY c.b DESC",
        "SELECT DISTINCT c.a ?? c.b FROM c WHERE c.x BETWEEN 1 AND 2 OR c.y IN (1, 'z') OFFSET 1 LIMIT 2",
      ),
      fc.nat(),
      fc.nat(8),
      fc.string({ unit: anyCharacter, maxLength: 3 }),
    )
    .map(([text, at, length, inserted]) => {
      const place = at % text.length;
      return text.slice(0, place) + inserted + text.slice(place + length);
    });
  const soup = fc.array(words, { maxLength: 25 }).map((list) => list.join(" "));
  const noise = fc.string({ unit: anyCharacter, maxLength: 60 });
  const nearly = soup.map((text) => `SELECT ${text} FROM c`);

  test("is answered with rows or with a 400 or 501, each of 10,000 times", () => {
    const source = arraySource([{ id: "1", a: "x", tags: ["y"] }]);
    const outcomes = new Set<number>();
    fc.assert(
      fc.property(fc.oneof(damaged, soup, noise, nearly), (text) => {
        let status = 200;
        try {
          compileQuery(text).execute(source, { maxItemCount: 10 });
        } catch (error) {
          expect(error).toBeInstanceOf(CosmosError);
          status = (error as CosmosError).status; // of that class, as was just expected
        }
        expect([200, 400, 501]).toContain(status);
        outcomes.add(status);
      }),
      { numRuns: 10_000 },
    );
    expect(outcomes).toContain(400);
  });
});
