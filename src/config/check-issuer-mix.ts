import { claimsOf, parseClaimTemplate } from "../templates/claim-template.ts";
import type { PlacedProfile } from "./check-profiles.ts";
import type { ValueFault } from "./describe-shape-faults.ts";

/**
 * Profiles that would make one Cosmos DB user of two people. A claim such as `sub` is unique within
 * its issuer alone. With several issuers, a person who can choose a claim at one of them could
 * become a caller of another.
 */
export function checkIssuerMix(
  profiles: readonly PlacedProfile[],
  issuerCount: number,
): readonly ValueFault[] {
  return issuerCount < 2
    ? []
    : profiles.flatMap(({ index, value: { when, cosmosUser } }) => {
        const claims = claimsOf(parseClaimTemplate(cosmosUser));
        const isOfOneIssuer = when !== "anonymous" && Object.hasOwn(when, "iss");
        return claims.length === 0 || claims.includes("iss") || isOfOneIssuer
          ? []
          : [
              {
                path: ["profiles", index, "cosmosUser"],
                expected: `a template that names {iss} too, or a \`when\` with the claim \`iss\`: auth.issuers has ${issuerCount} issuers, and two of them may give different callers the same ${claims.map((claim) => `{${claim}}`).join(", ")}`,
              },
            ];
      });
}
