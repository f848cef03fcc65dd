import { describe, expect, test } from "vitest";
import type { Json } from "../../../../src/emulator/json.ts";
import { evaluate } from "../run-query.ts";

type Case = readonly [expression: string, value: Json | undefined];

const item = {
  id: "1",
  _rid: "c2hvcAAAAAEHAAAAAAAAAA==",
  text: "Hello World",
  list: [1, 2, 3, 2],
  people: [{ name: "Ann", age: 30, home: { city: "Oslo", zip: "1" } }, { name: "Bob" }],
};

function check(cases: readonly Case[]): void {
  test.each(cases)("%s is %j", (expression, value) => {
    const result = evaluate(expression, item);
    if (typeof value === "number" && typeof result === "number") {
      expect(result).toBeCloseTo(value, 12);
    } else {
      expect(result).toEqual(value);
    }
  });
}

describe("string functions", () => {
  check([
    ["CONCAT('a', 'b', 'c')", "abc"],
    ["CONCAT('a', 1)", undefined],
    ["CONTAINS(c.text, 'lo W')", true],
    ["CONTAINS(c.text, 'LO')", false],
    ["CONTAINS(c.text, 'LO', true)", true],
    ["CONTAINS(c.text, 'LO', false)", false],
    ["CONTAINS(c.text, '')", true],
    ["CONTAINS(1, '1')", undefined],
    ["CONTAINS_ANY_CS('abc', 'x', 'b')", true],
    ["CONTAINS_ANY_CS('abc', 'B')", false],
    ["CONTAINS_ANY_CI('abc', 'x', 'B')", true],
    ["CONTAINS_ALL_CS('abc', 'a', 'b')", true],
    ["CONTAINS_ALL_CI('abc', 'A', 'x')", false],
    ["STARTSWITH(c.text, 'Hell')", true],
    ["startswith(c.text, 'hell', true)", true],
    ["ENDSWITH(c.text, 'world')", false],
    ["EndsWith(c.text, 'world', true)", true],
    ["StringEquals('ABC', 'abc')", false],
    ["StringEquals('ABC', 'abc', true)", true],
    ["INDEX_OF('AdventureWorks', 'tureW')", 5],
    ["INDEX_OF('AdventureWorks', 'Cosmos')", -1],
    ["INDEX_OF('AdventureWorks', 'Works', 5)", 9],
    ["INDEX_OF('AdventureWorks', 'Adventure', 5)", -1],
    ["INDEX_OF('abc', 1)", undefined],
    ["LASTINDEXOF('abcabc', 'bc')", 4],
    ["LASTINDEXOF('abcabc', 'bc', 3)", 1],
    ["LEFT('abc', 2)", "ab"],
    ["LEFT('abc', 0)", ""],
    ["LEFT('abc', -1)", ""],
    ["LEFT('abc', 9)", "abc"],
    ["RIGHT('abc', 2)", "bc"],
    ["RIGHT('abc', 0)", ""],
    ["RIGHT('abc', 9)", "abc"],
    ["RIGHT('abc', 'x')", undefined],
    ["LENGTH('abc')", 3],
    ["LENGTH('')", 0],
    ["LENGTH(5)", undefined],
    ["LOWER('AbC')", "abc"],
    ["UPPER('AbC')", "ABC"],
    ["LOWER(null)", undefined],
    ["LTRIM('  a ')", "a "],
    ["RTRIM('  a ')", "  a"],
    ["TRIM('  a ')", "a"],
    ["TRIM('xxaxx', 'x')", "a"],
    ["LTRIM('xyax', 'yx')", "ax"],
    ["REPLACE('This is a Test', 'is', '*')", "Th* * a Test"],
    ["REPLACE('abc', '', 'x')", "abc"],
    ["REPLACE('a.c', '.', '$&')", "a$&c"],
    ["REPLICATE('ab', 3)", "ababab"],
    ["REPLICATE('ab', 0)", ""],
    ["REPLICATE('ab', -1)", undefined],
    ["REPLICATE('0123456789', 1001)", undefined],
    ["REVERSE('abc')", "cba"],
    ["SUBSTRING('AdventureWorks', 9, 5)", "Works"],
    ["SUBSTRING('AdventureWorks', 0, -1)", ""],
    ["SUBSTRING('abc', 1, 99)", "bc"],
    ["SUBSTRING('abc', 9, 1)", ""],
    ["StringJoin(['a', 'b'], '-')", "a-b"],
    ["StringJoin(['a', 1], '-')", undefined],
    ["StringSplit('a-b-c', '-')", ["a", "b", "c"]],
    ["StringSplit('abc', '-')", ["abc"]],
    ["StringToNumber('   60   ')", 60],
    ["StringToNumber('3.14')", 3.14],
    ["StringToNumber('-1.79769e+308')", -1.79769e308],
    ["StringToNumber('Hello')", undefined],
    ["StringToNumber('0x10')", undefined],
    ["StringToBoolean(' true ')", true],
    ["StringToBoolean('TRUE')", undefined],
    ["StringToNull('null')", null],
    ["StringToNull('x')", undefined],
    ["StringToArray('[1, \"a\"]')", [1, "a"]],
    ["StringToArray('{}')", undefined],
    ["StringToObject('{\"a\": [1]}')", { a: [1] }],
    ["StringToObject('[]')", undefined],
    ["ToString(125)", "125"],
    ["ToString(0.1234)", "0.1234"],
    ["ToString(false)", "false"],
    ["ToString([1, 2, 3])", "[1,2,3]"],
    ["ToString({ 'department': 'Bicycles' })", '{"department":"Bicycles"}'],
    ["ToString('Hello World')", "Hello World"],
    ["ToString(undefined)", undefined],
    ["ToString(NaN)", "NaN"],
    ["ToString(Infinity)", "Infinity"],
    ["ToString(null)", "null"],
  ]);
});

describe("array functions", () => {
  check([
    ["ARRAY_CONCAT([1], [2, 3], [])", [1, 2, 3]],
    ["ARRAY_CONCAT([1], 2)", undefined],
    ["ARRAY_CONTAINS(c.list, 2)", true],
    ["ARRAY_CONTAINS(c.list, '2')", false],
    ["ARRAY_CONTAINS(c.people, {name: 'Bob'})", true],
    ["ARRAY_CONTAINS(c.people, {name: 'Ann'})", false],
    ["ARRAY_CONTAINS(c.people, {name: 'Ann'}, true)", true],
    ["ARRAY_CONTAINS(c.people, {home: {city: 'Oslo'}}, true)", true],
    ["ARRAY_CONTAINS(c.people, {home: {city: 'Rome'}}, true)", false],
    ["ARRAY_CONTAINS('abc', 'a')", undefined],
    ["ARRAY_CONTAINS(c.missing, 1)", undefined],
    ["ARRAY_CONTAINS_ANY([1, true, '3', [1,2,3]], 9, [1,2,3])", true],
    ["ARRAY_CONTAINS_ANY([1, 2], 5, 6)", false],
    ["ARRAY_CONTAINS_ANY([1, 2], 1, undefined)", true],
    ["ARRAY_CONTAINS_ANY([1, 2], 5, undefined)", undefined],
    ["ARRAY_CONTAINS_ANY([], 1)", false],
    ["ARRAY_CONTAINS_ALL([1, 2, 3], 1, 3)", true],
    ["ARRAY_CONTAINS_ALL([1, 2, 3], 1, 4)", false],
    ["ARRAY_CONTAINS_ALL([1, 2, 3], 1, undefined)", undefined],
    ["ARRAY_LENGTH(c.list)", 4],
    ["ARRAY_LENGTH('abc')", undefined],
    ["ARRAY_SLICE([70, 86, 92, 99], 1)", [86, 92, 99]],
    ["ARRAY_SLICE([70, 86, 92, 99], -2)", [92, 99]],
    ["ARRAY_SLICE([70, 86, 92, 99], 0, 12)", [70, 86, 92, 99]],
    ["ARRAY_SLICE([70, 86, 92, 99], -2, 1)", [92]],
    ["ARRAY_SLICE([70, 86], 5)", []],
    ["ARRAY_SLICE([70, 86], 'x')", undefined],
    ["CHOOSE(1, 'abc', 1, true, [1])", "abc"],
    ["CHOOSE(4, 'abc', 1, true, [1])", [1]],
    ["CHOOSE(0, 'abc', 1)", undefined],
    ["CHOOSE(5, 'abc', 1)", undefined],
    ["CHOOSE(1.5, 'abc', 1)", undefined],
    [
      "ObjectToArray({ a: '12', b: 3 })",
      [
        { k: "a", v: "12" },
        { k: "b", v: 3 },
      ],
    ],
    ["ObjectToArray({ a: 1 }, 'name')", [{ name: "a", v: 1 }]],
    ["ObjectToArray({ a: 1 }, 'name', 'value')", [{ name: "a", value: 1 }]],
    ["ObjectToArray([1])", undefined],
    ["SetIntersect([1, 2, 3, 4], [3, 4, 5, 6])", [3, 4]],
    ["SetIntersect([1, 2, 3], [1.0, 2.0, 3.0])", [1, 2, 3]],
    ["SetIntersect([1, 1, 'a', 'a'], ['a', 1])", ["a", 1]],
    ["SetIntersect([1, 2, 'A', 'B'], ['A', 1])", ["A", 1]],
    ["SetIntersect([1, 2, 3, 4], [1, 1, 1, 1])", [1]],
    ["SetIntersect([1], 1)", undefined],
    ["SetUnion([1, 2], [2, 3])", [1, 2, 3]],
    ["SetUnion([{a: 1}], [{a: 1}])", [{ a: 1 }]],
  ]);
});

describe("mathematical functions", () => {
  check([
    ["ABS(-3)", 3],
    ["ABS('x')", undefined],
    ["ABS(null)", undefined],
    ["ACOS(-1)", Math.PI],
    ["ASIN(-1)", -Math.PI / 2],
    ["ATAN(-45.01)", -1.5485826962062663],
    ["ATN2(35.175643, 129.44)", Math.atan2(35.175643, 129.44)],
    ["CEILING(-0.5)", 0],
    ["CEILING(62.6)", 63],
    ["COS(14.78)", Math.cos(14.78)],
    ["COT(124.1332)", -0.040311998371148884],
    ["DEGREES(PI() / 2)", 90],
    ["EXP(2)", Math.exp(2)],
    ["FLOOR(-62.6)", -63],
    ["IntAdd(20, 10)", 30],
    ["IntAdd(20, 0.1)", undefined],
    ["IntSub(10, 12)", -2],
    ["IntMul(5, -2)", -10],
    ["IntDiv(10, -2)", -5],
    ["IntDiv(10, 0)", undefined],
    ["IntDiv(10, 0.1)", undefined],
    ["IntMod(12, -5)", 2],
    ["IntMod(-12, -5)", -2],
    ["IntMod(12, 0)", undefined],
    ["IntBitAnd(15, 25)", 9],
    ["IntBitOr(56, 100)", 124],
    ["IntBitXor(56, 100)", 92],
    ["IntBitNot(65)", -66],
    ["IntBitLeftShift(16, 4)", 256],
    ["IntBitLeftShift(16, 0.4)", undefined],
    ["IntBitRightShift(16, 4)", 1],
    ["IntBitRightShift(16, -1)", undefined],
    ["LOG(10)", Math.LN10],
    ["LOG(8, 2)", 3],
    ["LOG10(100)", 2],
    ["LOG(0)", undefined],
    ["NumberBin(37.752, -100)", 100],
    ["NumberBin(37.752, 10)", 30],
    ["NumberBin(37.752)", 37],
    ["NumberBin(37.752, 0)", undefined],
    ["NumberBin(37.752, 0.1)", 37.7],
    ["NumberBin(37.752, 0.01)", 37.75],
    ["NumberBin(155.23478, 0.01)", 155.23],
    ["PI()", Math.PI],
    ["POWER(2, 10)", 1024],
    ["POWER(-8, 0.5)", undefined],
    ["RADIANS(180)", Math.PI],
    ["ROUND(2.5)", 3],
    ["ROUND(-2.5)", -3],
    ["ROUND(-6.5)", -7],
    ["ROUND(0.5)", 1],
    ["ROUND(2.4)", 2],
    ["SIGN(-5)", -1],
    ["SIN(45.175643)", Math.sin(45.175643)],
    ["SQRT(9)", 3],
    ["SQUARE(-3)", 9],
    ["TAN(0)", 0],
    ["TRUNC(-2.7)", -2],
  ]);

  test("RAND gives numbers from 0 to 1", () => {
    const value = evaluate("RAND()");
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThan(1);
  });

  test.each([
    "SQRT(-1)",
    "ACOS(2)",
    "ASIN(2)",
    "ASIN(-2)",
    "LOG(0)",
    "LOG(-1)",
    "LOG(8, 1)",
    "LOG10(0)",
    "LOG10(-1)",
    "EXP(1000)",
    "POWER(0, -1)",
    "POWER(10, 400)",
    "COT(0)",
    "SQUARE(1e200)",
    "DEGREES(1e308)",
    "8.9 / 0.0",
    "5 % 0",
    "1e308 * 10",
  ])("%s has no finite result: it is undefined, and no error", (expression) => {
    expect(evaluate(expression)).toBeUndefined();
    expect(evaluate(`IS_FINITE_NUMBER(${expression})`)).toBe(false);
    expect(evaluate(`{ there: 1, missing: ${expression} }`)).toEqual({ there: 1 });
  });
});

describe("type and other functions", () => {
  check([
    ["IS_ARRAY([])", true],
    ["IS_ARRAY({})", false],
    ["IS_BOOL(false)", true],
    ["IS_BOOL(0)", false],
    ["IS_DEFINED(c.text)", true],
    ["IS_DEFINED(c.missing)", false],
    ["IS_DEFINED(null)", true],
    ["IS_FINITE_NUMBER(1)", true],
    ["IS_FINITE_NUMBER(NaN)", false],
    ["IS_FINITE_NUMBER('1')", false],
    ["IS_INTEGER(1.0)", true],
    ["IS_INTEGER(1.5)", false],
    ["IS_INTEGER(-9223372036854775808)", true],
    ["IS_INTEGER(9223372036854775807)", true],
    ["IS_INTEGER(18446744073709551615)", false],
    ["IS_INTEGER(-18446744073709551615)", false],
    ["IS_INTEGER(1e300)", false],
    ["IS_NULL(null)", true],
    ["IS_NULL(c.missing)", false],
    ["IS_NUMBER(1.5)", true],
    ["IS_NUMBER('1')", false],
    ["IS_OBJECT({})", true],
    ["IS_OBJECT([])", false],
    ["IS_OBJECT(null)", false],
    ["IS_PRIMITIVE(null)", true],
    ["IS_PRIMITIVE([])", false],
    ["IS_PRIMITIVE(undefined)", false],
    ["IS_STRING('')", true],
    ["IS_STRING(undefined)", false],
    ["IIF(true, 1, 2)", 1],
    ["IIF(1, 1, 2)", 2],
    ["IIF(c.missing, 1, 2)", 2],
    ["DOCUMENTID(c)", 7],
    ["DOCUMENTID(c.text)", undefined],
  ]);
});

describe("date and time functions", () => {
  check([
    ["DateTimeAdd('yyyy', 1, '2020-07-03T00:00:00.0000000')", "2021-07-03T00:00:00.0000000Z"],
    ["DateTimeAdd('mm', -1, '2020-07-03T00:00:00.0000000Z')", "2020-06-03T00:00:00.0000000Z"],
    ["DateTimeAdd('mm', 1, '2020-01-31T00:00:00Z')", "2020-02-29T00:00:00.0000000Z"],
    ["DateTimeAdd('mm', -13, '2020-01-31T00:00:00Z')", "2018-12-31T00:00:00.0000000Z"],
    ["DateTimeAdd('yyyy', 1, '2020-02-29T00:00:00Z')", "2021-02-28T00:00:00.0000000Z"],
    ["DateTimeAdd('dd', 1, '2020-12-31T23:00:00Z')", "2021-01-01T23:00:00.0000000Z"],
    ["DateTimeAdd('hh', -1, '2020-07-03T00:00:00Z')", "2020-07-02T23:00:00.0000000Z"],
    ["DateTimeAdd('ss', 5 * -5, '2020-07-03T00:00:00Z')", "2020-07-02T23:59:35.0000000Z"],
    ["DateTimeAdd('mcs', 1, '2020-07-03T00:00:00Z')", "2020-07-03T00:00:00.0000010Z"],
    ["DateTimeAdd('ns', 100, '2020-07-03T00:00:00Z')", "2020-07-03T00:00:00.0000001Z"],
    ["DateTimeAdd('dd', 0.5, '2020-07-03T00:00:00Z')", undefined],
    ["DateTimeAdd('week', 1, '2020-07-03T00:00:00Z')", undefined],
    ["DateTimeAdd('yyyy', 9000, '2020-07-03T00:00:00Z')", undefined],
    ["DateTimeAdd('dd', 1, '2020-02-30T00:00:00Z')", undefined],
    ["DateTimeAdd('dd', 1, 'yesterday')", undefined],
    ["DateTimeBin('2021-01-08T18:35:00.0000000', 'dd')", "2021-01-08T00:00:00.0000000Z"],
    ["DateTimeBin('2021-01-08T18:35:00.0000000', 'hh')", "2021-01-08T18:00:00.0000000Z"],
    ["DateTimeBin('2021-01-08T18:35:00.0000000', 'hh', 5)", "2021-01-08T15:00:00.0000000Z"],
    ["DateTimeBin('2021-01-08T18:35:00.0000000', 'dd', 7)", "2021-01-07T00:00:00.0000000Z"],
    [
      "DateTimeBin('2021-01-08T18:35:00.0000000', 'dd', 7, '1601-01-01T00:00:00.0000000')",
      "2021-01-04T00:00:00.0000000Z",
    ],
    ["DateTimeBin('1969-12-31T23:59:59Z', 'dd')", "1969-12-31T00:00:00.0000000Z"],
    ["DateTimeBin('2021-01-08T18:35:00Z', 'dd', 0)", undefined],
    ["DateTimeDiff('yyyy', '2019-02-04T16:00:00.0000000', '2018-03-05T05:00:00.0000000')", -1],
    ["DateTimeDiff('mm', '2018-03-05T05:00:00.0000000', '2019-02-04T16:00:00.0000000')", 11],
    ["DateTimeDiff('hh', '2019-02-04T16:00:00.0000000', '2018-03-05T05:00:00.0000000')", -8075],
    ["DateTimeDiff('ss', '2018-03-05T05:00:00.0000000', '2019-02-04T16:00:00.0000000')", 29070000],
    ["DateTimeDiff('dd', '2020-01-01T23:59:59Z', '2020-01-02T00:00:00Z')", 1],
    ["DateTimeDiff('diffDays', '2020-01-01T23:59:59Z', '2020-01-02T00:00:00Z')", undefined],
    ["DateTimeFromParts(2017, 4, 20)", "2017-04-20T00:00:00.0000000Z"],
    ["DateTimeFromParts(2017, 4, 20, 13, 15)", "2017-04-20T13:15:00.0000000Z"],
    ["DateTimeFromParts(2017, 4, 20, 13, 15, 20, 3456789)", "2017-04-20T13:15:20.3456789Z"],
    ["DateTimeFromParts(-2000, -1, -1)", undefined],
    ["DateTimeFromParts(2017, 2, 30)", undefined],
    ["DateTimePart('yyyy', '2016-05-29T08:30:00.1301617')", 2016],
    ["DateTimePart('mm', '2016-05-29T08:30:00.1301617')", 5],
    ["DateTimePart('mi', '2016-05-29T08:30:00.1301617')", 30],
    ["DateTimePart('ms', '2016-05-29T08:30:00.1301617')", 130],
    ["DateTimePart('mcs', '2016-05-29T08:30:00.1301617')", 130161],
    ["DateTimePart('ns', '2016-05-29T08:30:00.1301617')", 130161700],
    ["YEAR('2016-05-29T08:30:00Z')", 2016],
    ["MONTH('2016-05-29T08:30:00Z')", 5],
    ["DAY('2016-05-29T08:30:00Z')", 29],
    ["DateTimeToTicks('2020-01-02T03:04:05.6789123Z')", 15779342456789124],
    ["DateTimeToTimestamp('2020-07-09T23:20:13.4575530Z')", 1594336813457],
    ["TicksToDateTime(15943368134575530)", "2020-07-09T23:20:13.4575530Z"],
    ["TimestampToDateTime(1594227912345)", "2020-07-08T17:05:12.3450000Z"],
    ["TimestampToDateTime(1e300)", undefined],
    ["TimestampToDateTime('x')", undefined],
  ]);

  const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

  test.each([
    ["GetCurrentDateTime()", "2026-01-02T03:04:05.6780000Z"],
    ["GetCurrentDateTimeStatic()", "2026-01-02T03:04:05.6780000Z"],
    ["GetCurrentTimestamp()", nowMs],
    ["GetCurrentTimestampStatic()", nowMs],
    ["GetCurrentTicks()", nowMs * 10_000],
    ["GetCurrentTicksStatic()", nowMs * 10_000],
  ])("%s is the time that the query was given", (expression, value) => {
    expect(evaluate(expression, item, { nowMs })).toBe(value);
  });
});

describe("calls that can't be", () => {
  test.each([
    ["NOSUCH(1)", "SC2005", "'NOSUCH' is not a recognized built-in function name."],
    ["CONTAINS('a')", "SC2050", "The CONTAINS function requires 2 to 3 arguments."],
    ["ABS(1, 2)", "SC2050", "The ABS function requires 1 argument(s)."],
    ["CONCAT('a')", "SC2050", "The CONCAT function requires at least 2 argument(s)."],
    ["toString.constructor(1)", "SC1001", "incorrect syntax near '('"],
    ["constructor(1)", "SC2005", "'constructor' is not a recognized built-in function name."],
    ["hasOwnProperty('x')", "SC2005", "'hasOwnProperty' is not a recognized"],
  ])("%s is a 400 with %s", (expression, code, message) => {
    expect(() => evaluate(expression)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(code) }),
    );
    expect(() => evaluate(expression)).toThrow(message);
  });

  test.each(["ST_DISTANCE(c.a, c.b)", "VectorDistance([1], [2])", "FullTextContains(c.a, 'x')"])(
    "%s is a 501 that names the function",
    (expression) => {
      const name = expression.slice(0, expression.indexOf("(")).toUpperCase();
      expect(() => evaluate(expression)).toThrow(
        expect.objectContaining({ status: 501, message: expect.stringContaining(name) }),
      );
    },
  );

  test("a user-defined function that the container has not is a 400 that names it", () => {
    expect(() => evaluate("udf.tax(1)")).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining("udf.tax") }),
    );
  });

  test("a user-defined function that is supplied is called with the values", () => {
    const userDefinedFunctions = { tax: (amount: unknown) => Number(amount) * 2 };
    expect(evaluate("udf.tax(ARRAY_LENGTH(c.list))", item, { userDefinedFunctions })).toBe(8);
  });
});
