import { expect, test } from "vitest";
import { closestName } from "../../src/config/closest-name.ts";

const KNOWN = ["host", "port", "endpoint", "keys", "lifetimeSeconds", "refreshAheadSeconds"];

test.each([
  ["hots", "host"],
  ["Port", "port"],
  ["key", "keys"],
  ["endpont", "endpoint"],
  ["lifetime_seconds", "lifetimeSeconds"],
  ["refreshaheadseconds", "refreshAheadSeconds"],
])("%s most likely means %s", (name, meant) => {
  expect(closestName(name, KNOWN)).toBe(meant);
});

test.each(["", "x", "tokens", "mode"])("%j means none of them", (name) => {
  expect(closestName(name, KNOWN)).toBeUndefined();
});
