import type { z } from "zod";
import { linkFault } from "../cosmos/id-rules.ts";
import { checkIssuerMix } from "./check-issuer-mix.ts";
import { type CheckedIssuers, checkIssuers } from "./check-issuers.ts";
import { checkProfiles } from "./check-profiles.ts";
import {
  cosmosSchema,
  issuerSchema,
  limitsSchema,
  profileSchema,
  tokensSchema,
} from "./config-schema.ts";
import { valueAt } from "./describe-found.ts";
import type { ValueFault } from "./describe-shape-faults.ts";
import { checkTokenTimes } from "./token-times.ts";

/**
 * Checks what concerns several values at once. Works on the parts of the tree that have their right
 * shape, so that a wrong port doesn't hide two contradicting profiles.
 *
 * @param unresolved values whose variables are missing: nothing is known of the parts that hold
 * them.
 */
export function checkTogether(
  tree: unknown,
  source: Parameters<typeof checkIssuers>[1],
  unresolved: readonly Pick<ValueFault, "path">[] = [],
): CheckedIssuers {
  const isKnown = (place: readonly PropertyKey[]) =>
    !unresolved.some(({ path }) => place.every((step, index) => path[index] === step));
  const placedIssuers = wellShaped(tree, ["auth", "issuers"], issuerSchema, isKnown);
  const issuers = checkIssuers(placedIssuers, source);
  const profiles = wellShaped(tree, ["profiles"], profileSchema, isKnown);
  const tokens = tokensSchema.safeParse(valueAt(tree, ["tokens"]) ?? {}).data;
  const provision = valueAt(tree, ["tokens", "provision"]) === "existing" ? "existing" : "auto";
  return {
    issuers: issuers.issuers,
    faults: [
      ...issuers.faults,
      ...checkProfiles(profiles, provision),
      ...checkIssuerMix(profiles, placedIssuers.length),
      ...(tokens === undefined ? [] : checkTokenTimes(tokens)),
      ...checkPageSize(tree),
      ...(isKnown(["cosmos", "database"]) ? checkLinks(tree, profiles) : []),
    ],
  };
}

/** The entries of a list that are known, and fine each by itself, with their places. */
function wellShaped<T extends z.ZodType>(
  tree: unknown,
  path: readonly PropertyKey[],
  schema: T,
  isKnown: (place: readonly PropertyKey[]) => boolean,
): readonly { readonly index: number; readonly value: z.output<T> }[] {
  const list = valueAt(tree, path);
  return (Array.isArray(list) ? list : []).flatMap((entry: unknown, index) => {
    const parsed = schema.safeParse(entry);
    return parsed.success && isKnown([...path, index]) ? [{ index, value: parsed.data }] : [];
  });
}

function checkPageSize(tree: unknown): readonly ValueFault[] {
  const pageSize = limitsSchema.safeParse(valueAt(tree, ["limits"]) ?? {}).data?.pageSize;
  return pageSize === undefined || pageSize.default <= pageSize.max
    ? []
    : [
        {
          path: ["limits", "pageSize", "default"],
          expected: `at most limits.pageSize.max, ${pageSize.max}`,
          found: String(pageSize.default),
        },
      ];
}

function checkLinks(
  tree: unknown,
  profiles: Parameters<typeof checkProfiles>[0],
): readonly ValueFault[] {
  const database = cosmosSchema.shape.database.safeParse(
    valueAt(tree, ["cosmos", "database"]),
  ).data;
  return database === undefined
    ? []
    : profiles.flatMap(({ index, value: { permissions } }) =>
        permissions.flatMap(({ container }, place) => {
          const fault = linkFault(database, container);
          return fault === undefined
            ? []
            : [
                {
                  path: ["profiles", index, "permissions", place, "container"],
                  expected: `a shorter name: ${fault}`,
                },
              ];
        }),
      );
}
