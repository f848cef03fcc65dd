import { describe, expect, test } from "vitest";
import { tokenLifetimeSeconds } from "../../../src/emulator/security/token-lifetime.ts";
import { requestOf } from "./request-of.ts";

function lifetimeOf(header: string): number {
  return tokenLifetimeSeconds(requestOf("GET", "", { "x-ms-documentdb-expiry-seconds": header }));
}

describe("the lifetime that a request asks for", () => {
  test("is an hour where it asks for none", () => {
    expect(tokenLifetimeSeconds(requestOf("GET", ""))).toBe(3600);
  });

  test.each([
    ["600", 600],
    ["86400", 86_400],
    [" 3600 ", 3600],
    ["  000000700", 700],
  ])("may be %j", (header, seconds) => {
    expect(lifetimeOf(header)).toBe(seconds);
  });

  test.each(["0", "599"])("is refused below ten minutes: %j", (header) => {
    expect(() => lifetimeOf(header)).toThrow(
      expect.objectContaining({
        status: 400,
        code: "BadRequest",
        message: 'Message: {"Errors":["One of the specified inputs is invalid"]}',
      }),
    );
  });

  test.each(["86401", "999999999", "1000000000", "", " ", "-1", "+700", "700.5", "7e2", "0x400"])(
    "is refused above a day, or where it is no number of seconds: %j",
    (header) => {
      expect(() => lifetimeOf(header)).toThrow(
        expect.objectContaining({
          status: 400,
          code: "BadRequest",
          message: `Value '${header}' specified for the header 'x-ms-documentdb-expiry-seconds' is invalid.`,
        }),
      );
    },
  );

  test("is refused with no more than 64 characters of what was sent", () => {
    const header = "9".repeat(1000);
    expect(() => lifetimeOf(header)).toThrow(`Value '${"9".repeat(64)}' specified`);
  });
});
