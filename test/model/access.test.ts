import { describe, expect, test } from "vitest";
import { accessOf } from "./access.ts";
import type { Claims, Profile } from "./terms.ts";

/** The example of DESIGN 5. */
const PROFILES: readonly Profile[] = [
  {
    name: "manager",
    when: { roles: "manager" },
    cosmosUser: "manager:{tid}",
    permissions: [
      { container: "orders", partitionKey: ["{tid}"], mode: "All" },
      { container: "products", mode: "Read" },
    ],
  },
  {
    name: "member",
    when: { roles: "member" },
    cosmosUser: "member:{tid}:{sub}",
    permissions: [{ container: "carts", partitionKey: ["{sub}"], mode: "All" }],
  },
];

/** The user id that a template makes. */
function userOf(cosmosUser: string, claims: Claims): string | undefined {
  const access = accessOf([{ name: "p", cosmosUser, permissions: [] }], claims);
  return "refused" in access ? undefined : access.cosmosUser;
}

describe("access", () => {
  test("is the first profile that fits, its templates filled with claims", () => {
    expect(accessOf(PROFILES, { roles: ["member", "manager"], tid: "contoso" })).toEqual({
      profile: "manager",
      cosmosUser: "manager:contoso",
      permissions: [
        { container: "orders", partitionKey: ["contoso"], mode: "All" },
        { container: "products", mode: "Read" },
      ],
    });
    expect(accessOf(PROFILES, { roles: "member", tid: "contoso", sub: "ann" })).toMatchObject({
      profile: "member",
      cosmosUser: "member:contoso:ann",
    });
  });

  test.each<[string, Claims]>([
    ["without the claim", {}],
    ["with another role", { roles: "managers", tid: "contoso" }],
    ["with a role in another form", { roles: { manager: true }, tid: "contoso" }],
    ["with a claim missing", { roles: "manager" }],
    ["with an empty claim", { roles: "manager", tid: "" }],
    ["with a list for a claim", { roles: "manager", tid: ["contoso"] }],
    ["with a claim that is true", { roles: "manager", tid: true }],
    ["with an id that is too long", { roles: "manager", tid: "t".repeat(248) }],
  ])("is refused %s", (_, claims) => {
    expect(accessOf(PROFILES, claims)).toEqual({ refused: [expect.any(String)] });
  });

  test("is not that of a later profile where the first can't be filled", () => {
    const claims = { roles: ["manager", "member"], sub: "ann" };
    expect(accessOf(PROFILES, claims)).toEqual({ refused: [expect.stringContaining("manager")] });
  });

  test("is for anonymous callers by a profile of theirs alone", () => {
    const guest: Profile = {
      name: "guest",
      when: "anonymous",
      cosmosUser: "guest:all",
      permissions: [],
    };
    const everyone: Profile = { name: "everyone", cosmosUser: "everyone:all", permissions: [] };
    expect(accessOf([everyone, guest], undefined)).toMatchObject({ profile: "guest" });
    expect(accessOf([guest, everyone], {})).toMatchObject({ profile: "everyone" });
    expect(accessOf([everyone], undefined)).toHaveProperty("refused");
  });

  test("names a partition or an item once, with All if any permission says so", () => {
    const twice: Profile = {
      name: "p",
      cosmosUser: "p:{tid}",
      permissions: [
        { container: "orders", partitionKey: ["{tid}"], mode: "All" },
        { container: "orders", partitionKey: ["contoso"], mode: "Read" },
        { container: "orders", item: "contoso", mode: "Read" },
      ],
    };
    expect(accessOf([twice], { tid: "contoso" })).toHaveProperty("permissions", [
      { container: "orders", partitionKey: ["contoso"], mode: "All" },
      { container: "orders", item: "contoso", mode: "Read" },
    ]);
  });
});

describe("a claim in an id (DESIGN 5)", () => {
  test.each([
    ["{sub}", "someone@contoso.com", "someone@contoso.com"],
    ["u:{sub}", "50%", "u:50%25"],
    ["u:{sub}", "a/b\\c?d#e", "u:a%2Fb%5Cc%3Fd%23e"],
    ["{sub}:{tid}", "a:b", "a%3Ab:t"],
    ["u:{sub}", "a:b", "u:a:b"],
    ["u:{sub}", "a ", "u:a%20"],
    ["{sub}", "..", ".%2E"],
    ["{sub}{{", "a{b", "a%7Bb{"],
    ["u:{sub}", 1, "u:%n1"],
    ["u:{sub}", "1", "u:1"],
  ])("in %s, %j gives %s", (template, sub, expected) => {
    expect(userOf(template, { sub, tid: "t" })).toBe(expected);
  });

  test("gives two ids for two callers, wherever the text between claims stands", () => {
    const ids = [
      { tid: "a:b", sub: "c" },
      { tid: "a", sub: "b:c" },
      { tid: "a%3Ab", sub: "c" },
    ].map((claims) => userOf("u:{tid}:{sub}", claims));
    expect(new Set(ids).size).toBe(3);
  });
});

describe("a claim in a partition key (DESIGN 5)", () => {
  function keyOf(level: string, claims: Claims) {
    const access = accessOf(
      [
        {
          name: "p",
          cosmosUser: "p",
          permissions: [{ container: "c", partitionKey: [level], mode: "Read" }],
        },
      ],
      claims,
    );
    return "refused" in access ? undefined : access.permissions[0]?.partitionKey;
  }

  test("keeps its JSON type where it stands alone", () => {
    expect(keyOf("{tid}", { tid: 1 })).toEqual([1]);
    expect(keyOf("{tid}", { tid: "1" })).toEqual(["1"]);
    expect(keyOf("{tid}", { tid: false })).toEqual([false]);
    expect(keyOf("{tid}", { tid: "a/b%c" })).toEqual(["a/b%c"]);
  });

  test("is text beside other text", () => {
    expect(keyOf("t-{tid}", { tid: 1 })).toEqual(["t-%n1"]);
    expect(keyOf("t-{tid}", { tid: "a/b%" })).toEqual(["t-a/b%25"]);
    expect(keyOf("t-{tid}", { tid: true })).toBeUndefined();
  });
});
