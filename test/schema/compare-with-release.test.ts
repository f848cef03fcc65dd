import { describe, expect, test } from "vitest";
import { compareWithRelease, newestRelease } from "../../scripts/compare-with-release.ts";

const released = `
  type Query { order(id: ID!): Order orders(first: Int, after: String): [Order!]! }
  type Order { id: ID! total: Float! status: Status! note: String }
  enum Status { OPEN PAID }
  input OrderFilter { id: ID total: Float }
  directive @once on FIELD
`;

/** The changes of an edited schema, with these lines in the changelog. */
function changesAfter(edit: (sdl: string) => string, unreleased = "", section = "Unreleased") {
  const changelog = `# Changelog\n\n## Unreleased\n\n${unreleased}\n\n## 0.1.0 (2026-12-01)\n\n- Order.note was removed.\n`;
  return compareWithRelease({ released, current: edit(released), changelog, section });
}

const withoutNote = (sdl: string) => sdl.replace("note: String", "");
const withoutTotal = (sdl: string) => sdl.replace("total: Float!", "");

describe("a change that breaks clients", () => {
  test("is unlisted without an entry in the changelog", () => {
    expect(changesAfter(withoutNote)).toEqual({
      unlisted: ["Order.note was removed."],
      listed: [],
      dangerous: [],
    });
  });

  test.each([
    ["alone", "- Breaking: Order.note was removed."],
    ["with more text", "- First\n- Order.note was removed. Read the order's history instead."],
    ["over two lines", "- Breaking: Order.note\n  was removed.\n- Another"],
  ])("is listed by an entry that has its description, %s", (_how, unreleased) => {
    const { unlisted, listed } = changesAfter(withoutNote, unreleased);
    expect({ unlisted, listed }).toEqual({ unlisted: [], listed: ["Order.note was removed."] });
  });

  test.each([
    ["another type's field", "- OldOrder.note was removed."],
    ["another change of the field", "- Order.note changed type from String to Int."],
    ["text that is no entry", "Order.note was removed."],
  ])("is not listed by %s", (_what, unreleased) => {
    expect(changesAfter(withoutNote, unreleased).unlisted).toEqual(["Order.note was removed."]);
  });

  test("is listed in the section that is asked for, not in another", () => {
    expect(changesAfter(withoutNote, "", "0.1.0").unlisted).toEqual([]);
    expect(changesAfter(withoutTotal, "- Order.total was removed.", "0.1.0").unlisted).toEqual([
      "Order.total was removed.",
    ]);
  });

  test("needs an entry for each of several", () => {
    const both = (sdl: string) => withoutNote(withoutTotal(sdl));
    expect(changesAfter(both, "- Order.note was removed.")).toMatchObject({
      unlisted: ["Order.total was removed."],
      listed: ["Order.note was removed."],
    });
  });

  test.each([
    ["a type is gone", "input OrderFilter { id: ID total: Float }", ""],
    ["an argument is gone", ", after: String", ""],
    ["an argument becomes needed", "first: Int", "first: Int!"],
    ["a field may be null now", "total: Float!", "total: Float"],
    ["an enum value is gone", "OPEN PAID", "OPEN"],
    ["an input field is needed", "input OrderFilter {", "input OrderFilter { tenantId: ID!"],
    ["an input takes one field only", "input OrderFilter", "input OrderFilter @oneOf"],
    ["a directive is gone", "directive @once on FIELD", ""],
  ])("is seen when %s", (_what, before, after) => {
    expect(changesAfter((sdl) => sdl.replace(before, after)).unlisted).toHaveLength(1);
  });
});

test.each([
  ["no change", "note: String", "note: String"],
  ["a new field", "note: String", "note: String\n createdAt: String"],
  ["a new argument that may be left out", "first: Int", "first: Int, last: Int"],
  ["a new type", "enum Status", "type Product { id: ID! } enum Status"],
  ["a description", "type Order {", '"An order." type Order {'],
])("%s breaks nothing", (_what, before, after) => {
  const { unlisted, listed } = changesAfter((sdl) => sdl.replace(before, after));
  expect([...unlisted, ...listed]).toEqual([]);
});

test("a new enum value is dangerous, but needs no entry", () => {
  expect(changesAfter((sdl) => sdl.replace("OPEN PAID", "OPEN PAID SHIPPED"))).toEqual({
    unlisted: [],
    listed: [],
    dangerous: ["SHIPPED was added to enum type Status."],
  });
});

test.each([
  ["# Changelog\n\n## Unreleased\n\n- 1.0.0 is near", undefined],
  ["# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n## 0.1.0\n", "0.2.0"],
  ["# Changelog\n\n## [v1.0.0-rc.1] - 2026-12-01\n", "1.0.0-rc.1"],
])("the newest release of %j is %s", (changelog, version) => {
  expect(newestRelease(changelog)).toBe(version);
});
