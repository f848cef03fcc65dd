import type { SqlQuerySpec } from "@azure/cosmos";
import type { PartitionKey } from "../cosmos/partition-key.ts";
import { inPartition } from "./in-partition.ts";
import { requirePartitionKey } from "./item-arguments.ts";
import type { Item, ItemOperations } from "./item-operations.ts";
import type { ItemRequest } from "./item-request.ts";
import { PartitionsMovedError } from "./partitions-moved-error.ts";
import { pointAt, pointRequest } from "./point-request.ts";
import { readRowPage, readRows } from "./read-rows.ts";
import type { ScopedRunner } from "./run-scoped.ts";
import type { SqlQuery } from "./sql/sql-query.ts";
import { translateCosmosError } from "./translate-cosmos-error.ts";

/** How often a query of the physical partitions begins anew because one of them was split. */
const MAX_ATTEMPTS = 3;

/** The operations that only read. */
export function createScopedReads(
  runner: ScopedRunner,
): Pick<ItemOperations, "read" | "query" | "inPhysicalPartitions" | "queryPage"> {
  return {
    read: async (container, id, partitionKey) => {
      const request = pointRequest("read", container, id, partitionKey);
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
      const place =
        partitionKey === undefined
          ? { isUnmerged }
          : { partitionKey: requirePartitionKey(partitionKey) };
      return runQuery<Row>(runner, queryRequest(container, query, place), query, limit);
    },

    inPhysicalPartitions: async (container, read) => {
      const readIn = (partitionKeyRangeId: string) =>
        read((query, { limit }) =>
          runQuery(runner, queryRequest(container, query, { partitionKeyRangeId }), query, limit),
        );
      for (let attempt = 1; ; attempt += 1) {
        const ids = await readPartitionKeyRangeIds(runner, container);
        try {
          return await Promise.all(ids.map(readIn));
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
          continuation,
        }),
      );
    },
  };
}

function queryRequest(
  container: string,
  { orderBy }: SqlQuery,
  place: Pick<ItemRequest, "isUnmerged" | "partitionKey" | "partitionKeyRangeId">,
): ItemRequest {
  return { kind: "query", container, ...place, ...(orderBy !== undefined && { orderBy }) };
}

function runQuery<Row>(
  runner: ScopedRunner,
  request: ItemRequest,
  query: SqlQuery,
  limit: number,
): Promise<readonly Row[]> {
  return runner.run(request, (scoped, abortSignal) =>
    readRows<Row>({
      container: scoped,
      query: toQuerySpec(query),
      options: {
        abortSignal,
        ...inPartition(request),
        // Or else the query would first be sent without a plan, and refused.
        ...(request.isUnmerged === true && { forceQueryPlan: true }),
      },
      limit,
      requestsSoFar: () => runner.cost.requests,
    }),
  );
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

function toQuerySpec({ query, parameters }: SqlQuery): SqlQuerySpec {
  // Values are JSON by contract; the SDK's own JSON type can't be named from outside.
  return { query, parameters: parameters as NonNullable<SqlQuerySpec["parameters"]> };
}
