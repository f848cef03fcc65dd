import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownExceptions } from "./known-exceptions.ts";
import { createLeakSearch } from "./leak-search.ts";
import {
  ACCOUNT_KEY,
  BEARER_TOKEN,
  CONTOSO_MARK,
  FABRIKAM_MARK,
  MARKS,
  RESOURCE_TOKEN,
  SECRETS,
  TO_CONTOSO,
} from "./sample-secrets.ts";
import type { Place } from "./search-context.ts";

const { search } = createLeakSearch({
  marks: MARKS,
  secrets: SECRETS,
  exceptions: knownExceptions(ACCOUNT_KEY),
});

const ANOTHER_BEARER_TOKEN = ["header-0123", "claims-0123", "signature"]
  .map((part) => `eyJ${Buffer.from(part).toString("base64url")}`)
  .join(".");
const hex = (text: string) => Buffer.from(text).toString("hex");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const unicodeEscapes = (text: string) =>
  [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const percent = (text: string) =>
  [...text].map((one) => `%${one.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in upper case": (text) => text.toUpperCase(),
  "in the other case": (text) =>
    text.replace(/[a-z]/gi, (one) =>
      one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
    ),
  base64,
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 of a longer text": (text) => base64(`{"item":"${text}"}`),
  "base64 behind other characters": (text) => `x/${base64(text)}`,
  "base64 twice": (text) => base64(base64(text)),
  "what a URL takes": encodeURIComponent,
  "percent signs": percent,
  "percent signs twice": (text) => percent(text).replaceAll("%", "%25"),
  "escapes of JSON": unicodeEscapes,
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify({ text: unicodeEscapes(text) })),
  "entities of HTML": (text) => [...text].map((one) => `&#${one.charCodeAt(0)};`).join(""),
  hex,
  "hex in upper case": (text) => hex(text).toUpperCase(),
  "a shown buffer": (text) => inspect(Buffer.from(text), { maxStringLength: null }),
  "bytes with colons": (text) => hex(text).replaceAll(/..(?=.)/g, "$&:"),
  "a buffer in JSON": (text) => JSON.stringify(Buffer.from(text)),
  "base64 in escapes": (text) => unicodeEscapes(base64(text)),
  "percent signs in hex": (text) => hex(percent(text)),
};

describe("a text that leaves", () => {
  test.each(Object.keys(ENCODINGS))("is searched for what is written as %s", (name) => {
    const written = ENCODINGS[name] ?? ((text: string) => text);
    // A shown buffer is cut off after 50 bytes, so its beginning must do.
    const found = (text: string) =>
      search(`before ${written(text)} after`, TO_CONTOSO).map(
        (leak) => `${leak.kind} ${leak.name}`,
      );
    expect(found(FABRIKAM_MARK)).toContain("mark fabrikam");
    expect(found(ACCOUNT_KEY)).toContain("secret the account key");
    expect(found(BEARER_TOKEN)).toContain("secret a bearer token of contoso-member");
    expect(found(RESOURCE_TOKEN)).toContain("secret a resource token of contoso-member");
  });

  const places: readonly Place[] = ["answer", "header", "log", "metrics", "document"];
  test.each([...places, "start message", "development issuer"] as const)(
    "is searched where it is a %s",
    (where) => {
      const context = { mayCarry: new Set(["contoso"]), where };
      for (const secret of [FABRIKAM_MARK, ACCOUNT_KEY, BEARER_TOKEN, RESOURCE_TOKEN]) {
        const leaks = search(`{"text":"${secret}"}`, context);
        expect(leaks).not.toEqual([]);
        expect(leaks.every((leak) => leak.where === where)).toBe(true);
      }
    },
  );

  test("may carry the marks of its receiver, and no other", () => {
    const text = JSON.stringify([CONTOSO_MARK, FABRIKAM_MARK]);
    expect(search(JSON.stringify([CONTOSO_MARK]), TO_CONTOSO)).toEqual([]);
    expect(search(text, TO_CONTOSO)).toMatchObject([{ kind: "mark", name: "fabrikam" }]);
    const toBoth = { ...TO_CONTOSO, mayCarry: new Set(["contoso", "fabrikam"]) };
    expect(search(text, toBoth)).toEqual([]);
    expect(search(text, { ...TO_CONTOSO, mayCarry: new Set() })).toHaveLength(2);
  });

  test("names what it holds, where and how, and shows no more than a beginning of it", () => {
    expect(search(`Bearer ${base64(ACCOUNT_KEY)}`, { ...TO_CONTOSO, where: "log" })).toEqual([
      {
        kind: "secret",
        name: "the account key",
        where: "log",
        form: "base64",
        piece: ACCOUNT_KEY.toLowerCase().slice(0, 24),
      },
    ]);
  });
});

describe("pieces", () => {
  test("of 24 characters of a key or token are found, wherever they were cut out", () => {
    for (const secret of [ACCOUNT_KEY, BEARER_TOKEN, RESOURCE_TOKEN.slice(24)]) {
      for (let from = 0; from + 24 <= secret.length; from++) {
        const leaks = search(`cut: ${secret.slice(from, from + 24)}…`, TO_CONTOSO);
        expect(leaks.map(({ kind }) => kind)).toEqual(["secret"]);
      }
    }
  });

  test("of 12 characters of a mark are found", () => {
    for (let from = 0; from + 12 <= FABRIKAM_MARK.length; from++) {
      expect(search(FABRIKAM_MARK.slice(from, from + 12), TO_CONTOSO)).toHaveLength(1);
    }
    expect(search(FABRIKAM_MARK.slice(0, 11), TO_CONTOSO)).toEqual([]);
  });

  test("of a key's bytes are found in hex", () => {
    const bytes = Buffer.from(ACCOUNT_KEY, "base64").subarray(20, 50).toString("hex");
    expect(search(bytes, TO_CONTOSO)).toMatchObject([{ name: "the account key", form: "hex" }]);
  });
});

describe("tokens that nobody told of", () => {
  test.each([
    ["a bearer token", `token=${ANOTHER_BEARER_TOKEN}`],
    ["a resource token", "authorization: type%3Dresource%26ver%3D1%26sig%3DAbCd"],
    ["a resource token", "type=resource&ver=1.0&sig=x"],
    ["a signature of the account key", "type%3Dmaster%26ver%3D1.0%26sig%3DAbC%3D"],
  ])("are known by their shape: %s", (name, text) => {
    expect(search(text, TO_CONTOSO)).toMatchObject([{ kind: "shape", name }]);
  });

  test("are found for as long as they are remembered, and those of the owner's as well", () => {
    const keeping = createLeakSearch({
      marks: MARKS,
      secrets: [],
      exceptions: [],
      keptPassing: 10,
    });
    const textOf = (number: number) => `${number}`.padStart(8, "0").repeat(6);
    for (let number = 0; number < 25; number++) {
      keeping.addPassing({ name: `token ${number}`, value: textOf(number) });
    }
    const isKnown = (number: number) => keeping.search(textOf(number), TO_CONTOSO).length > 0;
    expect([24, 20, 15, 10].map(isKnown)).toEqual([true, true, true, true]);
    expect(isKnown(3)).toBe(false);
  });
});

test("harmless texts raise no alarm", () => {
  const item = fc.record({
    id: fc.uuid(),
    tenantId: fc.constantFrom("contoso", "tenant-17"),
    mark: fc.constant(CONTOSO_MARK),
    _etag: fc.uuid().map((uuid) => `"${uuid}"`),
    note: fc.oneof(
      fc.lorem(),
      fc.string({ unit: "binary" }),
      fc.webUrl({ withQueryParameters: true }),
    ),
  });
  const cursor = fc
    .uint8Array({ minLength: 40, maxLength: 90 })
    .map((bytes) => Buffer.from(bytes).toString("base64url"));
  const text = fc.oneof(
    fc.record({ nodes: fc.array(item), cursor }).map((data) => JSON.stringify({ data })),
    fc.json(),
    fc.string({ unit: "grapheme" }),
    fc.base64String({ minLength: 24, maxLength: 400 }),
    fc.mixedCase(fc.stringMatching(/^[0-9a-z]{22,60}$/)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("hex")),
    fc.webUrl({ withQueryParameters: true, withFragments: true }).map(encodeURIComponent),
    fc.constantFrom(
      "authorization: Bearer [secret]",
      "Send a bearer token: authorization: Bearer …, type=resource&ver=1&sig=…",
      BEARER_TOKEN.slice(3, 26),
      ACCOUNT_KEY.slice(0, 23),
    ),
  );
  fc.assert(
    fc.property(text, (harmless) => {
      expect(search(harmless, TO_CONTOSO)).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
});

test("a mark of another form, or a secret too short to be told from chance, is refused", () => {
  const withMark = (mark: string) =>
    createLeakSearch({ marks: new Map([[mark, "contoso"]]), secrets: [], exceptions: [] });
  expect(() => withMark("mk123")).toThrow(RangeError);
  const withSecret = (value: string) =>
    createLeakSearch({ marks: MARKS, secrets: [{ name: "short", value }], exceptions: [] });
  expect(() => withSecret("elevenchars")).toThrow(RangeError);
  expect(withSecret("twelve-chars").search("a twelve-chars b", TO_CONTOSO)).toHaveLength(1);
});
