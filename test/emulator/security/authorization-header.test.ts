import { describe, expect, test } from "vitest";
import { parseAuthorizationHeader } from "../../../src/emulator/security/authorization-header.ts";

const parse = (text: string) => parseAuthorizationHeader(encodeURIComponent(text));
const malformed = expect.objectContaining({
  status: 401,
  code: "Unauthorized",
  message:
    "Authorization header doesn't confirm to the required format. Please verify and try again.",
});

describe("an authorization header", () => {
  test("has a type, whose case does not count, and a signature, whose case does", () => {
    expect(parse("type=master&ver=1.0&sig=AbC=")).toEqual({ type: "master", signature: "AbC=" });
    expect(parse("TYPE=Resource&Ver=1&SIG=a;b;")).toEqual({ type: "resource", signature: "a;b;" });
  });

  test("may hold more of the signs that take it apart, in its signature", () => {
    expect(parse("type=resource&ver=1&sig=a&sig=b")).toMatchObject({ signature: "a&sig=b" });
  });

  test("may have space around it", () => {
    const header = ` ${encodeURIComponent("type=resource&ver=1&sig=a;b;")} `;
    expect(parseAuthorizationHeader(header)).toMatchObject({ signature: "a;b;" });
  });

  test("ends at its first comma, be it escaped or not", () => {
    const first = encodeURIComponent("type=resource&ver=1&sig=a;");
    const form = { type: "resource", signature: "a;" };
    expect(parseAuthorizationHeader(`${first},b,c`)).toEqual(form);
    expect(parseAuthorizationHeader(`${first}%2Cb`)).toEqual(form);
    expect(parseAuthorizationHeader(`${first},${"b".repeat(10_000)}`)).toEqual(form);
  });

  test.each([
    "xtype=master&ver=1.0&sig=a",
    "type=master&ver=1.0&sig=a\n",
    "type=mas&ter&ver=1.0&sig=a",
    "type=master&ver=1&0&sig=a",
    "type=master&ver=&sig=a",
    "type=master&sig=a",
    ",type=master&ver=1.0&sig=a",
  ])("in another form is malformed: %j", (text) => {
    expect(() => parse(text)).toThrow(malformed);
  });

  test.each([
    ["master", 1024],
    ["resource", 8192],
    ["aad", 8192],
  ])("of type %s has %d characters at most", (type, most) => {
    const start = `type=${type}&ver=1&sig=`;
    const longest = "A".repeat(most - start.length);
    expect(parse(start + longest).signature).toBe(longest);
    expect(() => parse(`${start}${longest}A`)).toThrow(malformed);
  });
});
