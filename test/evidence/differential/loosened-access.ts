import type { Access } from "../../model/access.ts";
import type { Json, Permission } from "../../model/terms.ts";
import type { LoosenedRule } from "./loosened-rule.ts";
import type { Model } from "./run-decisions.ts";

/** The access of other profiles or claims, or another access. */
const withAccess = (
  change: (...given: Parameters<Model["accessOf"]>) => Parameters<Model["accessOf"]>,
  then: (access: Access) => Access = (access) => access,
): LoosenedRule["loosen"] => {
  return (model) => ({
    ...model,
    accessOf: (...given) => {
      const access = model.accessOf(...change(...given));
      return "refused" in access ? access : then(access);
    },
  });
};

/** Rules of what a caller is to Cosmos DB, each loosened by itself. */
export const LOOSENED_ACCESS: readonly LoosenedRule[] = [
  {
    name: "every profile fits",
    stream: "access",
    loosen: withAccess((profiles, ...rest) => [
      profiles.map((profile) =>
        profile.when === "anonymous" ? profile : { ...profile, when: {} },
      ),
      ...rest,
    ]),
  },
  {
    name: "who has not signed in is anyone",
    stream: "access",
    loosen: withAccess((profiles, claims, ...rest) => [profiles, claims ?? {}, ...rest]),
  },
  {
    name: "a later profile is tried",
    stream: "access",
    loosen: (model) => ({
      ...model,
      accessOf: (profiles, ...rest) =>
        profiles
          .map((profile) => model.accessOf([profile], ...rest))
          .find((access) => !("refused" in access)) ?? { refused: [] },
    }),
  },
  {
    name: "a number is its text",
    stream: "access",
    loosen: withAccess((profiles, claims, ...rest) => [
      profiles,
      claims === undefined
        ? claims
        : Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asText(value)])),
      ...rest,
    ]),
  },
  {
    name: "ids hold claims as they are",
    stream: "access",
    loosen: withAccess(
      (...given) => given,
      (access) => ({ ...access, cosmosUser: access.cosmosUser.replaceAll("%3A", ":") }),
    ),
  },
  {
    name: "every permission is All",
    stream: "access",
    loosen: withAccess(
      (...given) => given,
      (access) => ({
        ...access,
        permissions: access.permissions.map((one): Permission => ({ ...one, mode: "All" })),
      }),
    ),
  },
  {
    name: "a link has no length",
    stream: "access",
    loosen: withAccess((profiles, claims) => [profiles, claims]),
  },
];

function asText(value: Json): Json {
  return typeof value === "number" ? String(value) : value;
}
