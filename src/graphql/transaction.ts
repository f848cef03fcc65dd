import { GatewayError } from "../gateway-error.ts";
import { withOperationIndex } from "../items/batch-request.ts";
import type { Item, ItemOperations } from "../items/item-operations.ts";
import { selectQuery } from "../items/sql/select-query.ts";
import type { PartitionKey } from "../partition-key.ts";
import { atIndex } from "./at-index.ts";
import { isOfType } from "./item-conversion.ts";
import type { ModelApi } from "./model-api.ts";
import { nativePatch } from "./patch-operations.ts";
import {
  isFirst,
  needsStored,
  type StoredItems,
  type TransactionOperation,
  type TransactionPlan,
  toBatch,
} from "./transaction-batch.ts";
import { notFound } from "./write-operations.ts";

/** How often a transaction starts again because someone else wrote its items in between. */
const MAX_ATTEMPTS = 5;

/**
 * Writes items of one type in one partition, all or nothing: one transactional batch. Gives each item
 * as stored, and null for a delete.
 *
 * As the single writes do, it leaves items of other types in the container alone. Cosmos DB can test
 * an item's type in a patch, but in no other write. So for those the items are read first, in one
 * request, and the batch is bound to the versions that were read. That is needed for the first
 * operation on an item alone: those after it write over what the transaction itself has written.
 *
 * @throws GatewayError of the operation that failed, with its place in `operationIndex`.
 */
export async function runTransaction(
  api: ModelApi,
  items: ItemOperations,
  partitionKey: PartitionKey,
  operations: readonly TransactionOperation[],
): Promise<readonly (Item | null)[]> {
  const natives = operations.map((operation, index) =>
    atIndex(index, () =>
      operation.kind === "patch" ? nativePatch(api.model, api.type, operation.patch) : null,
    ),
  );
  let fromStored = natives.includes(undefined);
  for (let attempt = 1; ; attempt += 1) {
    const plan = { api, operations, fromStored };
    const partition: Partition = { plan, items, partitionKey };
    const stored = await readStored(partition);
    const batch = toBatch(plan, stored);
    try {
      return await items.batch(api.type.container, batch, partitionKey);
    } catch (error) {
      const next = await afterFailure(partition, stored, error);
      if (attempt === MAX_ATTEMPTS) {
        throw error;
      }
      fromStored ||= next === "fromStored";
    }
  }
}

/** Where a transaction runs. */
interface Partition {
  readonly plan: TransactionPlan;
  readonly items: ItemOperations;
  readonly partitionKey: PartitionKey;
}

/** The items that must be known before the batch can be written. */
async function readStored({ plan, items, partitionKey }: Partition): Promise<StoredItems> {
  const { operations, api, fromStored } = plan;
  const { container, discriminator } = api.type;
  const ids = operations
    .filter((_, index) => isFirst(operations, index) && needsStored(plan, index))
    .map(({ id }) => id);
  const [only] = ids;
  if (only === undefined) {
    return new Map();
  }
  if (ids.length === 1) {
    const item = await items.read(container, only, partitionKey);
    return new Map(item === undefined ? [] : [[only, item]]);
  }
  const query = selectQuery({
    condition: { kind: "in", path: ["id"], values: ids },
    orderBy: [],
    ...(!fromStored && {
      properties: ["id", "_etag", ...(discriminator === undefined ? [] : [discriminator.property])],
    }),
  });
  const rows = await items.query<Item>(container, query, partitionKey, { limit: ids.length });
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * How to go on after a batch that failed: once more with what is stored by now, and with patches
 * worked out from that if Cosmos DB can't do one of them by itself.
 *
 * @throws GatewayError if going on makes no sense: why the operation failed.
 */
async function afterFailure(
  partition: Partition,
  stored: StoredItems,
  error: unknown,
): Promise<"again" | "fromStored"> {
  const { type } = partition.plan.api;
  const index = error instanceof GatewayError ? (error.operationIndex ?? -1) : -1;
  const operation = partition.plan.operations[index];
  if (!(error instanceof GatewayError) || operation === undefined) {
    throw error;
  }
  if (error.code === "NOT_FOUND") {
    throw withOperationIndex(notFound(type), index);
  }
  if (operation.kind === "patch") {
    return afterPatchFailure(partition, stored, operation, error);
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

async function afterPatchFailure(
  { plan, items, partitionKey }: Partition,
  stored: StoredItems,
  { id, ifMatch, filter }: Extract<TransactionOperation, { readonly kind: "patch" }>,
  error: GatewayError,
): Promise<"again" | "fromStored"> {
  if (error.code === "BAD_USER_INPUT" && !plan.fromStored) {
    return "fromStored";
  }
  if (error.code !== "PRECONDITION_FAILED") {
    throw error;
  }
  if (ifMatch === undefined && filter === undefined) {
    return "fromStored";
  }
  const index = error.operationIndex ?? -1;
  if (!isFirst(plan.operations, index)) {
    throw error;
  }
  // Cosmos DB doesn't say which of the conditions was not fulfilled.
  const item = await items.read(plan.api.type.container, id, partitionKey);
  if (item === undefined || !isOfType(plan.api.type, item)) {
    throw withOperationIndex(notFound(plan.api.type), index);
  }
  const known = stored.get(id);
  if (ifMatch === undefined && known !== undefined && known._etag !== item._etag) {
    return "again";
  }
  throw error;
}
