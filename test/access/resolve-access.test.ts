import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAccessResolver } from "../../src/access/resolve-access.ts";
import type { Caller } from "../../src/auth/caller.ts";
import type { ProfileConfig } from "../../src/config/config.ts";
import { GatewayError } from "../../src/gateway-error.ts";
import { anyCharacter } from "../any-character.ts";
import { propertyRuns } from "../property-runs.ts";

const PROFILES: readonly ProfileConfig[] = [
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
    when: { roles: "member", level: 2 },
    cosmosUser: "member:{tid}:{sub}",
    permissions: [
      { container: "orders", partitionKey: ["{tid}", "{sub}"], mode: "Read" },
      { container: "profiles", item: "profile-{sub}", partitionKey: ["{tid}"], mode: "All" },
    ],
  },
  { name: "guest", when: "anonymous", cosmosUser: "guest:all", permissions: [] },
  { name: "all", when: {}, cosmosUser: "all:{sub}", permissions: [] },
];

function caller(claims: Record<string, unknown>): Caller {
  return { kind: "authenticated", issuer: "i", subject: "s", claims: { sub: "s", ...claims } };
}

function refusal(profiles: readonly ProfileConfig[], who: Caller): GatewayError {
  try {
    createAccessResolver(profiles)(who);
  } catch (error) {
    if (error instanceof GatewayError) {
      return error;
    }
    throw error;
  }
  throw new Error("It was not refused.");
}

describe("the access of a caller", () => {
  const resolve = createAccessResolver(PROFILES);

  test("is the first profile that fits, with its permissions filled in", () => {
    const access = resolve(caller({ roles: ["member", "manager"], level: 2, tid: "contoso" }));
    expect(access).toEqual({
      profile: "manager",
      cosmosUserId: "manager:contoso",
      wantedPermissions: [
        {
          permissionId: expect.stringMatching(/^gateway-orders-partition-[0-9a-f]{64}$/),
          container: "orders",
          partitionKey: ["contoso"],
          mode: "All",
        },
        {
          permissionId: expect.stringMatching(/^gateway-products-container-[0-9a-f]{64}$/),
          container: "products",
          mode: "Read",
        },
      ],
    });
  });

  test("takes hierarchical partition keys and items", () => {
    const access = resolve(caller({ roles: "member", level: 2, tid: 7 }));
    expect(access.cosmosUserId).toBe("member:%n7:s");
    expect(access.wantedPermissions).toMatchObject([
      { partitionKey: [7, "s"] },
      { partitionKey: [7], item: "profile-s" },
    ]);
  });

  test("needs every claim of `when`, with its JSON type", () => {
    expect(resolve(caller({ roles: ["member"], level: "2", tid: "c" })).profile).toBe("all");
    expect(resolve(caller({ roles: ["member"], tid: "c" })).profile).toBe("all");
    expect(resolve(caller({ roles: "managers" })).profile).toBe("all");
    expect(resolve(caller({ roles: [["manager"]] })).profile).toBe("all");
  });

  test("looks at a caller's own claims only", () => {
    const claims = Object.create({ roles: "manager", tid: "contoso" });
    claims.sub = "s";
    expect(resolve({ kind: "authenticated", issuer: "i", subject: "s", claims }).profile).toBe(
      "all",
    );
  });

  test("of the anonymous caller comes from an anonymous profile alone", () => {
    expect(resolve({ kind: "anonymous" }).cosmosUserId).toBe("guest:all");
    const withoutGuest = PROFILES.filter(({ name }) => name !== "guest");
    const error = refusal(withoutGuest, { kind: "anonymous" });
    expect(error.code).toBe("NO_ACCESS_PROFILE");
    expect(error.logReason).toBe('no profile has `when: "anonymous"`');
    const onlyGuest = PROFILES.filter(({ name }) => name === "guest");
    const forSignedIn = refusal(onlyGuest, caller({}));
    expect(forSignedIn.code).toBe("NO_ACCESS_PROFILE");
    expect(forSignedIn.logReason).toBe("no profile fits the caller's claims");
  });

  test("of the anonymous caller can take no claims, for there are none", () => {
    const guest: ProfileConfig = {
      name: "guest",
      when: "anonymous",
      cosmosUser: "guest:{sub}",
      permissions: [],
    };
    expect(refusal([guest], { kind: "anonymous" }).logReason).toBe(
      'profile "guest" fits, but claim "sub" is missing',
    );
  });

  test("is refused, with every reason in the log alone, where the first fitting profile lacks claims", () => {
    const error = refusal(PROFILES, caller({ roles: "member", level: 2, sub: "" }));
    expect(error.code).toBe("NO_ACCESS_PROFILE");
    expect(error.message).toBe("You have no access here.");
    expect(error.logReason).toBe(
      'profile "member" fits, but claim "tid" is missing; claim "sub" is empty',
    );
  });

  test("is refused for one permission that can't be filled in, though the user id can", () => {
    const profile: ProfileConfig = {
      name: "p",
      when: {},
      cosmosUser: "p:{sub}",
      permissions: [{ container: "orders", partitionKey: ["{tid}"], mode: "Read" }],
    };
    const error = refusal([profile], caller({}));
    expect(error.code).toBe("NO_ACCESS_PROFILE");
    expect(error.logReason).toBe('profile "p" fits, but claim "tid" is missing');
  });

  test("is refused where the user id would be too long, and the reason says what is", () => {
    const profile: ProfileConfig = { name: "p", when: {}, cosmosUser: "p:{sub}", permissions: [] };
    expect(refusal([profile], caller({ sub: "a".repeat(254) })).logReason).toBe(
      'profile "p" fits, but the user id is 256 characters long; the most is 255',
    );
  });

  test("asks for one permission on one partition, with the wider mode", () => {
    const profile: ProfileConfig = {
      name: "p",
      when: {},
      cosmosUser: "p:{tid}",
      permissions: [
        { container: "orders", partitionKey: ["{tid}"], mode: "Read" },
        { container: "orders", partitionKey: ["contoso"], mode: "All" },
        { container: "carts", partitionKey: ["contoso"], mode: "All" },
        { container: "carts", partitionKey: ["{tid}"], mode: "Read" },
        { container: "orders", partitionKey: ["contoso"], item: "{tid}", mode: "Read" },
      ],
    };
    const access = createAccessResolver([profile])(caller({ tid: "contoso" }));
    expect(access.wantedPermissions).toMatchObject([
      { container: "orders", partitionKey: ["contoso"], mode: "All" },
      { container: "carts", partitionKey: ["contoso"], mode: "All" },
      { partitionKey: ["contoso"], item: "contoso", mode: "Read" },
    ]);
  });

  test("is refused where an item's link would be too long for a permission", () => {
    const profile: ProfileConfig = {
      name: "p",
      when: {},
      cosmosUser: "p:{sub}",
      permissions: [{ container: "carts", item: "{sub}", mode: "Read" }],
    };
    const bounded = createAccessResolver([profile], { database: "shop" });
    // dbs/shop/colls/carts/docs/ takes 26 of the 255 characters.
    expect(bounded(caller({ sub: "a".repeat(229) })).profile).toBe("p");
    expect(() => bounded(caller({ sub: "a".repeat(230) }))).toThrow(GatewayError);
  });

  test("can't be changed by who gets it, and is the same for the same caller", () => {
    const who = caller({ roles: "manager", tid: "contoso" });
    const access = resolve(who);
    expect(resolve(who)).toBe(access);
    expect(Object.isFrozen(access.wantedPermissions[0]?.partitionKey)).toBe(true);
  });

  test("is another Cosmos DB user for other claims or another profile", () => {
    const claim = fc.oneof(
      fc.string({ unit: fc.constantFrom(":", "%", "a", "m", "/", "2"), maxLength: 4 }),
      fc.string({ unit: anyCharacter }),
      fc.integer(),
    );
    const claims = fc.record({
      roles: fc.constantFrom("manager", "member", "other"),
      level: fc.constant(2),
      tid: claim,
      sub: claim,
    });
    fc.assert(
      fc.property(fc.array(claims, { minLength: 2, maxLength: 20 }), (callers) => {
        const identityOf = new Map<string, string>();
        for (const each of callers) {
          try {
            const { cosmosUserId, profile } = resolve(caller(each));
            const identity = JSON.stringify([
              profile,
              profile === "all" ? null : each.tid,
              profile === "manager" ? null : each.sub,
            ]);
            expect(identityOf.get(cosmosUserId) ?? identity).toBe(identity);
            identityOf.set(cosmosUserId, identity);
          } catch (error) {
            expect(error).toMatchObject({ code: "NO_ACCESS_PROFILE" });
          }
        }
      }),
      { numRuns: propertyRuns(500) },
    );
  });
});
