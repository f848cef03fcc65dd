import { claimsOf, parseClaimTemplate } from "../templates/claim-template.ts";
import type { PlacedProfile } from "./check-profiles.ts";
import type { ValueFault } from "./describe-shape-faults.ts";

/**
 * What of the profiles would make one Cosmos DB user of two people. What an issuer writes into `sub`
 * and other claims is unique with that issuer alone: with several, whoever can choose a claim at one
 * of them could become a caller of another.
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
