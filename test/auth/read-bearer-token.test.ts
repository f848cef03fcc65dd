import { describe, expect, test } from "vitest";
import { readBearerToken } from "../../src/auth/read-bearer-token.ts";

function refusal(logReason: string) {
  return expect.objectContaining({ code: "UNAUTHENTICATED", credential: "refused", logReason });
}

describe("the header Authorization", () => {
  test("may be absent", () => {
    expect(readBearerToken(undefined)).toBeUndefined();
  });

  test.each([
    ["Bearer abc", "abc"],
    ["bEARER   abc", "abc"],
    ["Bearer abc  ", "abc"],
    ["Bearer aZ09-._~+/==", "aZ09-._~+/=="],
    ["Bearer a", "a"],
  ])("%j holds the bearer token %j", (header, bearerToken) => {
    expect(readBearerToken(header)).toBe(bearerToken);
  });

  test.each([
    "",
    "abc",
    "Bearer",
    "Bearer ",
    "Bearerabc",
    " Bearer abc",
    "Bearer\tabc",
    "Bearer =",
    "Bearer a=b",
    "Bearer abc\t",
    "Bearer abc,",
    "Basic abc",
  ])("%j has another form", (header) => {
    expect(() => readBearerToken(header)).toThrow(
      refusal("the header Authorization does not have the form `Bearer TOKEN`"),
    );
  });

  test("has a length that Node.js, too, would let pass", () => {
    const longest = "a".repeat(16_384);
    expect(readBearerToken(`Bearer ${longest}`)).toBe(longest);
    expect(() => readBearerToken(`Bearer ${longest}a`)).toThrow(
      refusal("the header Authorization is longer than 16384 characters"),
    );
  });
});
