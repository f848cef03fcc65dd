import { isPartitionKeyPrefix } from "../cosmos/partition-key.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Grant } from "../tokens/grant.ts";
import type { GrantScope } from "../tokens/grant-scope.ts";
import type { ItemRequest } from "./item-request.ts";
import { isOnOuterLevels, PrefixQueryError } from "./prefix-query-error.ts";

/**
 * The narrowest of a Cosmos user's grants that covers a request: its item, then its partition (all
 * levels before a prefix of them), then the container; `Read` before `All` for what only reads.
 *
 * A write prefers a grant with mode `All`, but where only `Read` covers the place, the request goes
 * out with that: whether it may be written is Cosmos DB's decision, and its 403 is the answer.
 *
 * The rules are those by which Cosmos DB compares a resource token with a request: by the URL and
 * the partition-key header, never by the query's text. They only decide which token to show: what
 * it is good for, Cosmos DB decides.
 *
 * @throws GatewayError `FORBIDDEN` if none covers it, and then nothing is sent. It is a
 * `PrefixQueryError` if the request is for what Cosmos DB can't do yet.
 */
export function chooseGrant(grants: readonly Grant[], request: ItemRequest): Grant {
  const fitting = grants.filter(({ scope }) => covers(scope, request));
  const [narrowest] = fitting.sort(
    ({ scope: left }, { scope: right }) =>
      modeShortfall(left, request) - modeShortfall(right, request) ||
      breadth(left) - breadth(right) ||
      modeRank(left) - modeRank(right),
  );
  if (narrowest !== undefined) {
    return narrowest;
  }
  const logReason = `no grant for ${request.kind} in container ${request.container}`;
  throw isPrefixQuery(grants, request)
    ? new PrefixQueryError(logReason)
    : new GatewayError("FORBIDDEN", refusalText(grants, request), { logReason });
}

function refusalText(grants: readonly Grant[], request: ItemRequest): string {
  return request.kind === "batch" && grants.some(({ scope }) => isOnItem(scope, request))
    ? "Cosmos DB runs no transaction under a permission on a single item. A patch of more than ten operations is a transaction, too."
    : "This caller has no permission for that.";
}

function isOnItem({ container, item }: GrantScope, request: ItemRequest): boolean {
  return container === request.container && item !== undefined;
}

function covers(grant: GrantScope, request: ItemRequest): boolean {
  return (
    grant.container === request.container &&
    coversItem(grant, request) &&
    coversPartition(grant, request)
  );
}

/** A grant on an item is for that item's own URL: it can't create, upsert or query. */
function coversItem(grant: GrantScope, request: ItemRequest): boolean {
  return grant.item === undefined || grant.item === request.item;
}

function coversPartition(grant: GrantScope, { kind, partitionKey }: ItemRequest): boolean {
  if (grant.partitionKey === undefined) {
    return true;
  }
  if (partitionKey === undefined || !isPartitionKeyPrefix(grant.partitionKey, partitionKey)) {
    return false;
  }
  // The service's own fault: see `PrefixQueryError`.
  return kind !== "query" || !isOnOuterLevels(grant, partitionKey.length);
}

/**
 * True if it was only the service's fault with prefix permissions that left no grant: a read in
 * the same place, which is no query, has one.
 */
function isPrefixQuery(grants: readonly Grant[], request: ItemRequest): boolean {
  const asRead: ItemRequest = { ...request, kind: "read" };
  return grants.some(({ scope }) => covers(scope, asRead));
}

function breadth({ item, partitionKey }: GrantScope): number {
  // At most three levels, so a prefix is always narrower than the container.
  const levels = partitionKey?.length ?? 0;
  return (item === undefined ? 10 : 0) - levels;
}

/** 1 for a grant that Cosmos DB will refuse for its mode, 0 otherwise. */
function modeShortfall({ mode }: GrantScope, { kind }: ItemRequest): number {
  return mode === "All" || kind === "read" || kind === "query" ? 0 : 1;
}

function modeRank({ mode }: GrantScope): number {
  return mode === "Read" ? 0 : 1;
}
