import { describe, expect, test } from "vitest";
import { checkIssuerMix } from "../../src/config/check-issuer-mix.ts";
import { profileSchema } from "../../src/config/config-schema.ts";

function faultyPlaces(profiles: readonly object[], issuerCount: number) {
  const placed = profiles.map((profile, index) => ({ index, value: profileSchema.parse(profile) }));
  return checkIssuerMix(placed, issuerCount).map(({ path }) => path.join("."));
}

const BY_SUBJECT = { name: "a", cosmosUser: "a:{tid}:{sub}" };

describe("with several issuers", () => {
  test("a user id that two of them could give to different callers is refused", () => {
    expect(faultyPlaces([BY_SUBJECT], 2)).toEqual(["profiles.0.cosmosUser"]);
  });

  test("a user id that shows the issuer is fine, and so is a profile of one issuer", () => {
    const profiles = [
      { name: "a", cosmosUser: "a:{iss}:{sub}" },
      { ...BY_SUBJECT, when: { iss: "https://login.example.com/", roles: "member" } },
    ];
    expect(faultyPlaces(profiles, 2)).toEqual([]);
  });

  test("a user that all callers of a profile share, on purpose, is fine", () => {
    const profiles = [
      { name: "a", cosmosUser: "a:everyone" },
      { name: "b", when: "anonymous", cosmosUser: "b:nobody" },
    ];
    expect(faultyPlaces(profiles, 3)).toEqual([]);
  });
});

test("with one issuer, any user id is that issuer's", () => {
  expect(faultyPlaces([BY_SUBJECT], 1)).toEqual([]);
});
