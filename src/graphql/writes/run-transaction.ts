import type { PartitionKey } from "../../cosmos/partition-key.ts";
import type { BatchOperation, Item, ItemOperations } from "../../items/item-operations.ts";
import { atIndex } from "../../items/operation-index.ts";
import { PrefixQueryError } from "../../items/prefix-query-error.ts";
import { selectQuery } from "../../items/sql/select-query.ts";
import type { ModelApi } from "../model-api.ts";
import {
  batchOfTransaction,
  isFirst,
  needsStored,
  type StoredItems,
  type TransactionOperation,
} from "./batch-of-transaction.ts";
import { explainTransactionFailure, type Partition } from "./explain-transaction-failure.ts";
import { patchChanges } from "./patch-changes.ts";

/** How often a transaction starts again because someone else wrote its items in between. */
const MAX_ATTEMPTS = 5;

/**
 * Writes items of one type in one partition, all or nothing: one transactional batch. Gives each
 * item as stored, and null for a delete.
 *
 * As the single writes do, it leaves items of other types in the container alone. Cosmos DB can
 * test an item's type in a patch, but in no other write. So for those the items are read first, in
 * one request, and the batch is bound to the versions that were read. That is needed for the first
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
      operation.kind === "patch" ? patchChanges(api.model, api.type, operation.patch) : null,
    ),
  );
  let fromStored = natives.includes(undefined);
  for (let attempt = 1; ; attempt += 1) {
    const plan = { api, operations, fromStored };
    const partition: Partition = { plan, items, partitionKey };
    const stored = await readStored(partition);
    let batch: readonly BatchOperation[] | undefined;
    try {
      batch = batchOfTransaction(plan, stored);
      return await items.batch(api.type.container, batch, partitionKey);
    } catch (error) {
      const next = await explainTransactionFailure({ ...partition, stored, batch }, error);
      if (attempt === MAX_ATTEMPTS) {
        throw error;
      }
      fromStored ||= next === "fromStored";
    }
  }
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
  const rows = await items
    .query<Item>(container, query, partitionKey, { limit: ids.length })
    .catch(async (error: unknown) => {
      if (!(error instanceof PrefixQueryError)) {
        throw error;
      }
      // Under such a permission Cosmos DB reads single items.
      const found = ids.map((id) => items.read(container, id, partitionKey));
      return (await Promise.all(found)).filter((item) => item !== undefined);
    });
  return new Map(rows.map((row) => [row.id, row]));
}
