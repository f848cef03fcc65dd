import { expect, test } from "vitest";
import { isProfileFor } from "../../src/access/profile-fits.ts";
import type { Caller } from "../../src/auth/caller.ts";

function signedIn(claims: Record<string, unknown>): Caller {
  return { kind: "authenticated", issuer: "i", subject: "s", claims };
}

test("an anonymous profile is for nobody who signed in, whatever the claims spell", () => {
  const spelling = Object.fromEntries([..."anonymous"].entries());
  expect(isProfileFor("anonymous", signedIn(spelling))).toBe(false);
  expect(isProfileFor("anonymous", signedIn({}))).toBe(false);
  expect(isProfileFor("anonymous", { kind: "anonymous" })).toBe(true);
});

test("a profile for everyone who signed in is not for the anonymous caller", () => {
  expect(isProfileFor({}, { kind: "anonymous" })).toBe(false);
  expect(isProfileFor({}, signedIn({}))).toBe(true);
});
