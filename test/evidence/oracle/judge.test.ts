import { expect, test } from "vitest";
import type { Json, Operation, Outcome } from "../../model/terms.ts";
import type { Observed, ObservedError } from "../workload/observed.ts";
import { judge, PASSING_CODES } from "./judge.ts";

const READ: Operation = { do: "read", type: "Order", id: "o1" };
const LIST: Operation = { do: "list", type: "Order", pageSize: 5 };
const QUERY: Operation = { do: "query", type: "Order", text: "SELECT * FROM c" };

const expects = (answer: Json, ...errors: readonly string[]): Outcome => ({
  answer,
  store: new Map(),
  ...(errors.length === 0 ? {} : { errors }),
});
const error = (code: string, isRefusal: boolean): ObservedError => ({
  code,
  message: "text",
  path: ["order"],
  isWritten: false,
  isRefusal,
});
const got = (answer: Json, ...codes: readonly string[]): Observed => ({
  replies: [],
  answer,
  errors: codes.map((code) => error(code, false)),
  cursors: [],
});
const refused = (...codes: readonly string[]): Observed => ({
  replies: [],
  errors: codes.map((code) => error(code, true)),
  cursors: [],
});
const PASSING = { codes: PASSING_CODES };
const ITEM = { id: "o1", total: 1 };

test("the same answer, whatever the order of its keys, is no difference", () => {
  expect(judge(READ, expects(ITEM), got({ total: 1, id: "o1" }))).toBeUndefined();
  expect(judge(READ, expects(null), got(null))).toBeUndefined();
  expect(judge(READ, { refused: ["FORBIDDEN"] }, refused("FORBIDDEN"))).toBeUndefined();
});

test("each kind of difference is seen", () => {
  const kindOf = (expected: Outcome, observed: Observed) => judge(READ, expected, observed)?.kind;
  expect(kindOf({ refused: ["FORBIDDEN"] }, got(ITEM))).toBe("wrong grant");
  expect(kindOf({ refused: ["FORBIDDEN"] }, got(null))).toBe("wrong grant");
  expect(kindOf(expects(ITEM), refused("FORBIDDEN"))).toBe("wrong denial");
  expect(kindOf(expects(null), refused("NO_ACCESS_PROFILE"))).toBe("wrong denial");
  expect(kindOf(expects(ITEM), got({ ...ITEM, total: 2 }))).toBe("wrong answer");
  expect(kindOf(expects(ITEM), got(null))).toBe("wrong answer");
  expect(kindOf(expects(ITEM), refused("NOT_FOUND"))).toBe("wrong refusal");
  expect(kindOf({ refused: ["CONFLICT"] }, refused("NOT_FOUND"))).toBe("wrong refusal");
  expect(kindOf({ refused: ["CONFLICT"] }, refused())).toBe("wrong refusal");
  expect(kindOf(expects(ITEM), got(ITEM, "FORBIDDEN"))).toBe("wrong errors");
  expect(kindOf(expects(ITEM, "ITEM_MISFIT"), got(ITEM))).toBe("wrong errors");
  expect(kindOf(expects(ITEM), { ...refused(), failure: "reset" })).toBe("no answer");
});

test("an internal error is always a difference, also beside the right answer", () => {
  const internal = { kind: "internal error" };
  expect(judge(READ, expects(ITEM), got(ITEM, "INTERNAL_SERVER_ERROR"))).toMatchObject(internal);
  const refusal = refused("INTERNAL_SERVER_ERROR");
  const codes = new Set(["INTERNAL_SERVER_ERROR"]);
  expect(judge(READ, { refused: ["FORBIDDEN"] }, refusal, { codes })).toMatchObject(internal);
});

test("a list's order counts, and that of raw SQL's rows doesn't", () => {
  const [one, other] = [{ id: "1" }, { id: "2" }];
  const turned = { nodes: [other, one] };
  expect(judge(LIST, expects({ nodes: [one, other] }), got(turned))?.kind).toBe("wrong answer");
  expect(judge(QUERY, expects([one, other]), got([other, one]))).toBeUndefined();
  expect(judge(QUERY, expects([one, one]), got([one, other]))?.kind).toBe("wrong answer");
});

test("while something disturbs, passing codes are accepted, and nothing else", () => {
  expect(judge(READ, expects(ITEM), refused("THROTTLED"))?.kind).toBe("wrong refusal");
  expect(judge(READ, expects(ITEM), refused("THROTTLED"), PASSING)).toBeUndefined();
  expect(judge(READ, { refused: ["FORBIDDEN"] }, refused("TIMEOUT"), PASSING)).toBeUndefined();
  expect(judge(READ, expects(ITEM), refused("FORBIDDEN"), PASSING)?.kind).toBe("wrong denial");
  expect(judge(READ, { refused: ["FORBIDDEN"] }, got(ITEM), PASSING)?.kind).toBe("wrong grant");
  expect(judge(READ, expects(ITEM), got({ ...ITEM, total: 2 }), PASSING)?.kind).toBe(
    "wrong answer",
  );
});

test("a reference that failed for the time being is null, and never another item", () => {
  const expected = expects({ id: "o1", customer: { id: "c1" } });
  const without = { id: "o1", customer: null };
  expect(judge(READ, expected, got(without, "TIMEOUT"), PASSING)).toBeUndefined();
  expect(judge(READ, expected, got(without), PASSING)?.kind).toBe("wrong answer");
  const other = got({ id: "o1", customer: { id: "c2" } }, "TIMEOUT");
  expect(judge(READ, expected, other, PASSING)?.kind).toBe("wrong answer");
});

test("a broken connection to the gateway is never accepted", () => {
  const broken = { ...refused(), failure: "reset" };
  expect(judge(READ, expects(ITEM), broken, PASSING)?.kind).toBe("no answer");
});
