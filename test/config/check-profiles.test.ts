import { describe, expect, test } from "vitest";
import { checkProfiles } from "../../src/config/check-profiles.ts";
import { formatConfigPath } from "../../src/config/config-fault.ts";
import { profileSchema } from "../../src/config/config-schema.ts";

function check(profiles: readonly object[], provision: "auto" | "existing" = "auto") {
  const placed = profiles.map((profile, index) => ({ index, value: profileSchema.parse(profile) }));
  return checkProfiles(placed, provision).map(
    ({ path, expected }) => `${formatConfigPath(path)}: ${expected}`,
  );
}

const OWN_ORDERS = { container: "orders", partitionKey: ["{sub}"], mode: "All" };
const OWN_ORDERS_READ = { ...OWN_ORDERS, mode: "Read" };

describe("profiles", () => {
  test("whose users each want one set of permissions are fine", () => {
    expect(
      check([
        { name: "a", cosmosUser: "a:{tid}:{sub}", permissions: [OWN_ORDERS] },
        { name: "b", cosmosUser: "b:{sub}", permissions: [OWN_ORDERS_READ] },
        { name: "c", when: "anonymous", cosmosUser: "c:everyone" },
      ]),
    ).toEqual([]);
  });

  test("have different names", () => {
    expect(
      check([
        { name: "a", cosmosUser: "a:{sub}" },
        { name: "b", cosmosUser: "b:{sub}" },
        { name: "a", cosmosUser: "a:{sub}" },
      ]),
    ).toEqual(["profiles[2].name: a name that profiles[0] doesn't have"]);
  });

  test("put their name and a colon before their user ids, if those are made for them", () => {
    for (const cosmosUser of ["{sub}", "a{sub}", "b:{sub}", "A:{sub}"]) {
      expect(check([{ name: "a", cosmosUser }])).toEqual([
        expect.stringContaining('profiles[0].cosmosUser: a template that starts with "a:"'),
      ]);
      expect(check([{ name: "a", cosmosUser }], "existing")).toEqual([]);
    }
  });

  test.each(["auto", "existing"] as const)(
    "use no claim that the user id doesn't show (provision: %s)",
    (provision) => {
      const permissions = [
        { container: "orders", partitionKey: ["x", "{tid}"], mode: "Read" },
        { container: "orders", item: "cart-{cart}-{tid}", mode: "Read" },
      ];
      expect(check([{ name: "a", cosmosUser: "a:{sub}", permissions }], provision)).toEqual([
        expect.stringMatching(
          /^profiles\[0\]\.permissions\[0\]\.partitionKey\[1\]: .*only in \{tid\}/,
        ),
        expect.stringMatching(
          /^profiles\[0\]\.permissions\[1\]\.item: .*only in \{cart\}, \{tid\}/,
        ),
      ]);
    },
  );

  test("ask once for a permission", () => {
    const permissions = [
      OWN_ORDERS,
      { ...OWN_ORDERS, partitionKey: ["{sub}", 1] },
      OWN_ORDERS_READ,
    ];
    expect(check([{ name: "a", cosmosUser: "a:{sub}", permissions }])).toEqual([
      expect.stringContaining("profiles[0].permissions[2]: another container"),
    ]);
  });

  test("tell partition keys of different JSON types and items apart", () => {
    const permissions = [
      { container: "c", mode: "Read" },
      { container: "c", partitionKey: ["1"], mode: "Read" },
      { container: "c", partitionKey: [1], mode: "Read" },
      { container: "c", partitionKey: [null], mode: "Read" },
      { container: "c", item: "1", mode: "Read" },
      { container: "c", item: "1", partitionKey: ["1"], mode: "Read" },
    ];
    expect(check([{ name: "a", cosmosUser: "a:x", permissions }])).toEqual([]);
  });

  test("for the anonymous caller have no claims", () => {
    expect(check([{ name: "a", when: "anonymous", cosmosUser: "a:{sub}" }])).toEqual([
      expect.stringContaining("the anonymous caller has none"),
    ]);
  });

  test("that can be one user want the same permissions", () => {
    const [first, second] = [
      {
        name: "a",
        cosmosUser: "{sub}",
        permissions: [OWN_ORDERS, { container: "p", mode: "Read" }],
      },
      {
        name: "b",
        cosmosUser: "{sub}",
        permissions: [{ container: "p", mode: "Read" }, OWN_ORDERS],
      },
    ];
    expect(check([first, second], "existing")).toEqual([]);
    expect(check([first, { ...second, permissions: [OWN_ORDERS_READ] }], "existing")).toEqual([
      expect.stringContaining(
        'profiles[1].cosmosUser: a template that never gives a user id of profile "a"',
      ),
    ]);
    expect(
      check(
        [first, { ...second, cosmosUser: "{tid}/{sub}".replace("/", ":"), permissions: [] }],
        "existing",
      ),
    ).toHaveLength(1);
  });
});
