import type { Container, OperationInput } from "@azure/cosmos";
import type { PartitionKey } from "../cosmos/partition-key.ts";
import type { GatewayError } from "../gateway-error.ts";
import { type SentOperation, toSentOperations } from "./batch-request.ts";
import type { BatchOperation, Item, PatchCondition, PatchOperation } from "./item-operations.ts";
import { withOperationIndex } from "./operation-index.ts";
import type { ScopedRunner } from "./run-scoped.ts";
import { translateCosmosError } from "./translate-cosmos-error.ts";

export interface BatchRequest {
  readonly container: string;
  readonly partitionKey: PartitionKey;
  readonly operations: readonly BatchOperation[];
}

/** `ItemOperations.batch`. */
export async function runBatch(
  runner: ScopedRunner,
  request: BatchRequest,
): Promise<readonly (Item | null)[]> {
  const sent = toSentOperations(request.operations);
  if (sent.length === 0) {
    return [];
  }
  const outcome = await send(runner, request, sent);
  if ("failed" in outcome) {
    const { error, operation } = outcome.failed;
    throw withOperationIndex(error, operation.operationIndex);
  }
  // Where a patch was sent as several, its last part has the item that it came to.
  return request.operations.map((_, index) => {
    const last = sent.findLastIndex(({ operationIndex }) => operationIndex === index);
    return outcome.items[last] ?? null;
  });
}

export interface LongPatch {
  readonly container: string;
  readonly partitionKey: PartitionKey;
  readonly item: string;
  readonly operations: readonly PatchOperation[];
  readonly condition: PatchCondition;
}

/**
 * A patch of more operations than Cosmos DB takes in one, as several in one transactional batch.
 *
 * Not read, changed here and replaced by etag, which takes two requests, more under contention, and
 * a second implementation of what a patch does. In the batch nothing can come between the parts, so
 * that what guards the first guards all; the later parts could not be guarded by the etag, which
 * the first changes, and must not be by the condition, which the first may make untrue.
 */
export async function runLongPatch(runner: ScopedRunner, patch: LongPatch): Promise<Item> {
  const { item: id, operations, condition } = patch;
  const sent = toSentOperations([{ kind: "patch", id, operations, ...condition }]);
  const outcome = await send(runner, patch, sent);
  if ("failed" in outcome) {
    const { error, operation } = outcome.failed;
    throw error.operationIndex === undefined
      ? error
      : withOperationIndex(error, operation.earlierChanges + error.operationIndex);
  }
  return outcome.items.at(-1) as Item; // A patch answers the stored item.
}

type Outcome =
  | { readonly items: readonly (Item | null)[] }
  | { readonly failed: { readonly error: GatewayError; readonly operation: SentOperation } };

async function send(
  runner: ScopedRunner,
  { container, partitionKey }: Pick<BatchRequest, "container" | "partitionKey">,
  sent: readonly SentOperation[],
): Promise<Outcome> {
  const request = { kind: "batch", container, partitionKey } as const;
  const inputs = sent.map(({ input }) => input);
  const answers = await runner.run(request, (scoped, abortSignal) =>
    sendBatch(scoped, inputs, partitionKey, abortSignal),
  );
  const failedAt = findFailure(answers);
  const answer = answers[failedAt];
  const operation = sent[failedAt];
  if (answer === undefined || operation === undefined) {
    // Cosmos DB answers the stored item, system properties included.
    return { items: answers.map(({ resourceBody }) => (resourceBody as Item | undefined) ?? null) };
  }
  const { statusCode: code, subStatusCode: substatus = 0, message = "" } = answer;
  const error = translateCosmosError(
    { code, substatus, message },
    {
      ...request,
      item: idOf(operation.operation),
      hasCondition: "condition" in operation.operation,
      isUpsert: operation.operation.kind === "upsert",
    },
  );
  return { failed: { error, operation } };
}

/** What one operation of a batch was answered; the SDK's type leaves some of it out. */
interface OperationAnswer {
  readonly statusCode: number;
  readonly subStatusCode?: number;
  readonly message?: string;
  readonly resourceBody?: unknown;
}

async function sendBatch(
  container: Container,
  inputs: readonly OperationInput[],
  partitionKey: PartitionKey,
  abortSignal: AbortSignal,
): Promise<readonly OperationAnswer[]> {
  const { result } = await container.items
    .batch([...inputs], [...partitionKey], { abortSignal })
    .catch((error: unknown) => {
      // The SDK wraps everything that is thrown, also the gateway's own errors.
      throw error instanceof Error && error.cause !== undefined ? error.cause : error;
    });
  const answers = result ?? [];
  if (answers.length !== inputs.length) {
    throw new Error(`A batch of ${inputs.length} operations got ${answers.length} answers.`);
  }
  return answers;
}

/** Place of the operation that failed, or -1. Those that did not run, or were undone, are 424. */
function findFailure(answers: readonly OperationAnswer[]): number {
  const isFailure = ({ statusCode }: OperationAnswer) => statusCode >= 400;
  const cause = answers.findIndex((answer) => isFailure(answer) && answer.statusCode !== 424);
  return cause === -1 ? answers.findIndex(isFailure) : cause;
}

function idOf(operation: BatchOperation): string {
  return "id" in operation ? operation.id : operation.body.id;
}
