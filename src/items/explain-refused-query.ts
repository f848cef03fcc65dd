import type { Container } from "@azure/cosmos";
import type { ResourceScope } from "../cosmos/resource-scope.ts";
import { GatewayError } from "../gateway-error.ts";
import type { ItemRequest } from "./item-request.ts";
import { isOnOuterLevels, PrefixQueryError } from "./prefix-query-error.ts";
import { isSpentToken, translateCosmosError } from "./translate-cosmos-error.ts";

/**
 * The error itself, or a `PrefixQueryError` in its place if Cosmos DB refused a query for the
 * levels that the permission leaves out. How many levels there are, the container's definition
 * tells, which is in memory as a rule.
 */
export async function explainRefusedQuery(
  error: unknown,
  request: ItemRequest,
  { scope, container }: { readonly scope: ResourceScope; readonly container: Container },
): Promise<unknown> {
  const mayBePrefix =
    request.kind === "query" &&
    scope.partitionKey !== undefined &&
    !(error instanceof GatewayError) &&
    !isSpentToken(error);
  if (!mayBePrefix) {
    return error;
  }
  const refusal = translateCosmosError(error, request);
  return refusal.code === "FORBIDDEN" && isOnOuterLevels(scope, await levelsOf(container))
    ? new PrefixQueryError(refusal.logReason)
    : error;
}

/**
 * Levels of the container's partition key; 1 if that can't be read, as without a hierarchical key.
 */
async function levelsOf(container: Container): Promise<number> {
  try {
    const { resource } = await container.read();
    return resource?.partitionKey?.paths.length ?? 1;
  } catch {
    return 1;
  }
}
