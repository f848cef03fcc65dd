import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { all, any, type Condition, equal, not } from "../../../src/items/sql/condition.ts";
import { propertyPathSql } from "../../../src/items/sql/property-path.ts";
import { countQuery, selectQuery } from "../../../src/items/sql/select-query.ts";
import { anyCharacter } from "../../any-character.ts";

const where = (condition: Condition) => {
  const { query, parameters } = selectQuery({ condition, orderBy: [] });
  return {
    text: query.replace(/^SELECT \* FROM c(?: WHERE )?/, ""),
    values: parameters.map(({ value }) => value),
  };
};
const compare = (operator: "<" | "<=" | ">" | ">=", value: unknown): Condition => ({
  kind: "compare",
  path: ["n"],
  operator,
  value,
});

describe("a condition as SQL", () => {
  test.each<[string, Condition, string, unknown[]]>([
    ["a value", equal(["a"], 1), 'c["a"] = @p0', [1]],
    ["a nested path", equal(["a", "b"], 1), 'c["a"]["b"] = @p0', [1]],
    ["null", equal(["a"], null), 'IS_NULL(c["a"])', []],
    ["a comparison", compare("<=", 3), 'c["n"] <= @p0', [3]],
    ["nothing compares with null", compare("<", null), "false", []],
    ["one of", { kind: "in", path: ["a"], values: [1, "x"] }, 'c["a"] IN (@p0, @p1)', [1, "x"]],
    [
      "one of, or null",
      { kind: "in", path: ["a"], values: [1, null] },
      '(c["a"] IN (@p0) OR IS_NULL(c["a"]))',
      [1],
    ],
    ["one of none", { kind: "in", path: ["a"], values: [] }, "false", []],
    [
      "a text in it",
      { kind: "text", path: ["a"], test: "CONTAINS", value: "%" },
      'CONTAINS(c["a"], @p0)',
      ["%"],
    ],
    [
      "a regular expression",
      { kind: "text", path: ["a"], test: "RegexMatch", value: "^a" },
      'RegexMatch(c["a"], @p0)',
      ["^a"],
    ],
    ["is there", { kind: "type", path: ["a"], test: "IS_DEFINED" }, 'IS_DEFINED(c["a"])', []],
    ["an element", { kind: "has", path: ["a"], value: "x" }, 'ARRAY_CONTAINS(c["a"], @p0)', ["x"]],
    ["not empty", { kind: "hasElements", path: ["a"] }, 'ARRAY_LENGTH(c["a"]) > 0', []],
    [
      "all of some",
      all(equal(["a"], 1), equal(["b"], 2)),
      '(c["a"] = @p0 AND c["b"] = @p1)',
      [1, 2],
    ],
    [
      "any of some",
      any(equal(["a"], 1), equal(["b"], 2)),
      '(c["a"] = @p0 OR c["b"] = @p1)',
      [1, 2],
    ],
    ["all of none", all(), "", []],
    ["any of none", any(), "false", []],
    ["not any of none", not(any()), "", []],
    ["not", not(equal(["a"], 1)), 'NOT ((c["a"] = @p0) ?? false)', [1]],
    ["not not", not(not(equal(["a"], 1))), 'c["a"] = @p0', [1]],
    [
      "not all",
      not(all(equal(["a"], 1), equal(["b"], 2))),
      '(NOT ((c["a"] = @p0) ?? false) OR NOT ((c["b"] = @p1) ?? false))',
      [1, 2],
    ],
  ])("%s", (_name, condition, text, values) => {
    expect(where(condition)).toEqual({ text, values });
  });

  test("elements have names of their own at each depth", () => {
    const inner: Condition = { kind: "some", path: ["y"], condition: equal(["z"], 1) };
    const outer: Condition = { kind: "some", path: ["x"], condition: not(inner) };
    expect(where(outer).text).toBe(
      'EXISTS(SELECT VALUE e0 FROM e0 IN c["x"] WHERE NOT EXISTS(SELECT VALUE e1 FROM e1 IN e0["y"] WHERE e1["z"] = @p0))',
    );
  });

  test("nested lists of one kind are opened, and what is always true leaves nothing", () => {
    expect(all(all(), all(equal(["a"], 1), all()))).toEqual(equal(["a"], 1));
    expect(any(any(equal(["a"], 1)), equal(["b"], 2))).toMatchObject({ conditions: [{}, {}] });
  });
});

test("a query orders, selects and counts", () => {
  const condition = equal(["a"], 1);
  expect(
    selectQuery({
      properties: ["id", 'odd "name"'],
      condition,
      orderBy: [
        { path: ["a"], direction: "DESC" },
        { path: ["b", "c"], direction: "ASC" },
      ],
    }).query,
  ).toBe(
    'SELECT VALUE {"id": c["id"], "odd \\"name\\"": c["odd \\"name\\""]} FROM c WHERE c["a"] = @p0 ORDER BY c["a"] DESC, c["b"]["c"] ASC',
  );
  expect(countQuery(condition).query).toBe('SELECT VALUE COUNT(1) FROM c WHERE c["a"] = @p0');
});

test("no name and no value can leave its place in the SQL", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: anyCharacter }), { minLength: 1 }),
      fc.string(),
      (path, value) => {
        const name = propertyPathSql("c", path);
        // Each name is one JSON string, and JSON strings end where they should.
        const names = name.slice(1).match(/\["(?:[^"\\]|\\.)*"\]/g) ?? [];
        expect(names.join("")).toBe(name.slice(1));
        expect(names.map((part) => JSON.parse(part)[0])).toEqual(path);
        const { query, parameters } = selectQuery({ condition: equal(path, value), orderBy: [] });
        expect(query).toBe(`SELECT * FROM c WHERE ${name} = @p0`);
        expect(parameters).toEqual([{ name: "@p0", value }]);
      },
    ),
  );
});
