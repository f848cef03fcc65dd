import { GatewayError } from "../../../src/gateway-error.ts";
import { chooseGrant } from "../../../src/items/choose-grant.ts";
import type { ItemRequest } from "../../../src/items/item-request.ts";
import { Secret } from "../../../src/secret.ts";
import type { Grant } from "../../../src/tokens/grant.ts";
import type { GrantScope } from "../../../src/tokens/grant-scope.ts";
import type { verdictOf } from "../../model/verdict.ts";
import type { Random } from "../random.ts";
import { anyItemRequest, anyScopes, asCosmosRequest } from "./any-grants.ts";
import type { Decision, DecisionStream } from "./decision-stream.ts";

/** The token of any grant will do: what is chosen is seen from its scope. */
const TOKEN = new Secret("no token");

/**
 * Which of a user's grants an operation is sent with: the gateway's choice beside the model's
 * verdict on each grant. Where one passes, one that passes must be chosen. Where none does, either
 * none is chosen, or one that Cosmos DB refuses for its mode or its levels: never one for another
 * place.
 */
export function createGrantDecisions(verdict: typeof verdictOf): DecisionStream {
  return {
    name: "grants to an operation",
    kinds: ["read", "change", "create", "batch", "query"],
    decide: async (random) => decideOne(verdict, random),
  };
}

function decideOne(verdict: typeof verdictOf, random: Random): Decision {
  const request = anyItemRequest(random);
  const scopes = anyScopes(request, random);
  const chosen = choose(scopes, request);
  const passes = (scope: GrantScope) => passesAs(verdict, scope, request, asManyAs(request));
  const expected = scopes.some(passes) ? "allowed" : "refused";
  const observed =
    chosen === undefined
      ? "refused"
      : passes(chosen)
        ? "allowed"
        : // What no permission can be refused for: its mode and its levels
          passesAs(verdict, { ...chosen, mode: "All" }, request, {})
          ? "refused"
          : `a grant for another place: ${chosen.permissionId}`;
  return {
    kind: request.kind,
    expected,
    observed,
    outcome: observed,
    describe: () => ({ request, scopes, chosen }),
  };
}

/**
 * The choice knows no container's levels: a query of a part of the key is tried with a grant on
 * that part, and what comes of it is what the decisions of the scoped client are about.
 */
function asManyAs({ container, partitionKey }: ItemRequest): Readonly<Record<string, number>> {
  return { [container]: partitionKey?.length ?? 0 };
}

function choose(scopes: readonly GrantScope[], request: ItemRequest): GrantScope | undefined {
  const grants = scopes.map((scope): Grant => ({ scope, resourceToken: TOKEN }));
  try {
    return chooseGrant(grants, request).scope;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "FORBIDDEN") {
      return undefined;
    }
    throw error;
  }
}

/** Whether the model lets an operation pass that shows the token of a grant. */
export function passesAs(
  verdict: typeof verdictOf,
  { container, partitionKey, item, mode }: GrantScope,
  request: ItemRequest,
  levels: Readonly<Record<string, number>>,
): boolean {
  const link = `dbs/shop/colls/${container}`;
  const token = {
    resource: item === undefined ? link : `${link}/docs/${item}`,
    ...(partitionKey === undefined ? {} : { partitionKey }),
    mode,
    startMs: 0,
    expiryMs: 0,
  };
  const circumstances = { nowMs: 0, levelsOf: (name: string) => levels[name] };
  return verdict(token, asCosmosRequest(request), circumstances) === "allowed";
}
