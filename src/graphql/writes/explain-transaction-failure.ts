import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { BatchOperation, ItemOperations } from "../../items/item-operations.ts";
import { atIndex, withOperationIndex } from "../../items/operation-index.ts";
import { ALWAYS, isAlways, not } from "../../items/sql/condition.ts";
import { itemsCondition } from "../filters/items-condition.ts";
import { isOfType } from "../item-conversion.ts";
import {
  batchOfTransaction,
  isFirst,
  type StoredItems,
  type TransactionOperation,
  type TransactionPlan,
} from "./batch-of-transaction.ts";
import { patchChanges } from "./patch-changes.ts";
import { probePatch } from "./probe-patch.ts";
import { notFound } from "./write-operations.ts";

/** Where a transaction runs. */
export interface Partition {
  readonly plan: TransactionPlan;
  readonly items: ItemOperations;
  readonly partitionKey: PartitionKey;
}

/** What was tried, and failed. */
export interface FailedAttempt extends Partition {
  readonly stored: StoredItems;
  /** What was sent; undefined if it failed before, over what is stored. */
  readonly batch: readonly BatchOperation[] | undefined;
}

type PatchOfTransaction = Extract<TransactionOperation, { readonly kind: "patch" }>;

/**
 * How to go on after an attempt that failed: once more with what is stored by now, and with patches
 * worked out from that if Cosmos DB can't do one of them by itself.
 *
 * @throws GatewayError if going on makes no sense: why the operation failed.
 */
export async function explainTransactionFailure(
  attempt: FailedAttempt,
  error: unknown,
): Promise<"again" | "fromStored"> {
  const { type } = attempt.plan.api;
  const index = error instanceof GatewayError ? (error.operationIndex ?? -1) : -1;
  const operation = attempt.plan.operations[index];
  if (!(error instanceof GatewayError) || operation === undefined) {
    throw error;
  }
  if (attempt.batch === undefined) {
    return afterMisfit(attempt, operation, error);
  }
  if (error.code === "NOT_FOUND") {
    throw withOperationIndex(notFound(type), index);
  }
  if (operation.kind === "patch") {
    return afterPatchFailure(attempt, attempt.batch, operation, error);
  }
  // Where nothing was, an upsert was sent as a create.
  const isCreated = operation.kind === "upsert" && type.discriminator !== undefined;
  const isOvertaken =
    (error.code === "CONFLICT" && isCreated) ||
    (error.code === "PRECONDITION_FAILED" &&
      operation.kind !== "create" &&
      operation.ifMatch === undefined);
  if (!isOvertaken) {
    throw error;
  }
  return "again";
}

/** A patch that does not fit what is stored is told so only if its own conditions hold. */
async function afterMisfit(
  attempt: FailedAttempt,
  operation: TransactionOperation,
  error: GatewayError,
): Promise<"again"> {
  const { plan, stored } = attempt;
  const index = error.operationIndex ?? -1;
  if (
    operation.kind !== "patch" ||
    error.code !== "BAD_USER_INPUT" ||
    (operation.filter === undefined && operation.ifMatch === undefined)
  ) {
    throw error;
  }
  const earlier = batchOfTransaction(
    { ...plan, operations: plan.operations.slice(0, index) },
    stored,
  );
  const verdict = await probe(attempt, earlier, operation);
  if (verdict === "misfit") {
    throw error;
  }
  return verdict === undefined
    ? "again"
    : afterConditionFailed(
        attempt,
        operation,
        new GatewayError("PRECONDITION_FAILED", "The item does not fulfil the condition.", {
          operationIndex: index,
        }),
      );
}

async function afterPatchFailure(
  attempt: FailedAttempt,
  batch: readonly BatchOperation[],
  operation: PatchOfTransaction,
  error: GatewayError,
): Promise<"again" | "fromStored"> {
  const { plan } = attempt;
  const index = error.operationIndex ?? -1;
  if (error.code === "BAD_USER_INPUT" && !plan.fromStored) {
    return "fromStored";
  }
  if (error.code !== "PRECONDITION_FAILED") {
    throw error;
  }
  if (operation.ifMatch === undefined && operation.filter === undefined) {
    return "fromStored";
  }
  const verdict = await probe(attempt, batch.slice(0, index), operation);
  if (verdict === "misfit") {
    throw misfit(index);
  }
  return verdict === undefined ? "again" : afterConditionFailed(attempt, operation, error);
}

/** Without a request where only the caller's conditions can have failed. */
async function probe(
  { plan, stored, items, partitionKey, batch }: FailedAttempt,
  earlier: readonly BatchOperation[],
  { id, ifMatch, filter, patch }: PatchOfTransaction,
) {
  const { api, fromStored, operations } = plan;
  const index = earlier.length;
  const fits = fromStored
    ? ALWAYS
    : (patchChanges(api.model, api.type, patch)?.condition ?? ALWAYS);
  if (batch !== undefined && isAlways(fits)) {
    return "condition";
  }
  return probePatch({
    items,
    container: api.type.container,
    partitionKey,
    id,
    earlier: earlier.filter((operation) => idOf(operation) === id),
    ifMatch: ifMatch ?? (isFirst(operations, index) ? stored.get(id)?._etag : undefined),
    condition: atIndex(index, () => itemsCondition(api, filter)),
    // What was refused here, over what is stored, is a misfit of that version.
    misfit: batch === undefined ? ALWAYS : not(fits),
  });
}

/** Finds out whether the item is there at all, and of this type and version. */
async function afterConditionFailed(
  { plan, items, partitionKey, stored }: FailedAttempt,
  { id, ifMatch }: PatchOfTransaction,
  failed: GatewayError,
): Promise<"again"> {
  const { type } = plan.api;
  const index = failed.operationIndex ?? -1;
  if (!isFirst(plan.operations, index)) {
    throw failed;
  }
  const item = await items.read(type.container, id, partitionKey);
  if (item === undefined || !isOfType(type, item)) {
    throw withOperationIndex(notFound(type), index);
  }
  const known = stored.get(id);
  if (ifMatch === undefined && known !== undefined && known._etag !== item._etag) {
    return "again";
  }
  throw failed;
}

function misfit(operationIndex: number): GatewayError {
  return new GatewayError(
    "BAD_USER_INPUT",
    "The patch does not fit the item: an increment goes beyond what its field can hold, or the item stores another type there than the model says.",
    { operationIndex },
  );
}

function idOf(operation: BatchOperation): string {
  return "id" in operation ? operation.id : operation.body.id;
}
