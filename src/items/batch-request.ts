import type { OperationInput } from "@azure/cosmos";
import { GatewayError } from "../gateway-error.ts";
import { requireItemId } from "./item-arguments.ts";
import type { BatchOperation, ItemBody, WriteCondition } from "./item-operations.ts";
import { atIndex } from "./operation-index.ts";
import { MAX_PATCH_OPERATIONS, toPatchBodies } from "./patch-request.ts";

/**
 * How many operations Cosmos DB takes in a batch. Source: service limits, "Transactional batch".
 */
export const MAX_BATCH_OPERATIONS = 100;

/** One operation as it is sent. */
export interface SentOperation {
  readonly operation: BatchOperation;
  /**
   * Its place in the caller's list. A patch of more than ten changes is sent as several operations.
   */
  readonly operationIndex: number;
  readonly input: OperationInput;
  /** How many changes of the same patch go before it. */
  readonly earlierChanges: number;
}

/** @throws GatewayError BAD_USER_INPUT, with the place of what is at fault. */
export function toSentOperations(operations: readonly BatchOperation[]): readonly SentOperation[] {
  const sent = operations.flatMap((operation, operationIndex) =>
    atIndex(operationIndex, () => toInputs(operation)).map((input, part) => ({
      operation,
      operationIndex,
      input,
      earlierChanges: part * MAX_PATCH_OPERATIONS,
    })),
  );
  if (sent.length > MAX_BATCH_OPERATIONS) {
    throw new GatewayError(
      "BAD_USER_INPUT",
      `Cosmos DB takes ${MAX_BATCH_OPERATIONS} operations in a transaction at most, and these are ${sent.length}. Each ten changes of a patch count as one.`,
    );
  }
  return sent;
}

function toInputs(operation: BatchOperation): readonly OperationInput[] {
  requireItemId("body" in operation ? operation.body.id : operation.id);
  const ifMatch = "ifMatch" in operation ? operation.ifMatch : undefined;
  const condition = ifMatch === undefined ? {} : { ifMatch };
  switch (operation.kind) {
    case "create":
      return [{ operationType: "Create", resourceBody: toResourceBody(operation.body) }];
    case "upsert":
      return ifMatch === undefined
        ? [{ operationType: "Upsert", resourceBody: toResourceBody(operation.body) }]
        : [toReplace(operation.body.id, operation)];
    case "replace":
      return [toReplace(operation.id, operation)];
    case "patch":
      return toPatchBodies(operation.operations, operation.condition).map(
        (resourceBody, index) => ({
          operationType: "Patch",
          id: operation.id,
          resourceBody,
          // The patches after the first meet an item with the etag that the first gave it.
          ...(index === 0 && condition),
        }),
      );
    case "delete":
      return [{ operationType: "Delete", id: operation.id, ...condition }];
    case "read":
      return [{ operationType: "Read", id: operation.id }];
  }
}

function toReplace(
  id: string,
  { body, ifMatch }: { readonly body: ItemBody } & WriteCondition,
): OperationInput {
  return {
    operationType: "Replace",
    id: requireItemId(id),
    resourceBody: toResourceBody(body),
    ...(ifMatch !== undefined && { ifMatch }),
  };
}

type ResourceBody = Extract<OperationInput, { readonly operationType: "Create" }>["resourceBody"];

/** Bodies are JSON by contract; the SDK's own JSON type can't be named from outside. */
function toResourceBody(body: object): ResourceBody {
  return { ...body } as ResourceBody;
}
