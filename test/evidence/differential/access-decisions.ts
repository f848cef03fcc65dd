import { createAccessResolver } from "../../../src/access/resolve-access.ts";
import type { Caller } from "../../../src/auth/caller.ts";
import type { ProfileConfig } from "../../../src/config/config.ts";
import { GatewayError } from "../../../src/gateway-error.ts";
import type { accessOf } from "../../model/access.ts";
import type { Claims, Profile } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { anyClaims, anyProfiles } from "./any-profiles.ts";
import type { Decision, DecisionStream } from "./decision-stream.ts";

const DATABASE = "shop";
const CALLERS_A_CONFIGURATION = 12;

/**
 * What a caller is to Cosmos DB: the model's word beside the gateway's own resolver. Within one
 * configuration, the callers' user ids are also held against each other: two callers that differ in
 * a claim of the template must not become one user.
 */
export function createAccessDecisions(model: typeof accessOf): DecisionStream {
  let round: Round | undefined;
  return {
    name: "callers to access",
    kinds: ["authenticated", "anonymous"],
    decide: async (random) => {
      if (round === undefined || round.left === 0) {
        const profiles = anyProfiles(random);
        // The configuration's `when` is required; the model's profiles leave an empty one out.
        const configured = profiles.map((profile) => ({ when: {}, ...profile })) as ProfileConfig[];
        round = {
          profiles,
          resolve: createAccessResolver(configured, { database: DATABASE }),
          owners: new Map(),
          left: CALLERS_A_CONFIGURATION,
        };
      }
      round.left -= 1;
      return decideOne(model, round, random);
    },
  };
}

interface Round {
  readonly profiles: readonly Profile[];
  readonly resolve: ReturnType<typeof createAccessResolver>;
  /** User ids, and the claims that gave them. */
  readonly owners: Map<string, string>;
  left: number;
}

function decideOne(model: typeof accessOf, round: Round, random: Random): Decision {
  const claims = random.chance(0.1) ? undefined : anyClaims(random);
  const expected = modelAccess(model, round.profiles, claims);
  const observed = gatewayAccess(round, claims);
  return {
    kind: claims === undefined ? "anonymous" : "authenticated",
    expected,
    observed: observed.text,
    outcome: observed.outcome,
    describe: () => ({ profiles: round.profiles, claims }),
  };
}

function modelAccess(
  model: typeof accessOf,
  profiles: readonly Profile[],
  claims: Claims | undefined,
): string {
  const access = model(profiles, claims, DATABASE);
  return "refused" in access ? "refused" : accessText(access);
}

interface Shown {
  readonly profile: string;
  readonly cosmosUser: string;
  readonly permissions: readonly {
    readonly container: string;
    readonly partitionKey?: unknown;
    readonly item?: unknown;
    readonly mode: string;
  }[];
}

/** With the names in one order, so that equal ones are equal texts. */
function accessText({ profile, cosmosUser, permissions }: Shown): string {
  return JSON.stringify([
    profile,
    cosmosUser,
    permissions.map(({ container, partitionKey, item, mode }) => [
      container,
      partitionKey === undefined ? "no key" : partitionKey,
      item === undefined ? "no item" : [item],
      mode,
    ]),
  ]);
}

function gatewayAccess(
  { profiles, resolve, owners }: Round,
  claims: Claims | undefined,
): { readonly text: string; readonly outcome: string } {
  const caller: Caller =
    claims === undefined
      ? { kind: "anonymous" }
      : { kind: "authenticated", issuer: "issuer", subject: "subject", claims };
  try {
    const { profile, cosmosUserId, wantedPermissions } = resolve(caller);
    const owner = claimsOf(profiles, profile, claims);
    const known = owners.get(cosmosUserId);
    owners.set(cosmosUserId, owner);
    if (known !== undefined && known !== owner) {
      return {
        text: `one user id ${cosmosUserId} of ${known} and of ${owner}`,
        outcome: "allowed",
      };
    }
    const access = { profile, cosmosUser: cosmosUserId, permissions: wantedPermissions };
    return { text: accessText(access), outcome: "allowed" };
  } catch (error) {
    if (error instanceof GatewayError && error.code === "NO_ACCESS_PROFILE") {
      return { text: "refused", outcome: "refused" };
    }
    throw error;
  }
}

/** The profile and the claims that its user's template names, with their JSON types. */
function claimsOf(profiles: readonly Profile[], name: string, claims: Claims | undefined): string {
  const { cosmosUser = "" } = profiles.find((profile) => profile.name === name) ?? {};
  const names = cosmosUser.replaceAll("{{", "").match(/\{[^{}]+\}/g) ?? [];
  return JSON.stringify([name, ...names.map((claim) => claims?.[claim.slice(1, -1)])]);
}
