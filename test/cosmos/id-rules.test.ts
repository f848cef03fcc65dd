import { describe, expect, test } from "vitest";
import { idFault, linkFault } from "../../src/cosmos/id-rules.ts";

describe("an id", () => {
  test.each([
    "someone@contoso.com",
    "50%",
    "é👩‍🚀",
    " begins with a space",
    "one line",
    "...",
    ".hidden",
    "ends.",
    "a".repeat(255),
  ])("%j is fine", (id) => {
    expect(idFault(id)).toBeUndefined();
  });

  test.each([
    ["", "is empty"],
    ["a".repeat(256), "is 256 characters long; the most is 255"],
    ["a/b", "holds one of / \\ ? # or a control character"],
    ["a\\b", "holds one of / \\ ? # or a control character"],
    ["a?b", "holds one of / \\ ? # or a control character"],
    ["a#b", "holds one of / \\ ? # or a control character"],
    ["a\u0000b", "holds one of / \\ ? # or a control character"],
    ["a\u007fb", "holds one of / \\ ? # or a control character"],
    ["a\u009fb", "holds one of / \\ ? # or a control character"],
    ["ends with a space ", "ends with white space"],
    ["ends with an unbreakable space\u00a0", "ends with white space"],
    [".", "is a path segment that URLs drop"],
    ["..", "is a path segment that URLs drop"],
    ["half of \ud83d a character", "holds half of a character (a lone surrogate)"],
  ])("%j is refused", (id, fault) => {
    expect(idFault(id)).toBe(fault);
  });
});

describe("the link of a permission's resource", () => {
  // In dbs/d/colls/ there are 12 characters, in dbs/d/colls/c/docs/ 19.
  test("to a container is refused from 256 characters on", () => {
    expect(linkFault("d", "c".repeat(243))).toBeUndefined();
    expect(linkFault("d", "c".repeat(244))).toBe(
      "its link, dbs/…/colls/…, is 256 characters long; the most is 255",
    );
  });

  test("to an item is refused from 256 characters on", () => {
    expect(linkFault("d", "c", "i".repeat(236))).toBeUndefined();
    expect(linkFault("d", "c", "i".repeat(237))).toBe(
      "its link, dbs/…/colls/…, is 256 characters long; the most is 255",
    );
  });
});
