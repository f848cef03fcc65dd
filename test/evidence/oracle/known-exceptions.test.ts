import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { knownExceptions } from "./known-exceptions.ts";
import { createLeakSearch } from "./leak-search.ts";
import {
  ACCOUNT_KEY,
  BEARER_TOKEN,
  RESOURCE_TOKEN,
  SECRETS,
  TO_CONTOSO,
} from "./sample-secrets.ts";
import type { SearchContext } from "./search-context.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const OTHER_TOKEN = RESOURCE_TOKEN.replaceAll(/[0-9]/g, (digit) => `${9 - Number(digit)}`).replace(
  /^.*sig=/,
  "type=resource&ver=1&sig=",
);

const { search } = createLeakSearch({
  marks: new Map(),
  secrets: [
    ...SECRETS,
    { name: "a resource token of fabrikam-member", value: OTHER_TOKEN, owner: "member:fabrikam" },
  ],
  exceptions: knownExceptions(ACCOUNT_KEY),
});
const isClean = (text: string, context: SearchContext) => search(text, context).length === 0;

describe("issueResourceTokens", () => {
  const answer = (tokens: readonly string[], rest: object = {}, field = "issueResourceTokens") =>
    JSON.stringify({
      data: { [field]: tokens.map((token) => ({ container: "orders", token })), ...rest },
    });

  test("hands a token to the Cosmos user that owns it", () => {
    expect(isClean(answer([RESOURCE_TOKEN]), TO_CONTOSO)).toBe(true);
    expect(isClean(answer([]), TO_CONTOSO)).toBe(true);
  });

  test("hands it to no other, nor another's beside it", () => {
    const toFabrikam = { ...TO_CONTOSO, cosmosUser: "member:fabrikam" };
    expect(isClean(answer([RESOURCE_TOKEN]), toFabrikam)).toBe(false);
    expect(isClean(answer([RESOURCE_TOKEN, OTHER_TOKEN]), TO_CONTOSO)).toBe(false);
    const { cosmosUser: _, ...toNobody } = TO_CONTOSO;
    expect(isClean(answer([RESOURCE_TOKEN]), toNobody)).toBe(false);
  });

  test("is the only field, with `token` the only property, and the answer the only place", () => {
    expect(isClean(answer([RESOURCE_TOKEN], {}, "orders"), TO_CONTOSO)).toBe(false);
    expect(isClean(answer([RESOURCE_TOKEN], { order: RESOURCE_TOKEN }), TO_CONTOSO)).toBe(false);
    expect(isClean(answer([], { order: { token: RESOURCE_TOKEN } }), TO_CONTOSO)).toBe(false);
    const asContainer = JSON.stringify({
      data: { issueResourceTokens: [{ container: RESOURCE_TOKEN, token: "x" }] },
    });
    expect(isClean(asContainer, TO_CONTOSO)).toBe(false);
    expect(isClean(`{"orders":1,${answer([RESOURCE_TOKEN]).slice(1)}`, TO_CONTOSO)).toBe(true);
    for (const where of ["log", "header"] as const) {
      expect(isClean(answer([RESOURCE_TOKEN]), { ...TO_CONTOSO, where })).toBe(false);
    }
  });

  test("hands out a token once: a second time in the same answer is a leak", () => {
    const twice = JSON.stringify({
      data: { issueResourceTokens: [{ token: RESOURCE_TOKEN }] },
      extensions: { issueResourceTokens: 1, token: RESOURCE_TOKEN },
    });
    expect(isClean(twice, TO_CONTOSO)).toBe(false);
  });

  test("hands out nothing but resource tokens", () => {
    expect(isClean(answer([ACCOUNT_KEY]), TO_CONTOSO)).toBe(false);
    expect(isClean(answer([BEARER_TOKEN]), TO_CONTOSO)).toBe(false);
  });
});

describe("the emulator's key", () => {
  const none = new Set<string>();
  const line = `\nAccount key: ${ACCOUNT_KEY}\n`;

  test("stands in the line of its start, once, and in no log", () => {
    expect(
      isClean(`Cosmos DB emulator at x${line}`, { mayCarry: none, where: "start message" }),
    ).toBe(true);
    expect(isClean(line + line, { mayCarry: none, where: "start message" })).toBe(false);
    expect(isClean(`key: ${ACCOUNT_KEY}`, { mayCarry: none, where: "start message" })).toBe(false);
    expect(isClean(line, { mayCarry: none, where: "log" })).toBe(false);
  });

  test("stands once in docs/emulator.md, and on no other page", () => {
    const page = readFileSync(resolve(ROOT, "docs/emulator.md"), "utf8");
    const [publicKey = ""] = /[A-Za-z0-9+/]{86}==/.exec(page) ?? [];
    const search = createLeakSearch({
      marks: new Map(),
      secrets: [{ name: "the public key", value: publicKey }],
      exceptions: knownExceptions(publicKey),
    });
    const leaks = (path: string, text = page) =>
      search.search(text, { mayCarry: none, where: "document", path }).length;
    expect(leaks("docs/emulator.md")).toBe(0);
    expect(leaks("docs/errors.md")).toBe(1);
    expect(leaks("docs/emulator.md", page + publicKey)).toBe(1);
  });
});

describe("the development issuer", () => {
  const issuer: SearchContext = { mayCarry: new Set(), where: "development issuer" };
  const answer = JSON.stringify({ bearerToken: BEARER_TOKEN });

  test("answers a bearer token and nothing beside it, on its own route alone", () => {
    expect(isClean(answer, issuer)).toBe(true);
    expect(isClean(answer, TO_CONTOSO)).toBe(false);
    expect(isClean(answer, { ...issuer, where: "log" })).toBe(false);
    expect(isClean(JSON.stringify({ bearerToken: RESOURCE_TOKEN }), issuer)).toBe(false);
    expect(isClean(JSON.stringify({ bearerToken: BEARER_TOKEN, also: 1 }), issuer)).toBe(false);
  });
});
