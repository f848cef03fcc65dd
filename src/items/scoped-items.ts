import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Container, ItemDefinition, SqlQuerySpec } from "@azure/cosmos";
import type { Access } from "../access/access.ts";
import type { Clock } from "../clock.ts";
import type { MetadataCache } from "../cosmos/metadata-cache.ts";
import type { PartitionKey } from "../cosmos/partition-key.ts";
import { GatewayError } from "../gateway-error.ts";
import { type CosmosUserGrants, scopesOf } from "../tokens/grant.ts";
import type { Admission } from "./admission.ts";
import { requireItemId, requirePartitionKey, toAccessCondition } from "./item-arguments.ts";
import type {
  Item,
  ItemBody,
  ItemOperations,
  SqlQuery,
  WriteCondition,
} from "./item-operations.ts";
import type { ItemRequest } from "./item-request.ts";
import { PartitionsMovedError } from "./partitions-moved-error.ts";
import { toPatchBodies } from "./patch-request.ts";
import { readRowPage } from "./read-row-page.ts";
import { runBatch, runLongPatch } from "./run-batch.ts";
import { createScopedRunner, type ScopedRunner } from "./run-scoped.ts";
import {
  PARTITION_KEY_HEADER,
  PARTITION_KEY_RANGE_HEADER,
  partitionKeyHeaderOf,
} from "./scoped-client.ts";
import { createSession, type Session } from "./session.ts";
import { translateCosmosError } from "./translate-cosmos-error.ts";

export interface ScopedItemsOptions {
  readonly endpoint: string;
  readonly database: string;
  /** What carries the requests: shared by all callers. */
  readonly httpClient: HttpClient;
  /** What is known of the account and its containers: one for the process. */
  readonly metadata: MetadataCache;
  readonly clock: Clock;
  /** Other grants for the caller than `stale`, which Cosmos DB refused or whose end has come. */
  readonly renew: (
    access: Access,
    stale: CosmosUserGrants,
    signal: AbortSignal,
  ) => Promise<CosmosUserGrants>;
  /** Decides when requests for items may be sent: one for the process. Default: at once. */
  readonly admission?: Admission;
}

/**
 * Opens the items of one caller for one request. `signal` is aborted at the request's deadline and
 * when its client leaves, `session` is what the caller has seen so far; without it, the request's
 * operations see each other's writes. `onAnswered` and `onEnd` call back when the response was made,
 * and when it was sent: until then its answers count as memory in use.
 */
export type OpenItems = (
  access: Access,
  grants: CosmosUserGrants,
  options?: {
    readonly signal?: AbortSignal;
    readonly session?: Session;
    readonly onAnswered?: (callback: () => void) => void;
    readonly onEnd?: (callback: () => void) => void;
  },
) => ItemOperations;

/** Rows asked for in one page, at most. Cosmos DB ends a page at 4 MB, whatever is asked for. */
const MAX_PAGE_ROWS = 1000;

/**
 * Rounds of the SDK without a row and without a request, one after the other, after which it is
 * taken to be stuck: see `unmergedQueryPlan`. A few are nothing unusual.
 */
const MAX_IDLE_ROUNDS = 1000;

/** How often a query of the physical partitions begins anew because one of them was split. */
const MAX_ATTEMPTS = 3;

/**
 * Builds what every request's items share: connections, and the account's and containers' metadata,
 * read once for the process. Whatever else an operation needs is its own, so that nothing can be
 * mixed up between callers.
 */
export function createScopedItems(shared: ScopedItemsOptions): OpenItems {
  return (access, grants, { signal, session = createSession(), onAnswered, onEnd } = {}) => {
    const { admission: processAdmission, ...rest } = shared;
    const admission = processAdmission?.open(access.cosmosUserId);
    if (admission !== undefined) {
      onAnswered?.(admission.finish);
      onEnd?.(admission.end);
    }
    const runner = createScopedRunner({
      ...rest,
      grants,
      renew: (stale, renewSignal) => shared.renew(access, stale, renewSignal),
      signal,
      session,
      ...(admission !== undefined && { admission }),
    });

    return {
      cosmosUserId: access.cosmosUserId,
      get cost() {
        return runner.cost;
      },
      get grants() {
        return scopesOf(runner.grants);
      },
      grantsOn: (container) =>
        scopesOf(runner.grants).filter((scope) => scope.container === container),

      read: async (container, id, partitionKey) => {
        const request = itemRequest("read", container, id, partitionKey);
        return runner.run(request, async (scoped, abortSignal) => {
          const answer = await pointAt(scoped, request).read<Item>({ abortSignal });
          // The SDK returns a 404. One with a substatus is about more than the item.
          if (answer.statusCode === 404 && answer.substatus) {
            throw translateCosmosError({ code: 404, substatus: answer.substatus }, request);
          }
          return answer.resource;
        });
      },

      query: async <Row>(
        container: string,
        query: SqlQuery,
        partitionKey: PartitionKey | undefined,
        { limit, isUnmerged = false }: { readonly limit: number; readonly isUnmerged?: boolean },
      ) => {
        if (partitionKey !== undefined) {
          requirePartitionKey(partitionKey);
        }
        return queryRows<Row>(
          runner,
          queryRequest(
            container,
            query,
            partitionKey === undefined ? { isUnmerged } : { partitionKey },
          ),
          query,
          limit,
        );
      },

      inPhysicalPartitions: async (container, read) => {
        for (let attempt = 1; ; attempt += 1) {
          const ids = await readPartitionKeyRangeIds(runner, container);
          try {
            return await Promise.all(
              ids.map((partitionKeyRangeId) =>
                read((query, { limit }) =>
                  queryRows(
                    runner,
                    queryRequest(container, query, { partitionKeyRangeId }),
                    query,
                    limit,
                  ),
                ),
              ),
            );
          } catch (error) {
            if (!(error instanceof PartitionsMovedError) || attempt === MAX_ATTEMPTS) {
              throw error;
            }
          }
        }
      },

      queryPage: async <Row>(
        container: string,
        query: SqlQuery,
        partitionKey: PartitionKey,
        { limit, continuation }: { readonly limit: number; readonly continuation?: string },
      ) => {
        requirePartitionKey(partitionKey);
        const request = queryRequest(container, query, { partitionKey });
        return runner.run(request, (scoped, abortSignal) =>
          readRowPage<Row>({
            container: scoped,
            query: toQuerySpec(query),
            options: { abortSignal, ...inPartition(request) },
            limit,
            maxPageRows: MAX_PAGE_ROWS,
            continuation,
          }),
        );
      },

      create: async (container, body, partitionKey) => {
        requireItemId(body.id);
        const request = containerRequest("create", container, partitionKey);
        return runner.run(request, async (scoped, abortSignal) => {
          const { resource } = await scoped.items.create<ItemDefinition>(
            { ...body },
            { abortSignal, ...inPartition(request) },
          );
          return resource as Item; // Cosmos DB answers the stored item, system properties included
        });
      },

      upsert: async (container, body, partitionKey, condition) => {
        requireItemId(body.id);
        if (condition?.ifMatch !== undefined) {
          const change = itemRequest("change", container, body.id, partitionKey);
          return replaceItem(runner, { ...change, isUpsert: true }, body, condition);
        }
        const request = containerRequest("create", container, partitionKey);
        return runner.run(request, async (scoped, abortSignal) => {
          const { resource } = await scoped.items.upsert<ItemDefinition>(
            { ...body },
            { abortSignal, ...inPartition(request) },
          );
          return resource as unknown as Item; // as above; the SDK's type has no system properties
        });
      },

      replace: async (container, id, body, partitionKey, condition) => {
        requireItemId(body.id);
        const request = itemRequest("change", container, id, partitionKey);
        return replaceItem(runner, request, body, condition);
      },

      delete: async (container, id, partitionKey, condition) => {
        const request = itemRequest("change", container, id, partitionKey);
        const options = toAccessCondition(condition);
        await runner.run(request, (scoped, abortSignal) =>
          pointAt(scoped, request).delete({ abortSignal, ...options }),
        );
      },

      patch: async (container, id, operations, partitionKey, condition = {}) => {
        const request = {
          ...itemRequest("change", container, id, partitionKey),
          hasCondition: condition.condition !== undefined,
        };
        const [body, ...others] = toPatchBodies(operations, condition.condition);
        if (body === undefined || others.length > 0) {
          return runLongPatch(runner, { ...request, operations, condition });
        }
        const options = toAccessCondition(condition);
        return runner.run(request, async (scoped, abortSignal) => {
          const { resource } = await pointAt(scoped, request).patch<ItemDefinition>(body, {
            abortSignal,
            ...options,
          });
          return resource as Item; // as above
        });
      },

      batch: async (container, operations, partitionKey) =>
        runBatch(runner, {
          container,
          partitionKey: requirePartitionKey(partitionKey),
          operations,
        }),
    };
  };
}

function replaceItem(
  runner: ScopedRunner,
  request: PointRequest,
  body: ItemBody,
  condition: WriteCondition | undefined,
): Promise<Item> {
  const options = toAccessCondition(condition);
  return runner.run(request, async (scoped, abortSignal) => {
    const { resource } = await pointAt(scoped, request).replace<ItemDefinition>(
      { ...body },
      { abortSignal, ...options },
    );
    return resource as Item; // Cosmos DB answers the stored item, system properties included
  });
}

function queryRequest(
  container: string,
  { orderBy }: SqlQuery,
  place: Pick<ItemRequest, "isUnmerged" | "partitionKey" | "partitionKeyRangeId">,
): ItemRequest {
  return { kind: "query", container, ...place, ...(orderBy !== undefined && { orderBy }) };
}

/** Rows up to `limit`, page by page. */
function queryRows<Row>(
  runner: ScopedRunner,
  request: ItemRequest,
  query: SqlQuery,
  limit: number,
): Promise<readonly Row[]> {
  return runner.run(request, async (scoped, abortSignal) => {
    const pages = scoped.items.query<Row>(toQuerySpec(query), {
      maxItemCount: Math.min(limit, MAX_PAGE_ROWS),
      abortSignal,
      ...inPartition(request),
      // Or else the query would first be sent without a plan, and refused.
      ...(request.isUnmerged === true && { forceQueryPlan: true }),
    });
    const rows: Row[] = [];
    let idleRounds = 0;
    while (rows.length < limit && pages.hasMoreResults()) {
      const { requests } = runner.cost;
      const { resources = [] } = await pages.fetchNext();
      rows.push(...resources);
      const isIdle = resources.length === 0 && runner.cost.requests === requests;
      idleRounds = isIdle ? idleRounds + 1 : 0;
      if (idleRounds > MAX_IDLE_ROUNDS) {
        throw stuckQuery(request);
      }
    }
    return rows.slice(0, limit);
  });
}

/** The ids of a container's physical partitions: from memory, once the process has read them. */
function readPartitionKeyRangeIds(
  runner: ScopedRunner,
  container: string,
): Promise<readonly string[]> {
  return runner.run({ kind: "query", container }, async (scoped, abortSignal) => {
    const { resources } = await scoped.readPartitionKeyRanges({ abortSignal }).fetchAll();
    return resources.map(({ id }) => id);
  });
}

function stuckQuery({ container }: ItemRequest): GatewayError {
  return new GatewayError(
    "UPSTREAM_UNAVAILABLE",
    "What the partitions answer can't be put together. Query them one by one.",
    { logReason: `the SDK is stuck in a query across container ${container}` },
  );
}

interface PointRequest extends ItemRequest {
  readonly item: string;
  readonly partitionKey: PartitionKey;
}

function itemRequest(
  kind: "read" | "change",
  container: string,
  id: string,
  partitionKey: PartitionKey,
): PointRequest {
  return {
    kind,
    container,
    item: requireItemId(id),
    partitionKey: requirePartitionKey(partitionKey),
  };
}

function containerRequest(
  kind: "create",
  container: string,
  partitionKey: PartitionKey,
): ItemRequest {
  return { kind, container, partitionKey: requirePartitionKey(partitionKey) };
}

function pointAt(container: Container, { item, partitionKey }: PointRequest) {
  return container.item(item, [...partitionKey]);
}

/**
 * Puts the partition key into the headers at once. Or else the SDK would take a write's from the
 * item, so that an item of another partition went there instead of being refused, and would ask
 * for a query's plan without one.
 */
function inPartition(request: ItemRequest) {
  if (request.partitionKeyRangeId !== undefined) {
    return { initialHeaders: { [PARTITION_KEY_RANGE_HEADER]: request.partitionKeyRangeId } };
  }
  const header = partitionKeyHeaderOf(request);
  return header === undefined || request.partitionKey === undefined
    ? {}
    : {
        partitionKey: [...request.partitionKey],
        initialHeaders: { [PARTITION_KEY_HEADER]: header },
      };
}

function toQuerySpec({ query, parameters }: SqlQuery): SqlQuerySpec {
  // Values are JSON by contract; the SDK's own JSON type can't be named from outside.
  return { query, parameters: parameters as NonNullable<SqlQuerySpec["parameters"]> };
}
