import { CosmosError } from "../cosmos-error.ts";
import type { Json, JsonObject } from "../json.ts";
import {
  type PartitionKey,
  partitionKeyOf,
  partitionKeyText,
  requirePartitionKeyLength,
} from "../partition-keys/stored-partition-key.ts";
import { MISS_CHARGE, pointReadCharge, writeCharge } from "../request-charge.ts";
import { requireItemId } from "../resources/resource-identifier.ts";
import { isTimeToLive } from "../store/container-definition.ts";
import type { ContainerStore } from "../store/container-store.ts";
import type { PartitionTransaction, TransactionItem } from "../store/partition-transaction.ts";
import { withoutSystemProperties } from "./item-content.ts";
import { meetsCondition } from "./patch-condition.ts";
import { patchedItem } from "./patched-item.ts";
import { readPatch } from "./read-patch.ts";

/** One operation on one item, whether it came as a request of its own or inside a batch. */
export type ItemOperation = {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
} & (
  | { readonly type: "Create" | "Upsert"; readonly content: JsonObject }
  | { readonly type: "Replace"; readonly id: string; readonly content: JsonObject }
  | { readonly type: "Patch"; readonly id: string; readonly patch: Json }
  | { readonly type: "Read" | "Delete"; readonly id: string }
);

export interface ItemOutcome {
  readonly status: number;
  /** Undefined after a delete, and with 304 where only the etag counts. */
  readonly item: TransactionItem | undefined;
  readonly requestUnits: number;
}

/** Where an operation runs: a partition of a container, within a transaction. */
export interface ItemScope {
  readonly container: ContainerStore;
  readonly key: PartitionKey;
  readonly transaction: PartitionTransaction;
}

/**
 * Largest item. Source: "Maximum size of an item: 2 MB (UTF-8 length of JSON representation)",
 * service limits.
 */
const MAX_ITEM_BYTES = 2 * 1024 * 1024;

/**
 * Runs one operation within a transaction.
 *
 * @throws CosmosError 400, 404, 409, 412 or 413 and leaves the transaction as it was.
 */
export function performItemOperation(scope: ItemScope, operation: ItemOperation): ItemOutcome {
  switch (operation.type) {
    case "Create":
    case "Upsert":
      return createItem(scope, operation);
    case "Replace":
      return replaceItem(scope, operation);
    case "Patch":
      return patchItem(scope, operation);
    case "Read":
      return readItem(scope, operation);
    case "Delete":
      return deleteItem(scope, operation);
  }
}

function createItem(
  scope: ItemScope,
  operation: ItemOperation & { readonly type: "Create" | "Upsert" },
): ItemOutcome {
  const content = checkContent(scope, operation.content);
  const id = requireItemId(content.id);
  const before = scope.transaction.read(id);
  if (before === undefined) {
    return writeItem(scope, 201, id, content, undefined);
  }
  if (operation.type === "Create") {
    throw new CosmosError(
      409,
      "Conflict",
      "Entity with the specified id already exists in the system.",
      { headers: { "x-ms-request-charge": "1.24" } },
    );
  }
  checkMatch(operation, before);
  return writeItem(scope, 200, id, content, before);
}

function replaceItem(
  scope: ItemScope,
  operation: ItemOperation & { readonly type: "Replace" },
): ItemOutcome {
  const content = checkContent(scope, operation.content);
  const id = requireItemId(content.id);
  const before = requireItem(scope, operation.id);
  checkMatch(operation, before);
  if (id !== operation.id) {
    throw new CosmosError(
      400,
      "BadRequest",
      "Replacing an item can't change its id: the id in the body differs from the id in the path.",
    );
  }
  return writeItem(scope, 200, id, content, before);
}

function patchItem(
  scope: ItemScope,
  operation: ItemOperation & { readonly type: "Patch" },
): ItemOutcome {
  const { operations, condition } = readPatch(operation.patch);
  const before = requireItem(scope, operation.id);
  checkMatch(operation, before);
  if (condition !== undefined && !meetsCondition(before.body, condition)) {
    throw preconditionFailed();
  }
  const content = checkContent(scope, patchedItem(before.body, operations));
  return writeItem(scope, 200, operation.id, content, before);
}

function readItem(
  scope: ItemScope,
  operation: ItemOperation & { readonly type: "Read" | "Delete" },
): ItemOutcome {
  const item = requireItem(scope, operation.id);
  const { ifNoneMatch } = operation;
  const isUnchanged =
    ifNoneMatch !== undefined && (ifNoneMatch === "*" || isSameEtag(ifNoneMatch, item.etag));
  return { status: isUnchanged ? 304 : 200, item, requestUnits: pointReadCharge(item.sizeBytes) };
}

function deleteItem(
  scope: ItemScope,
  operation: ItemOperation & { readonly type: "Read" | "Delete" },
): ItemOutcome {
  const before = requireItem(scope, operation.id);
  checkMatch(operation, before);
  scope.transaction.remove(operation.id);
  return { status: 204, item: undefined, requestUnits: writeCharge(before.sizeBytes) };
}

function writeItem(
  scope: ItemScope,
  status: number,
  id: string,
  content: JsonObject,
  before: TransactionItem | undefined,
): ItemOutcome {
  const item = scope.transaction.write(id, content);
  return {
    status,
    item,
    requestUnits:
      writeCharge(Math.max(item.sizeBytes, before?.sizeBytes ?? 0)) *
      (before === undefined ? 1 : 1.9),
  };
}

function requireItem(scope: ItemScope, id: string): TransactionItem {
  const item = scope.transaction.read(id);
  if (item === undefined) {
    throw new CosmosError(
      404,
      "NotFound",
      "Entity with the specified id does not exist in the system.",
      { headers: { "x-ms-request-charge": String(MISS_CHARGE) } },
    );
  }
  return item;
}

/** The user's properties, once their size, time to live and partition key are found right. */
function checkContent(scope: ItemScope, body: JsonObject): JsonObject {
  const content = withoutSystemProperties(body);
  if (Buffer.byteLength(JSON.stringify(content)) > MAX_ITEM_BYTES) {
    throw new CosmosError(413, "RequestEntityTooLarge", "Request size is too large");
  }
  const ttl = content.ttl;
  if (ttl !== undefined && !(typeof ttl === "number" && isTimeToLive(ttl))) {
    throw new CosmosError(
      400,
      "BadRequest",
      `The input ttl '${JSON.stringify(ttl)}' is invalid. Ensure to provide a nonzero positive or a '-1'(never expire) integer TTL value less than or equal to '2147483647'.`,
    );
  }
  const key = partitionKeyOf(content, scope.container.definition.partitionKeyPaths);
  requirePartitionKeyLength(key);
  if (partitionKeyText(key) !== partitionKeyText(scope.key)) {
    throw new CosmosError(
      400,
      "BadRequest",
      "PartitionKey extracted from document doesn't match the one specified in the header. Learn more: https://aka.ms/CosmosDB/sql/errors/wrong-pk-value",
      { substatus: 1001 },
    );
  }
  return content;
}

function checkMatch(operation: ItemOperation, item: TransactionItem): void {
  const { ifMatch, ifNoneMatch } = operation;
  const isRefused =
    (ifMatch !== undefined && ifMatch !== "*" && !isSameEtag(ifMatch, item.etag)) ||
    (ifNoneMatch !== undefined && (ifNoneMatch === "*" || isSameEtag(ifNoneMatch, item.etag)));
  if (isRefused) {
    throw preconditionFailed();
  }
}

function preconditionFailed(): CosmosError {
  return new CosmosError(
    412,
    "PreconditionFailed",
    "Operation cannot be performed because one of the specified precondition is not met.",
  );
}

/** Clients send an etag with or without its quotes. */
function isSameEtag(left: string, right: string): boolean {
  const bare = (etag: string): string => etag.replace(/^W\//, "").replaceAll('"', "");
  return bare(left) === bare(right);
}
