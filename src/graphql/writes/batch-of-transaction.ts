import type { JsonObject } from "../../cosmos/json-object.ts";
import { GatewayError } from "../../gateway-error.ts";
import type {
  BatchOperation,
  Item,
  ItemBody,
  WriteCondition,
} from "../../items/item-operations.ts";
import { atIndex } from "../../items/operation-index.ts";
import { ALWAYS, all } from "../../items/sql/condition.ts";
import type { OperationArguments } from "../classes/resolver-class.ts";
import { itemsCondition } from "../filters/items-condition.ts";
import { isOfType } from "../item-conversion.ts";
import type { ModelApi } from "../model-api.ts";
import { applyPatch, type Patch } from "./apply-patch.ts";
import { patchChanges, patchCondition, wholeOperations } from "./patch-changes.ts";
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
      /** The condition, as GraphQL coerced it. */
      readonly filter: OperationArguments | undefined;
    } & WriteCondition)
  | ({ readonly kind: "delete"; readonly id: string } & WriteCondition);

/** A transaction, and how it is to be done. */
export interface TransactionPlan {
  readonly api: ModelApi;
  readonly operations: readonly TransactionOperation[];
  /**
   * Whether patches are worked out from what is stored: for those that Cosmos DB can't do by
   * itself.
   */
  readonly fromStored: boolean;
}

/** Items by id. */
export type StoredItems = ReadonlyMap<string, Item>;

/** Whether the operation has to know its item, if it is the first on it. */
export function needsStored(
  { api, operations, fromStored }: TransactionPlan,
  index: number,
): boolean {
  const kind = operations[index]?.kind;
  return kind === "patch" ? fromStored : kind !== "create" && api.type.discriminator !== undefined;
}

/** Whether no operation before is on the same item. */
export function isFirst(operations: readonly TransactionOperation[], index: number): boolean {
  return operations.findIndex(({ id }) => id === operations[index]?.id) === index;
}

/**
 * The operations as Cosmos DB takes them.
 *
 * @param stored the items of the operations that are first on theirs and need to know it.
 * @throws GatewayError, with its place, for an operation that can't be done over what is stored.
 */
export function batchOfTransaction(
  plan: TransactionPlan,
  stored: StoredItems,
): readonly BatchOperation[] {
  const { operations } = plan;
  // What the operations so far leave of the items.
  const left = new Map<string, JsonObject | undefined>(stored);
  return operations.map((operation, index) => {
    const isBound = isFirst(operations, index) && needsStored(plan, index);
    const known = isBound ? stored.get(operation.id) : undefined;
    return atIndex(index, () => {
      if (isBound) {
        checkStored(plan.api, operation, known);
      }
      const after = plan.fromStored ? bodyAfter(plan.api, operation, left) : undefined;
      left.set(operation.id, after);
      return toBatchOperation(plan.api, operation, { isBound, known, after });
    });
  });
}

/** @throws GatewayError where the operation can't be done over what was read. */
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
  if (
    operation.kind === "patch" &&
    operation.ifMatch !== undefined &&
    operation.ifMatch !== known?._etag
  ) {
    throw new GatewayError("PRECONDITION_FAILED", "The item has changed since the given version.");
  }
}

/** What an operation leaves of its item. */
function bodyAfter(
  { model, type }: ModelApi,
  operation: TransactionOperation,
  left: ReadonlyMap<string, JsonObject | undefined>,
): JsonObject | undefined {
  if (operation.kind === "delete") {
    return undefined;
  }
  if (operation.kind !== "patch") {
    return operation.body;
  }
  const before = left.get(operation.id);
  if (before === undefined) {
    throw notFound(type);
  }
  return applyPatch(model, type, before, operation.patch);
}

interface OperationPlace {
  /** Whether the item was read, so that the operation is for the version that was read alone. */
  readonly isBound: boolean;
  readonly known: Item | undefined;
  /** What a patch comes to, if it is worked out here. */
  readonly after: JsonObject | undefined;
}

function toBatchOperation(
  api: ModelApi,
  operation: TransactionOperation,
  { isBound, known, after }: OperationPlace,
): BatchOperation {
  if (operation.kind === "create") {
    return { kind: "create", body: operation.body };
  }
  const { id, kind } = operation;
  const ifMatch = operation.ifMatch ?? known?._etag;
  const condition = ifMatch === undefined ? {} : { ifMatch };
  switch (kind) {
    case "upsert":
      // Where nothing was, a create: an upsert would write over what came there meanwhile.
      return isBound && ifMatch === undefined
        ? { kind: "create", body: operation.body }
        : { kind, body: operation.body, ...condition };
    case "replace":
      return { kind, id, body: operation.body, ...condition };
    case "delete":
      return { kind, id, ...condition };
    case "patch": {
      const change =
        after === undefined ? patchChanges(api.model, api.type, operation.patch) : undefined;
      return {
        kind,
        id,
        operations: change?.operations ?? wholeOperations(api.type, operation.patch, after ?? {}),
        ...patchCondition(all(itemsCondition(api, operation.filter), change?.condition ?? ALWAYS)),
        ...condition,
      };
    }
  }
}
