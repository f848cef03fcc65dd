import { describe, expect, test } from "vitest";
import type { Answer } from "./judge-verdict.ts";
import {
  auditLedger,
  COUNTED_FIELD,
  isSettled,
  type LedgerItem,
  ledgerToken,
  noteCount,
  noteWrite,
  readTold,
  type StoredContent,
  stateOf,
} from "./write-ledger.ts";

const TOKEN = ledgerToken(7);

function newItem(counted = false): LedgerItem {
  return {
    token: TOKEN,
    container: "orders",
    possible: new Set([undefined]),
    refused: new Set(),
    ...(counted ? { counted: { start: 3, done: 0, uncertain: 0 } } : {}),
  };
}

const content = (total: number, more: object = {}) => ({
  id: "1",
  name: `${TOKEN} abc`,
  total,
  [COUNTED_FIELD]: 3,
  ...more,
});
const stored = (...contents: readonly ReturnType<typeof content>[]): readonly StoredContent[] =>
  contents.map((one) => ({ container: "orders", content: one }));
const state = (total: number) => stateOf(content(total));

const NONE = { lost: [], doubled: [], doneAfterRefusal: [] };
const counts = (item: LedgerItem, there: readonly StoredContent[]) => {
  const { lost, doubled, doneAfterRefusal } = auditLedger([item], there);
  return [lost.length, doubled.length, doneAfterRefusal.length];
};

describe("the audit of a ledger", () => {
  test("finds nothing where everything is as it was told, whatever Cosmos DB adds", () => {
    const item = newItem();
    noteWrite(item, state(1), "done");
    noteWrite(item, state(2), "refused");
    expect(auditLedger([item], stored(content(1, { id: "made up", _etag: "x" })))).toEqual(NONE);
  });

  test("finds an acknowledged create, replace and delete that is lost", () => {
    const item = newItem();
    noteWrite(item, state(1), "done");
    expect(counts(item, [])).toEqual([1, 0, 0]);
    noteWrite(item, state(2), "done");
    expect(counts(item, stored(content(1)))).toEqual([1, 0, 0]);
    noteWrite(item, undefined, "done");
    expect(counts(item, stored(content(2)))).toEqual([1, 0, 0]);
    expect(counts(item, [])).toEqual([0, 0, 0]);
  });

  test("finds an acknowledged item with another content", () => {
    const item = newItem();
    noteWrite(item, state(1), "done");
    expect(counts(item, stored(content(1, { remark: "more" })))).toEqual([1, 0, 0]);
  });

  test("finds a create that was done twice, in any container", () => {
    const item = newItem();
    noteWrite(item, state(1), "done");
    expect(counts(item, stored(content(1), content(1, { id: "2" })))).toEqual([0, 1, 0]);
    const uncertain = newItem();
    noteWrite(uncertain, state(1), "uncertain");
    expect(counts(uncertain, stored(content(1), content(1, { id: "2" })))).toEqual([0, 1, 0]);
  });

  test("takes an uncertain write either way, and leaves such an item alone", () => {
    const item = newItem();
    noteWrite(item, state(1), "done");
    expect(isSettled(item)).toBe(true);
    noteWrite(item, state(2), "uncertain");
    expect(isSettled(item)).toBe(false);
    expect(counts(item, stored(content(1)))).toEqual([0, 0, 0]);
    expect(counts(item, stored(content(2)))).toEqual([0, 0, 0]);
    expect(counts(item, [])).toEqual([1, 0, 0]);
  });

  test("finds a write that was done though it was refused", () => {
    const item = newItem();
    noteWrite(item, state(1), "refused");
    expect(counts(item, stored(content(1)))).toEqual([0, 0, 1]);
    noteWrite(item, state(1), "done");
    noteWrite(item, undefined, "refused");
    expect(counts(item, [])).toEqual([0, 0, 1]);
  });

  test("counts increments between what was told and what may have been", () => {
    const item = newItem(true);
    noteWrite(item, state(1), "done");
    for (const told of ["done", "done", "uncertain", "refused"] as const) {
      noteCount(item, told);
    }
    const withCount = (count: number) => stored(content(1, { [COUNTED_FIELD]: 3 + count }));
    expect([0, 1, 2, 3, 4].map((count) => counts(item, withCount(count)))).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [0, 1, 0],
    ]);
    expect(counts(item, [])).toEqual([1, 0, 0]);
  });

  test("does not take one item's token for that of another with a longer number", () => {
    const item = newItem();
    const longer = { ...content(1), name: `${ledgerToken(77)} abc` };
    expect(counts(item, stored(longer))).toEqual([0, 0, 0]);
  });
});

describe("what a caller is told of a write", () => {
  const failed = (code: string, message = "", more = {}): Answer => ({
    data: { createOrder: null },
    errors: [{ message, path: ["createOrder"], extensions: { code, ...more } }],
  });
  const told = (answer: Answer | undefined) => readTold(answer, "createOrder");

  test.each([
    ["an answer with data", { data: { createOrder: { id: "1" } } }, "done"],
    ["an error that says it was written", failed("ITEM_MISFIT", "", { written: true }), "done"],
    ["no answer", undefined, "uncertain"],
    ["no data", {}, "uncertain"],
    ["a time-out", failed("TIMEOUT"), "uncertain"],
    [
      "a failure that says so",
      failed("UPSTREAM_UNAVAILABLE", "No. The change may have been made."),
      "uncertain",
    ],
    ["a failure that doesn't", failed("UPSTREAM_UNAVAILABLE", "No."), "refused"],
    ["FORBIDDEN", failed("FORBIDDEN"), "refused"],
    ["CONFLICT", failed("CONFLICT"), "refused"],
    ["PRECONDITION_FAILED", failed("PRECONDITION_FAILED"), "refused"],
  ] as const)("%s", (_, answer, expected) => {
    expect(told(answer)).toBe(expected);
  });
});
