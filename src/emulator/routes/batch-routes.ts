import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import { jsonResponse } from "../http/response.ts";
import { type ItemOutcome, performItemOperation } from "../items/item-operation.ts";
import { itemHeaders } from "../items/item-response.ts";
import { type BatchOperation, readBatch } from "../items/read-batch.ts";
import {
  type PartitionKey,
  partitionKeyText,
  requirePartitionKeyLength,
} from "../partition-keys/stored-partition-key.ts";
import type { ContainerStore } from "../store/container-store.ts";
import { beginTransaction } from "../store/partition-transaction.ts";
import type { PhysicalPartition } from "../store/physical-partition.ts";
import { requestedKey, requireContainer, requireFullKey } from "./request-target.ts";
import { requirePhysicalPartition } from "./requested-scopes.ts";
import type { RouteContext } from "./route-context.ts";

/** What one operation of a batch came to, as the answer lists it. */
interface BatchResult {
  readonly statusCode: number;
  readonly subStatusCode?: number;
  readonly requestCharge: number;
  readonly eTag?: string;
  readonly resourceBody?: unknown;
  readonly message?: string;
}

/** Answers a transactional batch: all of its operations take effect, or none. */
export function handleBatch(context: RouteContext): CosmosResponse {
  const { request, store } = context;
  const container = requireContainer(context);
  const key = requireFullKey(request, container);
  const operations = readBatch(request);
  for (const { key: ownKey } of operations) {
    requireSameKey(ownKey, key);
  }
  const transaction = beginTransaction(container, key, store.clock);
  const results: BatchResult[] = [];
  for (const { operation } of operations) {
    try {
      const outcome = performItemOperation({ container, key, transaction }, operation);
      results.push(successOf(context, operation.type, outcome));
    } catch (error) {
      const failure = failureOf(error);
      const answers = operations.map((_, index) =>
        index === results.length ? failure : FAILED_DEPENDENCY,
      );
      return batchResponse(container, [container.physicalPartition(key)], answers);
    }
  }
  const change = transaction.commit();
  if (change !== undefined) {
    store.commit(change);
  }
  return batchResponse(container, [container.physicalPartition(key)], results);
}

/** Answers a bulk request: operations of one range, each for itself. */
export function handleBulk(context: RouteContext): CosmosResponse {
  const { request } = context;
  const container = requireContainer(context);
  const headerKey = requestedKey(request, container);
  const rangeHeader = request.headers["x-ms-documentdb-partitionkeyrangeid"];
  const physical =
    rangeHeader === undefined || rangeHeader === ""
      ? undefined
      : requirePhysicalPartition(container, rangeHeader);
  const continues =
    request.headers["x-ms-cosmos-batch-continue-on-error"]?.toLowerCase() !== "false";
  const results: BatchResult[] = [];
  let hasFailed = false;
  for (const operation of readBatch(request)) {
    if (hasFailed && !continues) {
      results.push(FAILED_DEPENDENCY);
      continue;
    }
    const result = performAlone(context, container, operation, { headerKey, physical });
    hasFailed ||= result.statusCode >= 400;
    results.push(result);
  }
  return batchResponse(
    container,
    physical === undefined ? container.partitions : [physical],
    results,
  );
}

function performAlone(
  context: RouteContext,
  container: ContainerStore,
  { operation, key: ownKey }: BatchOperation,
  target: {
    readonly headerKey: PartitionKey | undefined;
    readonly physical: PhysicalPartition | undefined;
  },
): BatchResult {
  try {
    const key = requireOwnKey(container, ownKey ?? target.headerKey);
    if (target.physical !== undefined && container.physicalPartition(key) !== target.physical) {
      throw new CosmosError(410, "Gone", "The partition key lies in another range.", {
        substatus: 1002,
      });
    }
    const transaction = beginTransaction(container, key, context.store.clock);
    const outcome = performItemOperation({ container, key, transaction }, operation);
    const change = transaction.commit();
    if (change !== undefined) {
      context.store.commit(change);
    }
    return successOf(context, operation.type, outcome);
  } catch (error) {
    return failureOf(error);
  }
}

function requireOwnKey(container: ContainerStore, key: PartitionKey | undefined): PartitionKey {
  if (key?.length !== container.definition.partitionKey.paths.length) {
    throw new CosmosError(
      400,
      "BadRequest",
      "PartitionKey value must be supplied for this operation.",
    );
  }
  requirePartitionKeyLength(key);
  return key;
}

function requireSameKey(ownKey: PartitionKey | undefined, key: PartitionKey): void {
  if (ownKey !== undefined && partitionKeyText(ownKey) !== partitionKeyText(key)) {
    throw new CosmosError(
      400,
      "BadRequest",
      "One or more operations within the batch request have a different partition key value than the request.",
    );
  }
}

/** What the operations that did not run, or were undone, are answered with. */
const FAILED_DEPENDENCY: BatchResult = { statusCode: 424, requestCharge: 0 };

function successOf(
  { request }: RouteContext,
  type: string,
  { status, item, requestUnits }: ItemOutcome,
): BatchResult {
  const isMinimal =
    type !== "Read" && (request.headers.prefer ?? "").toLowerCase().includes("return=minimal");
  return {
    statusCode: status,
    requestCharge: Math.round(requestUnits * 100) / 100,
    ...(item === undefined ? {} : { eTag: item.etag }),
    ...(item === undefined || isMinimal || status === 304 ? {} : { resourceBody: item.body }),
  };
}

function failureOf(error: unknown): BatchResult {
  if (!(error instanceof CosmosError)) {
    throw error;
  }
  return {
    statusCode: error.status,
    subStatusCode: error.substatus,
    requestCharge: Number(error.headers["x-ms-request-charge"] ?? 1),
    message: error.message,
  };
}

function batchResponse(
  container: ContainerStore,
  partitions: readonly PhysicalPartition[],
  results: readonly BatchResult[],
): CosmosResponse {
  const hasFailed = results.some(({ statusCode }) => statusCode >= 400);
  const requestUnits = results.reduce((sum, { requestCharge }) => sum + requestCharge, 0);
  return jsonResponse(
    hasFailed ? 207 : 200,
    requestUnits,
    results,
    itemHeaders(container, partitions),
  );
}
