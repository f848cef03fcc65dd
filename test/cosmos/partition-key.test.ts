import { describe, expect, test } from "vitest";
import {
  isPartitionKeyPrefix,
  isSamePartitionKey,
  type PartitionKey,
} from "../../src/cosmos/partition-key.ts";

const different: readonly (readonly [PartitionKey, PartitionKey])[] = [
  [["contoso"], ["fabrikam"]],
  [["1"], [1]],
  [["true"], [true]],
  [[""], [null]],
  [[0], [false]],
  [[null], [false]],
  [
    ["contoso", "ann"],
    ["contoso", "bob"],
  ],
  [
    ["contoso", "ann"],
    ["fabrikam", "ann"],
  ],
];

describe("two partition keys", () => {
  test.each([[["contoso"]], [["contoso", 1, true]], [[null]], [[]]])("%j are the same", (key) => {
    expect(isSamePartitionKey(key, [...key])).toBe(true);
  });

  test.each(different)("%j and %j are not the same", (left, right) => {
    expect(isSamePartitionKey(left, right)).toBe(false);
    expect(isSamePartitionKey(right, left)).toBe(false);
  });

  test("are not the same where one is the beginning of the other", () => {
    expect(isSamePartitionKey(["contoso"], ["contoso", "ann"])).toBe(false);
    expect(isSamePartitionKey(["contoso", "ann"], ["contoso"])).toBe(false);
  });
});

describe("the partition of a key's beginning", () => {
  test("holds every key that begins so, and itself", () => {
    expect(isPartitionKeyPrefix(["contoso"], ["contoso", "ann"])).toBe(true);
    expect(isPartitionKeyPrefix(["contoso", "ann"], ["contoso", "ann", 1])).toBe(true);
    expect(isPartitionKeyPrefix(["contoso"], ["contoso"])).toBe(true);
  });

  test.each(different)("of %j does not hold %j", (left, right) => {
    expect(isPartitionKeyPrefix(left, right)).toBe(false);
    expect(isPartitionKeyPrefix(right, left)).toBe(false);
  });

  test("does not hold the shorter key that it begins with", () => {
    expect(isPartitionKeyPrefix(["contoso", "ann"], ["contoso"])).toBe(false);
    expect(isPartitionKeyPrefix(["contoso", null], ["contoso"])).toBe(false);
  });

  test("does not hold a shorter key even if a level has no value, which no configuration gives", () => {
    // The types keep it out; a grant must not grow where they fail.
    const broken = ["contoso", undefined] as unknown as PartitionKey;
    expect(isPartitionKeyPrefix(broken, ["contoso"])).toBe(false);
  });
});
