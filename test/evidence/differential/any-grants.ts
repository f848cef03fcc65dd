import type { ItemRequest } from "../../../src/items/item-request.ts";
import type { GrantScope } from "../../../src/tokens/grant-scope.ts";
import type { KeyValue } from "../../model/terms.ts";
import type { CosmosRequest } from "../../model/verdict.ts";
import type { Random } from "../random.ts";

/** Levels of the partition key, by container. */
export const LEVELS: Readonly<Record<string, number>> = { orders: 1, documents: 2 };

const CONTAINERS = ["orders", "documents"];
const FIRST: readonly KeyValue[] = ["contoso", "contoso", "fabrikam", "1", 1, null, ""];
const SECOND: readonly KeyValue[] = ["ann", "ann", "bob"];
const IDS = ["1", "1", "2"];

/** What an operation asks for; a key may be a part of a hierarchical one only in a query. */
export function anyItemRequest(random: Random): ItemRequest {
  const container = random.pick(CONTAINERS);
  const kind = random.pick(["read", "change", "create", "batch", "query"] as const);
  const partitionKey = anyKey(container, kind === "query" && random.chance(0.2), random);
  if (kind === "read" || kind === "change") {
    return { kind, container, item: random.pick(IDS), partitionKey };
  }
  return kind === "query" && random.chance(0.3)
    ? { kind, container }
    : { kind, container, partitionKey };
}

function anyKey(container: string, isPrefix: boolean, random: Random): readonly KeyValue[] {
  const first = random.pick(FIRST);
  return container === "orders" || isPrefix ? [first] : [first, random.pick(SECOND)];
}

/** A Cosmos user's grants: none to five, often near what is asked for. */
export function anyScopes(request: ItemRequest, random: Random): readonly GrantScope[] {
  return Array.from({ length: random.int(0, 5) }, (_, at) => {
    const container = random.chance(0.75) ? request.container : random.pick(CONTAINERS);
    return {
      permissionId: `permission${at}`,
      container,
      ...(random.chance(0.75) ? { partitionKey: nearKey(container, request, random) } : {}),
      ...(random.chance(0.2) ? { item: random.pick(IDS) } : {}),
      mode: random.pick(["Read", "All"]),
      expiresAtMs: Number.MAX_SAFE_INTEGER,
    };
  });
}

function nearKey(container: string, { partitionKey }: ItemRequest, random: Random) {
  if (partitionKey === undefined || random.chance(0.4)) {
    return anyKey(container, random.chance(0.3), random);
  }
  return random.chance(0.3) ? partitionKey.slice(0, 1) : partitionKey;
}

/** The request to Cosmos DB that an operation comes to, in the model's words. */
export function asCosmosRequest({
  kind,
  container,
  item,
  partitionKey,
}: ItemRequest): CosmosRequest {
  const feed = ["dbs", "shop", "colls", container, "docs"];
  return {
    method: { read: "GET", change: "PUT", create: "POST", batch: "POST", query: "POST" }[kind],
    segments: item === undefined ? feed : [...feed, item],
    headers: {
      ...(partitionKey === undefined
        ? {}
        : { "x-ms-documentdb-partitionkey": JSON.stringify(partitionKey) }),
      ...(kind === "query" ? { "x-ms-documentdb-isquery": "true" } : {}),
      ...(kind === "batch"
        ? { "x-ms-cosmos-is-batch-request": "true", "x-ms-cosmos-batch-atomic": "true" }
        : {}),
    },
  };
}
