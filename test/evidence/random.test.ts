import { expect, test } from "vitest";
import { createRandom } from "./random.ts";

const draws = (seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: 20 }, () => random.int(0, 1_000_000));
};

test("a seed gives one stream, and another seed another", () => {
  expect(draws(1)).toEqual(draws(1));
  expect(draws(1)).not.toEqual(draws(2));
});

test("a fork depends on seed and label alone, and takes nothing from its stream", () => {
  const random = createRandom(3);
  const early = random.fork("items").text(20);
  const next = createRandom(3).int(0, 1_000_000);
  expect(random.int(0, 1_000_000)).toBe(next);
  expect(random.fork("items").text(20)).toBe(early);
  expect(random.fork("marks").text(20)).not.toBe(early);
});

test("shuffle keeps the elements, chance its share, int its bounds", () => {
  const random = createRandom(4);
  const list = Array.from({ length: 50 }, (_, index) => index);
  expect(random.shuffle(list).toSorted((left, right) => left - right)).toEqual(list);
  const hits = list.flatMap(() => list.filter(() => random.chance(0.2)));
  expect(hits.length).toBeGreaterThan(400);
  expect(hits.length).toBeLessThan(600);
  expect(new Set(Array.from({ length: 200 }, () => random.int(1, 3)))).toEqual(new Set([1, 2, 3]));
  expect(() => random.pick([])).toThrow(RangeError);
});
