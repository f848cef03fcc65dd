import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/emulator/json.ts";
import { evaluate } from "./run-query.ts";

type Case = readonly [expression: string, value: Json | undefined];

const item = {
  id: "1",
  text: "abc",
  number: 7,
  flag: true,
  nothing: null,
  list: [1, "two", [3], { four: 4 }],
  nested: { a: { b: [{ c: "deep" }] }, "with space": 1, order: "keyword" },
};

function check(cases: readonly Case[]): void {
  test.each(cases)("%s is %j", (expression, value) => {
    expect(evaluate(expression, item)).toEqual(value);
  });
}

describe("literals", () => {
  check([
    ["1", 1],
    ["-1.5", -1.5],
    ["1e3", 1000],
    ["2.5E-1", 0.25],
    [".5", 0.5],
    ["5.", 5],
    ["0x1F", 31],
    ["'single'", "single"],
    ['"double"', "double"],
    [`"it's"`, "it's"],
    [`'say "so"'`, 'say "so"'],
    [String.raw`'a\'b\"c\\d\/e'`, `a'b"c\\d/e`],
    [String.raw`"\b\f\n\r\t"`, "\b\f\n\r\t"],
    [String.raw`"\u0041\ud83d\ude00"`, "A😀"],
    ["'😀'", "😀"],
    ["true", true],
    ["FALSE", false],
    ["null", null],
    ["Null", null],
    ["undefined", undefined],
    ["[1, [2], undefined, {}]", [1, [2], {}]],
    ["{a: 1, 'b': undefined, \"c d\": [null]}", { a: 1, "c d": [null] }],
    ["{}", {}],
    ["[]", []],
    ["NaN", undefined],
    ["[Infinity, 1]", [1]],
  ]);
});

describe("paths", () => {
  check([
    ["c.text", "abc"],
    ["c['text']", "abc"],
    ['c["nested"].a["b"][0].c', "deep"],
    ["c.nested['with space']", 1],
    ["c.nested['order']", "keyword"],
    ["c.list[1]", "two"],
    ["c.list[c.number - 5][0]", 3],
    ["c.list[3].four", 4],
    ["c['list'][9]", undefined],
    ["c.list[-1]", undefined],
    ["c.list[0.5]", undefined],
    ["c.list['0']", undefined],
    ["c.list.length", undefined],
    ["c.text.length", undefined],
    ["c.text[0]", undefined],
    ["c.Text", undefined],
    ["c.nothing.x", undefined],
    ["c.missing.x.y", undefined],
    ["c.constructor", undefined],
    ["c.__proto__", undefined],
    ["c['toString']", undefined],
    ["c['const' || 'ructor']", undefined],
    ["c.list['len' || 'gth']", undefined],
    ["(SELECT VALUE x FROM c.constructor AS x)", undefined],
    ["c.list.constructor.name", undefined],
    ["({a: 1}).a", 1],
    ["[10, 20][1]", 20],
  ]);

  test("an own property called __proto__ is data like any other", () => {
    const odd = JSON.parse('{"id": "1", "__proto__": {"x": 1}}');
    expect(evaluate("c.__proto__.x", odd)).toBe(1);
    const rebuilt = evaluate("{'__proto__': c.__proto__}", odd);
    expect(Object.getPrototypeOf(rebuilt)).toBe(Object.prototype);
    expect(JSON.stringify(rebuilt)).toBe('{"__proto__":{"x":1}}');
  });
});

describe("equality", () => {
  check([
    ["1 = 1", true],
    ["1 = 1.0", true],
    ["0 = -0", true],
    ["'a' = 'A'", false],
    ["'a' != 'b'", true],
    ["'a' <> 'b'", true],
    ["null = null", true],
    ["[1, {a: 2}] = [1, {a: 2}]", true],
    ["[1, 2] = [2, 1]", false],
    ["{a: 1, b: 2} = {b: 2, a: 1}", true],
    ["{a: 1} = {a: 1, b: 2}", false],
    // values of two types are different; only undefined makes undefined
    ["1 = '1'", false],
    ["c.text != null", true],
    ["c.nothing != null", false],
    ["0 = false", false],
    ["c.missing = 1", undefined],
    ["c.missing != 1", undefined],
    ["undefined = undefined", undefined],
  ]);
});

describe("order", () => {
  check([
    ["1 < 2", true],
    ["2 <= 2", true],
    ["'a' < 'b'", true],
    ["'B' < 'a'", true],
    ["'a' < 'aa'", true],
    ["false < true", true],
    ["null >= null", true],
    ["null < null", false],
    // no order across types, nor among arrays and objects
    ["1 < '2'", undefined],
    ["null < 1", undefined],
    ["true > 0", undefined],
    ["[1] < [2]", undefined],
    ["{a: 1} > {a: 0}", undefined],
    ["c.missing < 1", undefined],
    // by code point: U+E000 before U+1F600, which UTF-16 would turn round
    ["'\\ue000' < '😀'", true],
  ]);
});

describe("arithmetic and bits", () => {
  check([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 3 - 2", 5],
    ["7 % 4", 3],
    ["-7 % 4", -3],
    ["7 / 2", 3.5],
    ["1 / 0", undefined],
    ["0 / 0", undefined],
    ["1 + '1'", undefined],
    ["null + 1", undefined],
    ["-c.number", -7],
    ["+c.number", 7],
    ["-c.text", undefined],
    ["- -3", 3],
    ["5 & 3", 1],
    ["5 | 3", 7],
    ["5 ^ 3", 6],
    ["~5", -6],
    ["100 >> 2", 25],
    ["100 << 2", 400],
    ["100 >>> 0", 100],
    ["-100 >> 2", -25],
    ["-1 >>> 0", 4294967295],
    ["-1 >>> 28", 15],
    // 32 bits, and the lowest five of the places, as in JavaScript
    ["1 << 31", -2147483648],
    ["1 << 32", 1],
    ["4294967296 >> 1", 0],
    ["7.9 >> 1", 3],
    ["'8' >> 1", undefined],
    ["8 >> c.missing", undefined],
    ["c.number >>1", 3],
    // below + and -, above comparisons and the other bitwise operators
    ["1 + 1 << 2 + 1", 16],
    ["64 >> 2 >> 1", 8],
    ["1 << 2 < 5", true],
    ["8 > 16 >> 2", true],
    ["5 & 1 << 2", 4],
    ["2 | 1 << 2", 6],
    ["~1 << 1", -4],
    ["'a' || 'b' || 'c'", "abc"],
    ["'a' || 1", undefined],
    ["1e308 * 10", undefined],
  ]);
});

describe("three-valued logic", () => {
  check([
    ["true AND true", true],
    ["true AND false", false],
    ["false AND c.missing", false],
    ["c.missing AND false", false],
    ["true AND c.missing", undefined],
    ["c.missing AND c.missing", undefined],
    ["1 AND true", undefined],
    ["true OR c.missing", true],
    ["c.missing OR true", true],
    ["false OR c.missing", undefined],
    ["false OR 'x'", undefined],
    ["false or false", false],
    ["NOT true", false],
    ["NOT c.missing", undefined],
    ["NOT 1", undefined],
    ["not not true", true],
    ["NOT (1 = 2)", true],
    ["true AND NOT false OR false", true],
    ["1 = 1 AND 2 = 3 OR 4 = 4", true],
    ["true ? 'yes' : 'no'", "yes"],
    ["1 ? 'yes' : 'no'", "no"],
    ["c.missing ? 'yes' : 'no'", "no"],
    ["false ? 1 : true ? 2 : 3", 2],
    ["c.missing ?? 'default'", "default"],
    ["c.nothing ?? 'default'", null],
    ["c.missing ?? c.gone ?? 3", 3],
  ]);
});

describe("IN, BETWEEN and LIKE", () => {
  check([
    ["c.text IN ('x', 'abc')", true],
    ["c.text IN ('x')", false],
    ["c.text NOT IN ('x')", true],
    ["c.number IN ('7', 7)", true],
    ["c.nothing IN (1, null)", true],
    ["[1] IN ([2], [1])", true],
    ["c.text IN (c.id, c.text)", true],
    ["c.missing IN (1)", undefined],
    ["c.missing NOT IN (1)", undefined],
    ["1 IN (undefined, 2)", false],
    ["c.number BETWEEN 1 AND 7", true],
    ["c.number between 8 and 9", false],
    ["c.number NOT BETWEEN 8 AND 9", true],
    ["c.text BETWEEN 'abb' AND 'abd'", true],
    ["c.number BETWEEN 'a' AND 'z'", undefined],
    ["c.number BETWEEN 8 AND 'z'", false],
    ["c.number BETWEEN 5 + 1 AND 2 * 4 AND true", true],
    ["'abc' LIKE 'abc'", true],
    ["'abc' LIKE 'ABC'", false],
    ["'abc' LIKE 'a%'", true],
    ["'abc' LIKE '%c'", true],
    ["'abc' LIKE '%b%'", true],
    ["'abc' LIKE '%'", true],
    ["'' LIKE '%'", true],
    ["'' LIKE '_'", false],
    ["'abc' LIKE 'a_c'", true],
    ["'abc' LIKE '_'", false],
    ["'a😀c' LIKE 'a_c'", true],
    ["'abc' LIKE 'a[a-c]c'", true],
    ["'abc' LIKE 'a[xb]c'", true],
    ["'abc' LIKE 'a[^b]c'", false],
    ["'abc' LIKE 'a[^x-z]c'", true],
    ["'20-30%' LIKE '20-30[%]'", true],
    ["'_n' LIKE '[_]n'", true],
    ["'xn' LIKE '[_]n'", false],
    ["']' LIKE ']'", true],
    ["'[' LIKE '['", true],
    ["'a[b' LIKE 'a[b'", true],
    ["'20%' LIKE '%20^%%' ESCAPE '^'", true],
    ["'20x' LIKE '%20^%%' ESCAPE '^'", false],
    ["'a^b' LIKE 'a^^b' ESCAPE '^'", true],
    ["'abc' NOT LIKE 'a%'", false],
    ["'abc' LIKE c.missing", undefined],
    ["1 LIKE '1'", undefined],
    ["'aXbXc' LIKE '%X%X%'", true],
    ["'mississippi' LIKE 'm%iss%ip%'", true],
    ["'line\\nbreak' LIKE 'line%break'", true],
  ]);
});

describe("comments and case", () => {
  check([
    ["1 -- the rest of the line\n + 1", 2],
    ["1 /* in\nbetween */ + /**/ 1", 2],
    ["5-3", 2],
    ["5- -3", 8],
    ["'--not a comment'", "--not a comment"],
  ]);
});
