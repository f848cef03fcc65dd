import fc from "fast-check";
import { expect, test } from "vitest";
import { createAccessResolver } from "../../src/access/resolve-access.ts";
import { GatewayError } from "../../src/gateway-error.ts";
import { type Access, accessOf } from "../model/access.ts";
import type { Claims, Json, KeyValue, Permission, Profile } from "../model/terms.ts";

const DATABASE = "shop";

const character = fc.constantFrom(
  ...["a", "B", "1", ":", "-", ".", " ", "%", "/", "\\", "?", "#", "{", "}", "n", "é", "東", "𝒳"],
  ...["\u0000", "\u007f", "\u2028", "\ud800", "'", '"', ","],
);
const shortText = fc
  .array(character, { minLength: 1, maxLength: 5 })
  .map((characters) => characters.join(""));
const text = fc.oneof(
  { arbitrary: shortText, weight: 8 },
  { arbitrary: fc.constantFrom("..", ".", "contoso", "1", "true", "%n1", "%2F", ""), weight: 4 },
  fc
    .tuple(character, fc.constantFrom(60, 120, 250, 255, 1000, 2048))
    .map(([one, count]) => one.repeat(count)),
);
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 2 ** 53, 2 ** 53 - 1, 1e21, 1e-7),
);
const scalar = fc.oneof({ arbitrary: text, weight: 4 }, number, fc.boolean());
const claim = fc.oneof(
  { arbitrary: scalar, weight: 20 },
  fc.constant(null),
  fc.array(scalar, { maxLength: 2 }),
  fc.record({ a: scalar }),
) as fc.Arbitrary<Json>;
const claims: fc.Arbitrary<Claims> = fc.record(
  { sub: claim, tid: claim, roles: fc.oneof(claim, fc.array(scalar)), "https://c/t": claim },
  { requiredKeys: ["sub", "tid"] },
) as fc.Arbitrary<Claims>;
const claimName = fc.oneof(
  { arbitrary: fc.constantFrom("sub", "tid"), weight: 8 },
  fc.constantFrom("roles", "https://c/t", "constructor"),
);

/** Literal text and placeholders, never two placeholders in a row. */
const literal = fc.oneof(
  { arbitrary: fc.constantFrom(":", "-", "a", "..", "%", "{", "1", "n:", "𝒳"), weight: 9 },
  shortText,
);
const template = fc.oneof(
  fc.constantFrom("{sub}", "{tid}:{sub}", "all", "{tid}.", "tenant-{tid}"),
  fc
    .tuple(literal, fc.array(fc.tuple(claimName, literal), { maxLength: 2 }), claimName)
    .map(
      ([start, parts, last]) =>
        `${braced(start)}${parts.map(([name, end]) => `{${name}}${braced(end)}`).join("")}{${last}}`,
    ),
);

function braced(plain: string): string {
  return plain.replaceAll("{", "{{").replaceAll("}", "}}");
}

const level: fc.Arbitrary<KeyValue> = fc.oneof(
  { arbitrary: template, weight: 4 },
  fc.constantFrom(null, 1, "1", true, "{tid}"),
);
const permission: fc.Arbitrary<Permission> = fc
  .record({
    container: fc.constantFrom("orders", "orders", "carts", "c".repeat(230)),
    scope: fc.oneof(
      fc.constant({}),
      fc.array(level, { minLength: 1, maxLength: 2 }).map((partitionKey) => ({ partitionKey })),
      template.map((item) => ({ item })),
    ),
    mode: fc.constantFrom("Read" as const, "All" as const),
  })
  .map(({ container, scope, mode }) => ({ container, ...scope, mode }));
const profile: fc.Arbitrary<Profile> = fc.record({
  name: fc.constantFrom("manager", "member", "guest"),
  when: fc.oneof(
    { arbitrary: fc.constant({}), weight: 4 },
    fc.constant("anonymous" as const),
    fc.dictionary(claimName, scalar, { maxKeys: 1 }),
    fc.constantFrom({ sub: 1 }, { sub: "1" }, { roles: "a" }, { tid: true }),
  ),
  cosmosUser: fc.oneof(
    template,
    template.map((end) => `member:${end}`),
  ),
  permissions: fc.array(permission, { maxLength: 2 }),
});

/** What the gateway says, in words of the model. */
function accessByGateway(profiles: readonly Profile[], given: Claims | undefined): Access | "no" {
  const resolve = createAccessResolver(
    profiles.map(({ when = {}, ...rest }) => ({ ...rest, when })),
    { database: DATABASE },
  );
  try {
    const { profile, cosmosUserId, wantedPermissions } = resolve(
      given === undefined
        ? { kind: "anonymous" }
        : { kind: "authenticated", issuer: "i", subject: "s", claims: given },
    );
    return {
      profile,
      cosmosUser: cosmosUserId,
      permissions: wantedPermissions.map(({ permissionId: _, ...rest }) => rest),
    };
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: "NO_ACCESS_PROFILE" });
    return "no";
  }
}

test("any profiles and claims give the access of the model, or none as there", () => {
  const seen = { access: 0, permissions: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.array(profile, { maxLength: 3 }),
      fc.option(claims, { nil: undefined, freq: 10 }),
      (profiles, given) => {
        const model = accessOf(profiles, given, DATABASE);
        seen["refused" in model ? "refused" : "access"] += 1;
        seen.permissions += "refused" in model ? 0 : model.permissions.length;
        expect(accessByGateway(profiles, given)).toEqual("refused" in model ? "no" : model);
      },
    ),
    { numRuns: 10_000 },
  );
  expect(seen.access).toBeGreaterThan(1000);
  expect(seen.permissions).toBeGreaterThan(1000);
  expect(seen.refused).toBeGreaterThan(1000);
});
