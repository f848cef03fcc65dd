import { createMetadataCache } from "../../../src/cosmos/metadata-cache.ts";
import { GatewayError } from "../../../src/gateway-error.ts";
import type { ItemOperations } from "../../../src/items/item-operations.ts";
import type { ItemRequest } from "../../../src/items/item-request.ts";
import { createScopedItems } from "../../../src/items/scoped-items.ts";
import { Secret } from "../../../src/secret.ts";
import type { GrantScope } from "../../../src/tokens/grant-scope.ts";
import type { verdictOf } from "../../model/verdict.ts";
import type { Random } from "../random.ts";
import { type AccountInProcess, openAccountInProcess } from "./account-in-process.ts";
import { anyItemRequest, anyScopes, LEVELS } from "./any-grants.ts";
import type { Decision, DecisionStream } from "./decision-stream.ts";
import { passesAs } from "./grant-decisions.ts";
import { createInProcessClient } from "./in-process-client.ts";

const HOUR_MS = 3_600_000;

/**
 * Whole item operations: the gateway's scoped client and the SDK, sent to the emulator's parts
 * without a network between them. The model says whether any of the user's grants lets the request
 * pass; what happened is read from the verdicts on the requests for items that were sent.
 */
export function createScopedDecisions(verdict: typeof verdictOf): DecisionStream {
  const account = openAccountInProcess();
  const client = createInProcessClient(account);
  const clock = { nowMs: () => Date.now() };
  const openItems = createScopedItems({
    endpoint: "http://cosmos.test/",
    database: "shop",
    httpClient: client,
    metadata: createMetadataCache(clock),
    clock,
    renew: () => Promise.reject(new Error("No grant is spent here.")),
  });
  const tokenOf = createTokens(account);

  const observe = async (
    request: ItemRequest,
    scopes: readonly GrantScope[],
    random: Random,
  ): Promise<string> => {
    client.forgetVerdicts();
    const access = { profile: "test", cosmosUserId: "user", wantedPermissions: [] };
    const items = openItems(access, {
      cosmosUserId: "user",
      grants: scopes.map((scope) => ({ scope, resourceToken: tokenOf(scope) })),
      expiresAtMs: Number.MAX_SAFE_INTEGER,
    });
    const code = await operate(items, request, random).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof GatewayError) {
          return error.code;
        }
        throw error;
      },
    );
    return whatHappened(request, client.itemVerdicts(), code);
  };

  return {
    name: "item operations of a scoped client",
    kinds: ["read", "change", "create", "batch", "query"],
    decide: async (random) => {
      const request = anyItemRequest(random);
      const scopes = anyScopes(request, random);
      const passes = scopes.some((scope) => passesAs(verdict, scope, request, LEVELS));
      const observed = await observe(request, scopes, random);
      const decision: Decision = {
        kind: request.kind,
        expected: passes ? "allowed" : "refused",
        observed,
        outcome: observed,
        describe: () => ({ request, scopes }),
      };
      return decision;
    },
  };
}

function whatHappened(
  { kind }: ItemRequest,
  verdicts: readonly string[],
  code: string | undefined,
): string {
  const last = verdicts.at(-1) ?? "403";
  // A query of a part of the key may be refused under a grant on that part, and sent once more.
  const earlier = kind === "query" ? ["403", last] : [last];
  if (!verdicts.every((verdict) => earlier.includes(verdict))) {
    return `verdicts ${verdicts.join(", ")}`;
  }
  const isRefused = code === "FORBIDDEN";
  return isRefused === (last === "403")
    ? last.replace("403", "refused")
    : `verdict ${last}, and the answer is ${code}`;
}

/** Sealed once for each scope. */
function createTokens({ sealer }: AccountInProcess): (scope: GrantScope) => Secret {
  const sealed = new Map<string, Secret>();
  const nowMs = Date.now();
  return ({ permissionId, container, partitionKey, item, mode }) => {
    const key = JSON.stringify([permissionId, container, partitionKey ?? {}, item, mode]);
    const link = `dbs/shop/colls/${container}`;
    const token =
      sealed.get(key) ??
      new Secret(
        sealer.seal({
          userRid: "rid",
          userId: "user",
          permissionId,
          mode,
          resource: item === undefined ? link : `${link}/docs/${item}`,
          ...(partitionKey === undefined ? {} : { partitionKey }),
          startMs: nowMs - HOUR_MS,
          expiryMs: nowMs + 24 * HOUR_MS,
        }),
      );
    sealed.set(key, token);
    return token;
  };
}

const QUERY = { query: "SELECT * FROM c", parameters: [] };

/** One of the operations of a kind. What becomes of the item is not looked at. */
function operate(
  items: ItemOperations,
  { kind, container, item: id = "3", partitionKey = [] }: ItemRequest,
  random: Random,
): Promise<unknown> {
  const body = bodyOf(container, id, partitionKey);
  switch (kind) {
    case "read":
      return items.read(container, id, partitionKey);
    case "change":
      switch (random.int(0, 2)) {
        case 0:
          return items.replace(container, id, body, partitionKey);
        case 1:
          return items.delete(container, id, partitionKey);
        default:
          return items.patch(
            container,
            id,
            [{ op: "set", path: ["rank"], value: 1 }],
            partitionKey,
          );
      }
    case "create":
      return random.chance(0.5)
        ? items.create(container, body, partitionKey)
        : items.upsert(container, body, partitionKey);
    case "batch":
      return items.batch(container, [{ kind: "upsert", body }], partitionKey);
    case "query":
      return items.query(container, QUERY, partitionKey.length === 0 ? undefined : partitionKey, {
        limit: 10,
      });
  }
}

function bodyOf(container: string, id: string, [tenantId, userId]: readonly unknown[]) {
  return container === "orders" ? { id, tenantId } : { id, tenantId, userId };
}
