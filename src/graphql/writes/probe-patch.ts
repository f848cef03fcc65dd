import { randomUUID } from "node:crypto";
import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { BatchOperation, ItemOperations } from "../../items/item-operations.ts";
import type { Condition } from "../../items/sql/condition.ts";
import { patchCondition } from "./patch-changes.ts";

export interface PatchProbe {
  readonly items: ItemOperations;
  readonly container: string;
  readonly partitionKey: PartitionKey;
  readonly id: string;
  /** The operations of the transaction that come before and are on the same item. */
  readonly earlier: readonly BatchOperation[];
  /** What the caller lets the patch be made under. */
  readonly ifMatch: string | undefined;
  readonly condition: Condition;
  /** What the patch can't be made under. */
  readonly misfit: Condition;
}

/**
 * Finds out why a patch of a transaction was refused: because of the caller's conditions, or, while
 * those hold, because the item doesn't let it be made; undefined if by now there is no reason.
 *
 * Cosmos DB answers 412 to either and doesn't say which, and what a transaction would have made of
 * an item can't be read. So the same transaction asks for one after the other, in a batch that
 * always fails: its last operation takes away what can't be there. One request.
 */
export async function probePatch(probe: PatchProbe): Promise<"condition" | "misfit" | undefined> {
  const { items, container, partitionKey, id, earlier, ifMatch, condition, misfit } = probe;
  const batch: readonly BatchOperation[] = [
    ...earlier,
    {
      kind: "patch",
      id,
      operations: [{ op: "set", path: [unusedName()], value: null }],
      ...(ifMatch !== undefined && { ifMatch }),
      ...patchCondition(condition),
    },
    {
      kind: "patch",
      id,
      operations: [{ op: "remove", path: [unusedName()] }],
      ...patchCondition(misfit),
    },
  ];
  try {
    await items.batch(container, batch, partitionKey);
  } catch (error) {
    if (!(error instanceof GatewayError)) {
      throw error;
    }
    if (error.operationIndex === undefined) {
      if (error.code === "BAD_USER_INPUT") {
        // Some hundred operations on this one item leave no room to ask.
        return "condition";
      }
      throw error;
    }
    if (error.operationIndex === earlier.length && error.code === "PRECONDITION_FAILED") {
      return "condition";
    }
    return error.operationIndex > earlier.length && error.code === "BAD_USER_INPUT"
      ? "misfit"
      : undefined;
  }
  throw new Error("Cosmos DB took away a property that was not there.");
}

/** Nobody can have given an item a property of this name. */
function unusedName(): string {
  return `probe-${randomUUID()}`;
}
