import { describe, expect, test } from "vitest";
import { claimsOf, parseClaimTemplate } from "../../src/templates/claim-template.ts";

describe("a claim template", () => {
  test("is text and placeholders, with doubled braces as text", () => {
    expect(parseClaimTemplate("a{{b}}:{tid}-{https://contoso.com/x y}")).toEqual([
      { kind: "text", text: "a{b}:" },
      { kind: "claim", claim: "tid" },
      { kind: "text", text: "-" },
      { kind: "claim", claim: "https://contoso.com/x y" },
    ]);
  });

  test("lists its claims once each", () => {
    expect(claimsOf(parseClaimTemplate("{a}:{b}:{a}"))).toEqual(["a", "b"]);
  });

  test.each([
    ["{a}{b}", "put text between {a} and {b}"],
    ["{}", "{} names no claim"],
    ["{ a }", "take the spaces out"],
    ["{a", "a claim's name stands between { and }"],
    ["a}", "a claim's name stands between { and }"],
    ["{a}}", "a claim's name stands between { and }"],
    ["{a{b}", "a claim's name stands between { and }"],
  ])("%s is refused: %s", (text, reason) => {
    expect(() => parseClaimTemplate(text)).toThrow(reason);
  });
});
