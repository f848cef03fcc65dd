import { isOfType } from "./matches.ts";
import type { Place } from "./places.ts";
import { Refusal } from "./refusal.ts";
import type { ModelType, Permission, Store, StoredItem } from "./terms.ts";
import { type CosmosRequest, verdictOf } from "./verdict.ts";

/** Who asks, and of what. */
export interface Scene {
  readonly permissions: readonly Permission[];
  readonly store: Store;
  readonly types: readonly ModelType[];
}

/** What an operation asks of Cosmos DB. `change`: replace, patch or delete of an item. */
export type Asked = "read" | "query" | "create" | "change" | "batch";

/**
 * Whether one of a caller's permissions makes a token with which the request passes.
 *
 * @param partitionKey what the request's header names; without levels, it has none.
 */
export function isAllowed(
  asked: Asked,
  permissions: readonly Permission[],
  { container, partitionKeyFields }: ModelType,
  partitionKey: Place,
  id = "",
): boolean {
  const request = requestOf(asked, container, partitionKey, id);
  const circumstances = { nowMs: 0, levelsOf: () => partitionKeyFields.length };
  return permissions.some(({ item, ...permission }) => {
    const link = `dbs/d/colls/${permission.container}`;
    const resource = item === undefined ? link : `${link}/docs/${item}`;
    const token = { ...permission, resource, startMs: 0, expiryMs: 0 };
    return verdictOf(token, request, circumstances) === "allowed";
  });
}

/** Method and headers; `read` and `change` are of an item, the others of the items' feed. */
const FORMS: Readonly<Record<Asked, readonly [string, Readonly<Record<string, string>>]>> = {
  read: ["GET", {}],
  change: ["PUT", {}],
  create: ["POST", {}],
  query: ["POST", { "x-ms-documentdb-isquery": "true" }],
  batch: ["POST", { "x-ms-cosmos-is-batch-request": "true", "x-ms-cosmos-batch-atomic": "true" }],
};

function requestOf(asked: Asked, container: string, key: Place, id: string): CosmosRequest {
  const [method, headers] = FORMS[asked];
  const keyHeader = { "x-ms-documentdb-partitionkey": JSON.stringify(key) };
  return {
    method,
    segments: ["dbs", "d", "colls", container, "docs", ...(method === "POST" ? [] : [id])],
    headers: key.length === 0 ? headers : { ...headers, ...keyHeader },
  };
}

/** Items of any type in a place, if Cosmos DB lets the caller query there. */
export function queried(type: ModelType, place: Place, scene: Scene): readonly StoredItem[] {
  if (!isAllowed("query", scene.permissions, type, place)) {
    throw new Refusal("FORBIDDEN");
  }
  return itemsIn(type, place, scene);
}

/** The type's own items of these ids: one id in one partition is a point read, others a query. */
export function itemsById(type: ModelType, place: Place, ids: readonly string[], scene: Scene) {
  const [id = ""] = ids;
  const isPoint = ids.length === 1 && place.length === type.partitionKeyFields.length;
  if (isPoint && !isAllowed("read", scene.permissions, type, place, id)) {
    throw new Refusal("FORBIDDEN");
  }
  const items = isPoint ? itemsIn(type, place, scene) : queried(type, place, scene);
  return items.filter(({ content }) => ids.includes(content.id) && isOfType(type, content));
}

function itemsIn(type: ModelType, place: Place, { store }: Scene): readonly StoredItem[] {
  return [...store.values()].filter(
    ({ container, partitionKey }) =>
      container === type.container && place.every((value, level) => value === partitionKey[level]),
  );
}

export function typeOf(name: string, { types }: Scene): ModelType {
  const type = types.find((candidate) => candidate.name === name);
  if (type === undefined) {
    throw new Error(`The model has no type ${name}.`);
  }
  return type;
}
