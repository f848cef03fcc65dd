import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idFault } from "../../src/cosmos/id-rules.ts";
import { claimsOf, parseClaimTemplate } from "../../src/templates/claim-template.ts";
import { expandId, expandPartitionKeyValue } from "../../src/templates/expand-template.ts";
import { anyCharacter } from "../any-character.ts";
import { propertyRuns } from "../property-runs.ts";

/** Claims made of the characters that the encoding itself uses, where a mix-up would show first. */
const trickyText = fc.string({
  unit: fc.constantFrom("%", "2", "5", "F", "n", "1", ":", "-", "/", "\\", "?", "#", ".", " ", "é"),
  maxLength: 6,
});
const anyText = fc.oneof(
  trickyText,
  fc.string({ unit: anyCharacter, maxLength: 12 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 }).map((units) => {
    return String.fromCharCode(...units);
  }),
  fc.constantFrom("é", "e\u0301", "👩‍🚀", "\ud83d", "a ", "a\u00a0", ".", "..", "\u0000", "İ"),
);
const claimValue = fc.oneof(
  anyText,
  anyText,
  fc.integer(),
  fc.double().filter((number) => !Object.is(number, -0)),
);

/** Two or three placeholders with text of the same tricky characters before, between and after. */
const literal = fc.string({
  unit: fc.constantFrom(":", "-", ".", "2", "F", "n", "é", "👩", "x", "1"),
  minLength: 1,
  maxLength: 3,
});
const template = fc
  .record({
    before: fc.oneof(fc.constant(""), literal),
    between: fc.array(literal, { maxLength: 2 }),
    after: fc.oneof(fc.constant(""), literal),
  })
  .map(({ before, between, after }) => {
    const claims = between.map((text, index) => `{c${index}}${text}`).join("");
    return `${before}${claims}{last}${after}`;
  });

function claimTuple() {
  return fc.record({ c0: claimValue, c1: claimValue, last: claimValue });
}

function expandText(text: string, claims: Record<string, unknown>) {
  return expandId(parseClaimTemplate(text), claims, "user id");
}

describe("a Cosmos DB user id", () => {
  test.each(["{a}:{b}", "{a}2{b}", "{a}n{b}", "{a}-{b}-", "x:{a}::{b}", "{a}.{b}."])(
    "of the template %s is another for each pair of short claims",
    (text) => {
      const values = [..."%25nF:-./ "].flatMap((first) =>
        [first, ..."%2:-."].map((second) => (second === first ? first : first + second)),
      );
      const claims = [...new Set(values), 2, 5, 25, -2, 2.5];
      const ids = new Map<string, unknown>();
      for (const a of claims) {
        for (const b of claims) {
          const id = expandText(text, { a, b });
          expect(id.ok && ids.get(id.value)).toBeUndefined();
          ids.set(id.ok ? id.value : "", { a, b });
        }
      }
      expect(ids.size).toBe(claims.length ** 2);
    },
  );

  test("can be read back into the claims it was made from", () => {
    fc.assert(
      fc.property(template, claimTuple(), (text, claims) => {
        const parsed = parseClaimTemplate(text);
        const id = expandId(parsed, claims, "user id");
        fc.pre(id.ok);
        expect(readBack(text, id.value)).toEqual(
          claimsOf(parsed).map((claim) => claims[claim as keyof typeof claims]),
        );
      }),
      { numRuns: propertyRuns(5_000) },
    );
  });

  test("obeys Cosmos DB's rules, whatever the claims hold", () => {
    fc.assert(
      fc.property(template, claimTuple(), (text, claims) => {
        const id = expandText(text, claims);
        fc.pre(id.ok);
        expect(idFault(id.value)).toBeUndefined();
      }),
      { numRuns: propertyRuns(2_000) },
    );
  });

  test.each([
    ["{sub}", { sub: "someone@contoso.com" }, "someone@contoso.com"],
    ["{sub}", { sub: "auth0|5f7c" }, "auth0|5f7c"],
    ["member:{tid}:{sub}", { tid: "contoso", sub: "Ann" }, "member:contoso:Ann"],
    ["member:{tid}:{sub}", { tid: "a:b", sub: "c" }, "member:a%3Ab:c"],
    ["member:{tid}:{sub}", { tid: "a", sub: "b:c" }, "member:a:b:c"],
    ["{sub}", { sub: "50%" }, "50%25"],
    ["{sub}", { sub: "a/b\\c?d#e" }, "a%2Fb%5Cc%3Fd%23e"],
    ["{sub}", { sub: "tab\there" }, "tab%09here"],
    ["{sub}", { sub: "ends with a space " }, "ends with a space%20"],
    ["{sub}", { sub: ".." }, ".%2E"],
    ["{sub}", { sub: "." }, "%2E"],
    ["{sub}", { sub: "..." }, "..."],
    ["{sub}", { sub: "Ann Lee" }, "Ann Lee"],
    ["{sub}", { sub: "ends with a narrow space\u202f" }, "ends with a narrow space%E2%80%AF"],
    ["plain", {}, "plain"],
    [".{sub}", { sub: "." }, ".%2E"],
    ["{sub}", { sub: "1" }, "1"],
    ["{sub}", { sub: 1 }, "%n1"],
    ["{a}-{b}", { a: -1, b: -1 }, "%n%2D1-%n-1"],
    ["{https://contoso.com/tid}:x", { "https://contoso.com/tid": "c" }, "c:x"],
    ["{a.b}", { "a.b": "flat", a: { b: "nested" } }, "flat"],
    ["{{{sub}}}", { sub: "}" }, "{%7D}"],
    ["{a}👩{b}", { a: "👩‍🚀", b: "👩" }, "%F0%9F%91%A9‍🚀👩👩"],
  ])("%s with %o is %s", (text, claims, id) => {
    expect(expandText(text, claims)).toEqual({ ok: true, value: id });
  });

  test("keeps composed and decomposed letters, and upper and lower case, apart", () => {
    const ids = ["é", "e\u0301", "É", "ﬁ", "fi"].map((sub) => expandText("{sub}", { sub }));
    expect(new Set(ids.map((id) => id.ok && id.value)).size).toBe(5);
  });

  test.each([
    ["is missing", {}],
    ["is missing", { sub: null }],
    ["is missing", { sub: undefined }],
    ["is missing", Object.create({ sub: "inherited" })],
    ["is empty", { sub: "" }],
    ["is not a string or number", { sub: true }],
    ["is not a string or number", { sub: ["a"] }],
    ["is not a string or number", { sub: { toString: () => "a" } }],
    ["is a number that JSON doesn't carry exactly", { sub: 2 ** 53 }],
    ["is a number that JSON doesn't carry exactly", { sub: Number.POSITIVE_INFINITY }],
    ["holds half of a character (a lone surrogate)", { sub: "a\ud800" }],
  ])("is refused where a claim %s", (reason, claims) => {
    expect(expandText("{sub}", claims)).toEqual({ ok: false, reasons: [`claim "sub" ${reason}`] });
  });

  test("finds no claim in the prototype of objects", () => {
    for (const claim of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      expect(expandText(`{${claim}}`, {}).ok).toBe(false);
    }
    const ownProto: Record<string, unknown> = JSON.parse('{"__proto__":"own"}');
    expect(expandText("{__proto__}", ownProto)).toEqual({ ok: true, value: "own" });
  });

  test("is refused above 255 characters, counted after encoding", () => {
    expect(expandText("{sub}", { sub: "a".repeat(255) }).ok).toBe(true);
    expect(expandText("{sub}", { sub: "a".repeat(256) })).toEqual({
      ok: false,
      reasons: ["the user id is 256 characters long; the most is 255"],
    });
    expect(expandText("{sub}", { sub: "/".repeat(86) }).ok).toBe(false);
  });

  test.each([
    ["", "is empty"],
    ["{sub} ", "ends with white space"],
    [".", "is a path segment that URLs drop"],
    ["{sub}#", "holds one of / \\ ? # or a control character"],
  ])("of the template %j is refused for the template's own text: it %s", (text, fault) => {
    expect(expandText(text, { sub: "ann" })).toEqual({
      ok: false,
      reasons: [`the user id ${fault}`],
    });
  });

  test("names every claim that is in the way at once", () => {
    expect(expandText("{a}:{b}:{a}", { b: false })).toEqual({
      ok: false,
      reasons: ['claim "a" is missing', 'claim "b" is not a string or number'],
    });
  });
});

describe("a partition key value", () => {
  test.each([
    ["{tid}", { tid: "contoso" }, "contoso"],
    ["{tid}", { tid: "1" }, "1"],
    ["{tid}", { tid: 1 }, 1],
    ["{tid}", { tid: -0 }, 0],
    ["{tid}", { tid: true }, true],
    ["{tid}", { tid: "a/b?%" }, "a/b?%"],
    ["contoso", {}, "contoso"],
    ["50%", {}, "50%"],
    ["{{tid}}", { tid: "x" }, "{tid}"],
    ["{tid}:{sub}", { tid: "a:b", sub: "c/d" }, "a%3Ab:c/d"],
    [7, {}, 7],
    [null, {}, null],
    [false, {}, false],
    ["", {}, ""],
  ])("%o with %o is %o", (configured, claims, value) => {
    const expanded = expandPartitionKeyValue(configured, claims);
    expect(expanded).toEqual({ ok: true, value });
    expect(expanded.ok && Object.is(expanded.value, value)).toBe(true);
  });

  test.each([
    [{}, 'claim "tid" is missing'],
    [{ tid: "" }, 'claim "tid" is empty'],
    [{ tid: null }, 'claim "tid" is missing'],
    [{ tid: ["contoso"] }, 'claim "tid" is not a string or number'],
    [{ tid: "\udc00" }, 'claim "tid" holds half of a character (a lone surrogate)'],
    [{ tid: "é".repeat(1025) }, "a partition key value is 2050 bytes long; the most is 2048"],
  ])("is refused with %o", (claims, reason) => {
    expect(expandPartitionKeyValue("{tid}", claims)).toEqual({ ok: false, reasons: [reason] });
  });

  test("may be 2,048 bytes long", () => {
    const tid = "é".repeat(1024);
    expect(expandPartitionKeyValue("{tid}", { tid })).toEqual({ ok: true, value: tid });
  });

  test("of text and claims is given by one tuple of claims only", () => {
    fc.assert(
      fc.property(template, claimTuple(), (text, claims) => {
        const value = expandPartitionKeyValue(text, claims);
        fc.pre(value.ok && text !== "{last}");
        expect(readBack(text, String(value.ok && value.value))).toEqual(
          claimsOf(parseClaimTemplate(text)).map((claim) => claims[claim as keyof typeof claims]),
        );
      }),
      { numRuns: propertyRuns(2_000) },
    );
  });
});

/** An independent reader: left to right, an escape is one piece, and literal text ends a claim. */
function readBack(text: string, id: string): unknown[] {
  const values: unknown[] = [];
  let rest = id;
  const parts = parseClaimTemplate(text);
  for (const [index, part] of parts.entries()) {
    if (part.kind === "text") {
      expect(rest.startsWith(part.text)).toBe(true);
      rest = rest.slice(part.text.length);
      continue;
    }
    const next = parts[index + 1];
    const stop = next?.kind === "text" ? String.fromCodePoint(next.text.codePointAt(0) ?? 0) : "";
    const pieces: readonly string[] = rest.match(/%n|%[0-9A-F]{2}|[^%]/gu) ?? [];
    const end = stop === "" ? pieces.length : pieces.indexOf(stop);
    const taken = pieces.slice(0, end);
    rest = pieces.slice(end).join("");
    const isNumber = taken[0] === "%n";
    const decoded = decodeURIComponent(taken.slice(isNumber ? 1 : 0).join(""));
    values.push(isNumber ? Number(decoded) : decoded);
  }
  expect(rest).toBe("");
  return values;
}
