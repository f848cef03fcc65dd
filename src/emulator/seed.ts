import { performItemOperation } from "./items/item-operation.ts";
import type { JsonObject } from "./json.ts";
import { partitionKeyOf } from "./partition-keys/stored-partition-key.ts";
import { addContainer } from "./routes/container-routes.ts";
import { addDatabase } from "./routes/database-routes.ts";
import type { AccountStore } from "./store/account-store.ts";
import type { ContainerStore } from "./store/container-store.ts";
import { beginTransaction } from "./store/partition-transaction.ts";

/** A database to start with. */
export interface SeedDatabase {
  readonly id: string;
  readonly containers: readonly SeedContainer[];
}

/** A container to start with: the properties of a container definition, and its items. */
export interface SeedContainer {
  readonly id: string;
  readonly partitionKey: {
    /** One path, or up to three for a hierarchical key. */
    readonly paths: readonly string[];
    /** Default: by the number of paths. */
    readonly kind?: "Hash" | "MultiHash";
    /** Default 2. */
    readonly version?: 1 | 2;
  };
  /** Default: none. */
  readonly items?: readonly JsonObject[];
  readonly [definitionProperty: string]: unknown;
}

/**
 * Creates each database that is not there yet, with its containers and items.
 *
 * @throws CosmosError for what the service would refuse.
 */
export function seed(
  store: AccountStore,
  databases: readonly SeedDatabase[],
  partitionsPerContainer: number,
): void {
  for (const { id, containers } of databases) {
    if (store.databases.has(id)) {
      continue;
    }
    const database = addDatabase(store, id);
    for (const { items = [], ...definition } of containers) {
      const { partitionKey } = definition;
      // A seed is written in code: what it holds besides JSON would not survive a body either
      const body = JSON.parse(
        JSON.stringify({ ...definition, partitionKey: { version: 2, ...partitionKey } }),
      ) as JsonObject;
      const container = addContainer(store, database, body, { partitions: partitionsPerContainer });
      for (const item of items) {
        createItem(store, container, item);
      }
    }
  }
}

function createItem(store: AccountStore, container: ContainerStore, content: JsonObject): void {
  const key = partitionKeyOf(content, container.definition.partitionKeyPaths);
  const transaction = beginTransaction(container, key, store.clock);
  performItemOperation({ container, key, transaction }, { type: "Create", content });
  const change = transaction.commit();
  if (change !== undefined) {
    store.commit(change);
  }
}
