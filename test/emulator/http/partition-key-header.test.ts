import { describe, expect, test } from "vitest";
import {
  isKeyPrefix,
  isPartitionKey,
  parsePartitionKey,
  partitionKeyOf,
} from "../../../src/emulator/http/partition-key-header.ts";
import { requestOf } from "../security/request-of.ts";

const read = (value?: string) =>
  partitionKeyOf(
    requestOf("GET", "", value === undefined ? {} : { "x-ms-documentdb-partitionkey": value }),
  );

describe("the partition-key header", () => {
  test.each([
    ['["a"]', ["a"]],
    ['"a"', ["a"]],
    ["1", [1]],
    ["[1.50]", [1.5]],
    ["null", [null]],
    ["[{}]", [{}]],
    ["{}", [{}]],
    ['["t", 1, true]', ["t", 1, true]],
    ['["\\u00e9"]', ["\u00e9"]],
  ])("%s is read as %j", (value, levels) => {
    expect(read(value)).toEqual(levels);
  });

  test.each([
    "",
    " ",
    "a",
    "[]",
    "[[]]",
    '[["a"]]',
    '[{"a":1}]',
    '{"a":1}',
    "[1e400]",
    "[-1e400]",
    '["a","b","c","d"]',
    '["a"], ["b"]',
  ])("%j is refused with 400", (value) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ status: 400 }));
    expect(parsePartitionKey(value)).toBeUndefined();
  });

  test("is refused with what was sent, 256 characters of it at most", () => {
    expect(() => read("[[]]")).toThrow(
      expect.objectContaining({ code: "BadRequest", message: "Partition key [[]] is invalid." }),
    );
    expect(() => read("a".repeat(1000))).toThrow(`key ${"a".repeat(256)} is`);
  });

  test("has no level that JSON can't hold", () => {
    expect(isPartitionKey(["a", undefined])).toBe(false);
    expect(isPartitionKey([Number.NaN])).toBe(false);
    expect(isPartitionKey([])).toBe(false);
  });

  test("may be absent", () => {
    expect(read()).toBeUndefined();
  });

  test("covers what lies under it, level by level", () => {
    expect(isKeyPrefix(["t"], ["t", "u"])).toBe(true);
    expect(isKeyPrefix(["t", "u"], ["t"])).toBe(false);
    expect(isKeyPrefix(["t"], ["u", "t"])).toBe(false);
    expect(isKeyPrefix([{}], [{}])).toBe(true);
    expect(isKeyPrefix([null], [{}])).toBe(false);
    expect(isKeyPrefix([{}], [null])).toBe(false);
    expect(isKeyPrefix(["t", null], ["t"])).toBe(false);
    expect(isKeyPrefix(["t", {}], ["t"])).toBe(false);
    expect(isKeyPrefix([1], ["1"])).toBe(false);
  });
});
