import { expect, test } from "vitest";
import { canonicalJson } from "../../../src/graphql/cursors/canonical-json.ts";

test("equal values have equal text, in whatever order their properties were set", () => {
  const text = '{"Z":{},"a":"x","b":[{"d":1,"é":null},null,2]}';
  expect(canonicalJson({ b: [{ d: 1, é: null }, null, 2], a: "x", Z: {} })).toBe(text);
  expect(canonicalJson({ Z: {}, b: [{ é: null, d: 1 }, null, 2], a: "x" })).toBe(text);
});

test("a property without a value is as one that is not there", () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
});

test("the order of a list counts", () => {
  expect(canonicalJson(["b", "a"])).toBe('["b","a"]');
});

test("a value that is no object is its JSON", () => {
  expect(canonicalJson(null)).toBe("null");
  expect(canonicalJson("a")).toBe('"a"');
});
