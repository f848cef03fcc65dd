import { expect, test } from "vitest";
import { slopeOf } from "./memory-slope.ts";

const MEGABYTE = 1024 * 1024;
const points = (bytesAt: (minute: number) => number) =>
  Array.from({ length: 21 }, (_, index) => ({
    atMs: 1e12 + index * 30_000,
    bytes: bytesAt(index / 2) * MEGABYTE,
  }));

test("a line has its slope, whatever happened in the warm-up", () => {
  const slope = slopeOf(points((minute) => (minute < 3 ? 900 : 100 + 2 * minute)));
  expect(slope?.megabytesPerTenMinutes).toBeCloseTo(20);
  expect(slope?.grownMegabytes).toBeCloseTo(14);
});

test("what goes up and down around one value is flat", () => {
  const slope = slopeOf(points((minute) => 100 + ((minute * 2) % 2) * 5));
  expect(Math.abs(slope?.megabytesPerTenMinutes ?? 99)).toBeLessThan(3);
});

test("a short life has none", () => {
  expect(slopeOf(points(() => 1).slice(0, 7))).toBeUndefined();
});
