import { GatewayError } from "../gateway-error.ts";
import { withOperationIndex } from "../items/batch-request.ts";
import { filterPredicate } from "../items/filter-predicate.ts";
import type {
  BatchOperation,
  Item,
  ItemBody,
  ItemOperations,
  WriteCondition,
} from "../items/item-operations.ts";
import { all } from "../items/sql/condition.ts";
import { selectQuery } from "../items/sql/select-query.ts";
import type { PartitionKey } from "../partition-key.ts";
import { applyPatch, type Patch } from "./apply-patch.ts";
import { isOfType } from "./item-conversion.ts";
import { itemsCondition } from "./items-condition.ts";
import type { ModelApi } from "./model-api.ts";
import { type NativePatch, nativePatch, wholeOperations } from "./patch-operations.ts";
import { typeCondition } from "./type-condition.ts";
import { notFound } from "./write-operations.ts";

/** A write of a transaction, in a model's terms. */
export type TransactionOperation =
  | { readonly kind: "create"; readonly id: string; readonly body: ItemBody }
  | ({
      readonly kind: "upsert" | "replace";
      readonly id: string;
      readonly body: ItemBody;
    } & WriteCondition)
  | ({
      readonly kind: "patch";
      readonly id: string;
      readonly patch: Patch;
      /** As GraphQL coerced it; null and undefined are none. */
      readonly filter: unknown;
    } & WriteCondition)
  | ({ readonly kind: "delete"; readonly id: string } & WriteCondition);

/** Cosmos DB takes no more operations in a transactional batch. Source: service limits. */
export const MAX_TRANSACTION_OPERATIONS = 100;

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
  // Whether patches are worked out from what is stored: for those that Cosmos DB can't do by itself.
  let fromStored = operations.some(
    (operation) => operation.kind === "patch" && native(api, operation) === undefined,
  );
  for (let attempt = 1; ; attempt += 1) {
    const plan: Plan = { api, operations, fromStored };
    const stored = await readStored(plan, items, partitionKey);
    const batch = toBatch(plan, stored);
    try {
      return await items.batch(api.type.container, batch, partitionKey);
    } catch (error) {
      const next = await afterFailure(plan, items, partitionKey, stored, error);
      if (next === "fromStored") {
        fromStored = true;
      }
      if (attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
}

interface Plan {
  readonly api: ModelApi;
  readonly operations: readonly TransactionOperation[];
  readonly fromStored: boolean;
}

type StoredItems = ReadonlyMap<string, Item>;

/** The items that must be known before the batch can be written. */
async function readStored(
  plan: Plan,
  items: ItemOperations,
  partitionKey: PartitionKey,
): Promise<StoredItems> {
  const { type } = plan.api;
  const { operations } = plan;
  const ids = operations
    .filter((_, index) => isFirst(operations, index) && needsStored(plan, index))
    .map(({ id }) => id);
  const [only] = ids;
  if (only === undefined) {
    return new Map();
  }
  if (ids.length === 1) {
    const item = await items.read(type.container, only, partitionKey);
    return new Map(item === undefined ? [] : [[only, item]]);
  }
  const { discriminator } = type;
  const query = selectQuery({
    condition: { kind: "in", path: ["id"], values: ids },
    orderBy: [],
    ...(!plan.fromStored && {
      properties: ["id", "_etag", ...(discriminator === undefined ? [] : [discriminator.property])],
    }),
  });
  const limit = ids.length;
  const rows = await items.query<Item>(type.container, query, partitionKey, { limit });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether the first operation on an item has to know it. */
function needsStored({ api, operations, fromStored }: Plan, index: number): boolean {
  const kind = operations[index]?.kind;
  return kind === "patch" ? fromStored : kind !== "create" && api.type.discriminator !== undefined;
}

/** Whether no operation before is on the same item. */
function isFirst(operations: readonly TransactionOperation[], index: number): boolean {
  return operations.findIndex(({ id }) => id === operations[index]?.id) === index;
}

function toBatch(plan: Plan, stored: StoredItems): readonly BatchOperation[] {
  const { api, operations } = plan;
  // What the operations so far leave of the items.
  const left = new Map<string, Readonly<Record<string, unknown>> | undefined>(stored);
  return operations.map((operation, index) => {
    const bound = isFirst(operations, index) && needsStored(plan, index);
    const known = bound ? stored.get(operation.id) : undefined;
    try {
      if (bound) {
        checkStored(plan.api, operation, known);
      }
      const written = toBatchOperation(plan, operation, { bound, known, left });
      left.set(operation.id, bodyAfter(api, operation, left));
      return written;
    } catch (error) {
      throw error instanceof GatewayError ? withOperationIndex(error, index) : error;
    }
  });
}

interface Place {
  /** Whether the item was read, so that the operation holds of that version only. */
  readonly bound: boolean;
  readonly known: Item | undefined;
  readonly left: ReadonlyMap<string, Readonly<Record<string, unknown>> | undefined>;
}

function checkStored(
  { type }: ModelApi,
  operation: TransactionOperation,
  known: Item | undefined,
): void {
  if (known !== undefined && !isOfType(type, known)) {
    throw operation.kind === "upsert"
      ? new GatewayError("CONFLICT", "An item of another type has this id.")
      : notFound(type);
  }
  if (known === undefined && operation.kind !== "upsert") {
    throw notFound(type);
  }
}

function toBatchOperation(
  { api, fromStored }: Plan,
  operation: TransactionOperation,
  { bound, known, left }: Place,
): BatchOperation {
  if (operation.kind === "create") {
    return { kind: "create", body: operation.body };
  }
  const ifMatch = operation.ifMatch ?? known?._etag;
  const condition = ifMatch === undefined ? {} : { ifMatch };
  switch (operation.kind) {
    case "upsert":
      // Where nothing was, a create: an upsert would write over what came there meanwhile.
      return bound && ifMatch === undefined
        ? { kind: "create", body: operation.body }
        : { kind: "upsert", body: operation.body, ...condition };
    case "replace":
      return { kind: "replace", id: operation.id, body: operation.body, ...condition };
    case "delete":
      return { kind: "delete", id: operation.id, ...condition };
    case "patch": {
      const { id, patch } = operation;
      const change = fromStored ? undefined : native(api, operation);
      if (change !== undefined) {
        const predicate = filterPredicate(
          all(itemsCondition(api, operation.filter), change.condition),
        );
        return { kind: "patch", id, operations: change.operations, condition: predicate, ...condition };
      }
      if (known !== undefined && ifMatch !== known._etag) {
        throw new GatewayError(
          "PRECONDITION_FAILED",
          "The item has changed since the given version.",
        );
      }
      const before = left.get(id);
      if (before === undefined) {
        throw notFound(api.type);
      }
      const operations = wholeOperations(api.type, patch, applyPatch(api.model, api.type, before, patch));
      const predicate = filterPredicate(itemsCondition(api, operation.filter));
      return { kind: "patch", id, operations, condition: predicate, ...condition };
    }
  }
}

function bodyAfter(
  { model, type }: ModelApi,
  operation: TransactionOperation,
  left: Place["left"],
): Readonly<Record<string, unknown>> | undefined {
  switch (operation.kind) {
    case "delete":
      return undefined;
    case "patch": {
      const before = left.get(operation.id);
      return before && { ...before, ...applyPatch(model, type, before, operation.patch) };
    }
    default:
      return operation.body;
  }
}

function native(
  { model, type }: ModelApi,
  operation: Extract<TransactionOperation, { readonly kind: "patch" }>,
): NativePatch | undefined {
  return nativePatch(model, type, operation.patch);
}

/**
 * How to go on after a batch that failed.
 *
 * @throws GatewayError if going on makes no sense: why the operation failed.
 */
async function afterFailure(
  plan: Plan,
  items: ItemOperations,
  partitionKey: PartitionKey,
  stored: StoredItems,
  error: unknown,
): Promise<"again" | "fromStored"> {
  const { api, operations, fromStored } = plan;
  const index = error instanceof GatewayError ? (error.operationIndex ?? -1) : -1;
  const operation = operations[index];
  if (!(error instanceof GatewayError) || operation === undefined) {
    throw error;
  }
  const { type } = api;
  switch (error.code) {
    case "NOT_FOUND":
      throw withOperationIndex(notFound(type), index);
    case "CONFLICT":
      if (operation.kind === "upsert") {
        return "again";
      }
      throw error;
    case "BAD_USER_INPUT":
      if (operation.kind === "patch" && !fromStored) {
        return "fromStored";
      }
      throw error;
    case "PRECONDITION_FAILED":
      break;
    default:
      throw error;
  }
  if (operation.kind !== "patch") {
    if (operation.kind === "create" || operation.ifMatch !== undefined) {
      throw error;
    }
    return "again";
  }
  const isOnCondition = operation.ifMatch !== undefined || (operation.filter ?? null) !== null;
  if (!isOnCondition) {
    return "fromStored";
  }
  if (isFirst(operations, index)) {
    // Cosmos DB doesn't say which of the conditions was not fulfilled.
    const item = await items.read(type.container, operation.id, partitionKey);
    if (item === undefined || !isOfType(type, item)) {
      throw withOperationIndex(notFound(type), index);
    }
    const read = stored.get(operation.id);
    if (read !== undefined && read._etag !== item._etag && operation.ifMatch === undefined) {
      return "again";
    }
  }
  throw error;
}
