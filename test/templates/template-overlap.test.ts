import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseClaimTemplate } from "../../src/templates/claim-template.ts";
import { expandId } from "../../src/templates/expand-template.ts";
import { canGiveSameId } from "../../src/templates/template-overlap.ts";
import { propertyRuns } from "../property-runs.ts";

function overlap(left: string, right: string): boolean {
  return canGiveSameId(parseClaimTemplate(left), parseClaimTemplate(right));
}

describe("two templates", () => {
  test.each([
    ["a", "a"],
    ["{x}", "a"],
    ["{x}", "{y}"],
    ["a:{x}", "a:{x}:{y}"],
    ["a:{x}", "{y}:b"],
    ["{x}:{y}", "{x}-{y}"],
    ["{x}-b", "a-{y}"],
    // The claim / stands as %2F, and so before a 2.
    ["{x}2", "%2F2"],
  ])("%s and %s can give one id", (left, right) => {
    expect(overlap(left, right)).toBe(true);
    expect(overlap(right, left)).toBe(true);
  });

  test.each([
    ["a", "b"],
    ["a:{x}", "b:{x}"],
    ["{x}:a", "{x}:b"],
    ["{x}:b", "{x}:{y}:b"],
    ["a:{x}", "a:"],
    ["a{x}", "a"],
    ["", "{x}"],
    ["{x}b", "b"],
    [":{x}:b", ":{y}:z:b"],
  ])("%s and %s can't", (left, right) => {
    expect(overlap(left, right)).toBe(false);
    expect(overlap(right, left)).toBe(false);
  });

  test("that gave one id are never said to be apart", () => {
    const piece = fc.constantFrom("a", ":", "-", "2", "F", "n", "{x}a", "{x}:", "{y}2", "{x}-");
    const template = fc
      .tuple(fc.array(piece, { maxLength: 4 }), fc.constantFrom("", "{y}", "a"))
      .map(([pieces, end]) => pieces.join("") + end);
    const claim = fc.string({
      unit: fc.constantFrom("a", ":", "-", "2", "%", "/", "F"),
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        template,
        template,
        fc.array(fc.tuple(claim, claim), { minLength: 8 }),
        (left, right, claims) => {
          const idsOf = (text: string) =>
            claims.flatMap(([x, y]) => {
              const id = expandId(parseClaimTemplate(text), { x, y }, "user id");
              return id.ok ? [id.value] : [];
            });
          const leftIds = new Set(idsOf(left));
          if (idsOf(right).some((id) => leftIds.has(id))) {
            expect(overlap(left, right)).toBe(true);
          }
        },
      ),
      { numRuns: propertyRuns(3_000) },
    );
  });
});
