import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest, CosmosResponse } from "../http/cosmos-request.ts";
import { pageSizeOf } from "../http/page-size.ts";
import { notImplemented } from "../http/refuse-unsupported.ts";
import { jsonResponse } from "../http/response.ts";
import { itemHeaders } from "../items/item-response.ts";
import { type ItemScope, itemSourceOf } from "../items/item-scan.ts";
import { rowsThatFit } from "../items/page-limit.ts";
import { measureSource, queryMetricsText } from "../items/query-metrics.ts";
import { readPosition, writePosition } from "../items/range-continuation.ts";
import { requireSession } from "../items/session-token.ts";
import type { Json } from "../json.ts";
import { feedCharge, METADATA_READ_CHARGE } from "../request-charge.ts";
import { isOn } from "../security/request-kind.ts";
import {
  type CompiledQuery,
  compileQuery,
  type ExecuteOptions,
  type QueryPage,
  type UserDefinedFunction,
} from "../sql/compile-query.ts";
import type { ItemSource } from "../sql/item-source.ts";
import { createQueryPlan, type QueryPlan } from "../sql/query-plan.ts";
import { type QueryText, readQuery } from "../sql/query-request.ts";
import type { ContainerStore } from "../store/container-store.ts";
import { requireContainer } from "./request-target.ts";
import { partitionsOf, requestedScopes } from "./requested-scopes.ts";
import type { RouteContext } from "./route-context.ts";

/** Answers a query over items: one page. */
export function queryItems(context: RouteContext): CosmosResponse {
  const { request } = context;
  const container = requireContainer(context);
  const text = readQuery(request);
  const startedMs = performance.now();
  const requested = requestedScopes(request, container);
  const isPart = namesPart(request, requested);
  const query = compileQuery(text.query, text.parameters, {
    // A plan's rewritten queries, besides what a plan takes
    aggregatePlaces: "rewritten",
    nowMs: context.store.clock.nowMs(),
    indexingPolicy: container.record.properties.indexingPolicy ?? null,
    userDefinedFunctions: refusedFunctions(container),
  });
  const compiledMs = performance.now();
  const scopes = isPart ? requested : servedScopes(requested, request, container, text);
  const partitions = scopes.flatMap((scope) => partitionsOf(container, scope));
  requireSession(request, partitions);
  const wantsMetrics = isOn(request, "x-ms-documentdb-populatequerymetrics");
  const page = executeOver(container, scopes, query, {
    maxItemCount: pageSizeOf(request),
    continuation: request.headers["x-ms-continuation"],
    measuresBytes: wantsMetrics,
  });
  return jsonResponse(
    200,
    feedCharge(page.itemsRead),
    { _rid: container.rid, Documents: page.rows, _count: page.rows.length },
    {
      ...itemHeaders(container, partitions),
      "x-ms-item-count": String(page.rows.length),
      ...(page.continuation === undefined ? {} : { "x-ms-continuation": page.continuation }),
      ...(wantsMetrics ? metricsHeader(page, startedMs, compiledMs) : {}),
    },
  );
}

function metricsHeader(
  { rows, itemsRead, bytesRead }: ScopedPage,
  startedMs: number,
  compiledMs: number,
): Readonly<Record<string, string>> {
  return {
    "x-ms-documentdb-query-metrics": queryMetricsText({
      totalMs: performance.now() - startedMs,
      compileMs: compiledMs - startedMs,
      retrievedItems: itemsRead,
      retrievedBytes: bytesRead,
      outputRows: rows.length,
      outputBytes: Buffer.byteLength(JSON.stringify(rows)),
    }),
  };
}

/** Answers with the query's plan and runs nothing. */
export function planQuery(context: RouteContext): CosmosResponse {
  const container = requireContainer(context);
  const supportedFeatures = context.request.headers["x-ms-cosmos-supported-query-features"];
  const plan = planOf(
    container,
    readQuery(context.request),
    supportedFeatures === undefined ? {} : { supportedFeatures },
  );
  return jsonResponse(200, METADATA_READ_CHARGE, plan);
}

/**
 * The container's user-defined functions: known by name, and refused when a query calls one.
 */
function refusedFunctions(
  container: ContainerStore,
): Readonly<Record<string, UserDefinedFunction>> {
  const ids = [...(container.scripts.get("udfs")?.keys() ?? [])];
  return Object.fromEntries(
    ids.map((id) => [
      id,
      () => {
        throw notImplemented(`Calling the user-defined function '${id}'`);
      },
    ]),
  );
}

function planOf(
  container: ContainerStore,
  { query, parameters }: QueryText,
  options: { readonly supportedFeatures?: string } = {},
): QueryPlan {
  return createQueryPlan(query, parameters, {
    ...options,
    indexingPolicy: container.record.properties.indexingPolicy ?? null,
    partitionKeyPaths: container.definition.partitionKey.paths,
    effectivePartitionKey: container.effectiveKey,
  });
}

/** Whether the request itself names a partition key or a range. */
function namesPart(request: CosmosRequest, scopes: readonly ItemScope[]): boolean {
  return (
    scopes[0]?.kind === "partitionKey" ||
    (request.headers["x-ms-documentdb-partitionkeyrangeid"] ?? "") !== ""
  );
}

/**
 * The parts of the container for a query that names none. The service's gateway runs it. It may
 * refuse to, it asks only the ranges that the query's plan needs, and it takes several ranges only
 * if the rows of each stand for themselves. For the rest the client must use the plan. Source:
 * "Querying resources using the REST API", cross-partition queries.
 */
function servedScopes(
  scopes: readonly ItemScope[],
  request: CosmosRequest,
  container: ContainerStore,
  text: QueryText,
): readonly ItemScope[] {
  if (!isOn(request, "x-ms-documentdb-query-enablecrosspartition")) {
    throw new CosmosError(
      400,
      "BadRequest",
      "Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to true, specify x-ms-documentdb-partitionkey, or revise your query to avoid this exception.",
    );
  }
  // On one partition, too: what no plan can serve is refused on any number of them
  const plan = planOf(container, text);
  if (scopes.length === 1) {
    return scopes;
  }
  const needed = scopes.filter((scope) => isNeeded(scope, plan));
  if (needed.length > 1 && !isStreamable(plan)) {
    throw new CosmosError(
      400,
      "BadRequest",
      "The provided cross partition query can not be directly served by the gateway. This is a first chance (internal) exception that all newer clients will know how to handle gracefully. This exception is traced, but unless you see it bubble up as an exception (which only happens on older SDK clients), then you can safely ignore this message.",
      { substatus: 1004, additionalErrorInfo: JSON.stringify(plan) },
    );
  }
  return needed;
}

/** True if a range of the plan meets the scope's part of the ring. */
function isNeeded(scope: ItemScope, { queryRanges }: QueryPlan): boolean {
  return (
    scope.kind === "partitionKey" ||
    queryRanges.some(({ min, max, isMaxInclusive }) => {
      const { minInclusive, maxExclusive } = scope.physical;
      return min < maxExclusive && (isMaxInclusive ? minInclusive <= max : minInclusive < max);
    })
  );
}

/** True if the rows of all ranges, one range after the other, are the query's rows. */
function isStreamable({ queryInfo }: QueryPlan): boolean {
  return (
    queryInfo.distinctType === "None" &&
    queryInfo.top === null &&
    queryInfo.offset === null &&
    queryInfo.limit === null &&
    queryInfo.orderBy.length === 0 &&
    queryInfo.groupByExpressions.length === 0 &&
    queryInfo.aggregates.length === 0 &&
    // Aggregates without VALUE stand here, with GROUP BY or without
    Object.keys(queryInfo.groupByAliasToAggregateType).length === 0 &&
    queryInfo.dCountInfo === null
  );
}

/**
 * One page of at most so many rows, and of no more than a page's bytes. `onRepeat` is told if it is
 * made anew.
 */
function executePage(
  query: CompiledQuery,
  source: ItemSource,
  options: ExecuteOptions,
  onRepeat?: () => void,
): QueryPage {
  const page = query.execute(source, options);
  const fitting = rowsThatFit(page.rows);
  if (fitting === page.rows.length) {
    return page;
  }
  // A continuation belongs to the end of a page, so a shorter page has to be made anew
  onRepeat?.();
  return query.execute(source, { ...options, maxItemCount: fitting });
}

/** A page over several parts of a container. */
interface ScopedPage extends QueryPage {
  /** Of the items read; 0 where nobody asked. */
  readonly bytesRead: number;
}

function executeOver(
  container: ContainerStore,
  scopes: readonly ItemScope[],
  query: CompiledQuery,
  options: {
    readonly maxItemCount: number;
    readonly continuation: string | undefined;
    readonly measuresBytes: boolean;
  },
): ScopedPage {
  let position = readPosition(options.continuation, scopes.length);
  const rows: Json[] = [];
  let itemsRead = 0;
  let bytesRead = 0;
  for (;;) {
    const scope = scopes[position.part];
    if (scope === undefined) {
      return { rows, itemsRead, bytesRead };
    }
    const source = itemSourceOf(container, scope);
    const measured = options.measuresBytes ? measureSource(source) : undefined;
    const page = executePage(
      query,
      measured ?? source,
      {
        maxItemCount: options.maxItemCount - rows.length,
        ...(position.inner === undefined ? {} : { continuation: position.inner }),
      },
      measured?.reset,
    );
    for (const row of page.rows) {
      rows.push(row);
    }
    itemsRead += page.itemsRead;
    bytesRead += measured?.bytesOfFirst(page.itemsRead) ?? 0;
    const next =
      page.continuation === undefined
        ? { part: position.part + 1 }
        : { part: position.part, inner: page.continuation };
    const isFull = page.continuation !== undefined || rows.length >= options.maxItemCount;
    if (isFull && next.part < scopes.length) {
      return { rows, itemsRead, bytesRead, continuation: writePosition(next, scopes.length) };
    }
    position = next;
  }
}
