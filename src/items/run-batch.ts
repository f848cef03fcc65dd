import type { Container, OperationInput } from "@azure/cosmos";
import type { PartitionKey } from "../partition-key.ts";
import type { Item } from "./item-operations.ts";

/** What became of a transactional batch: all of it, or nothing, for the fault of one operation. */
export type BatchOutcome =
  /** For each operation the item as stored, null for a delete. */
  | { readonly items: readonly (Item | null)[] }
  | {
      /** Place of the operation that failed. */
      readonly failedAt: number;
      /** As the SDK throws one of a single operation. */
      readonly failure: OperationFailure;
    };

interface OperationFailure {
  readonly code: number;
  readonly substatus: number;
  readonly message: string;
}

/** Fields of an operation's answer that the SDK's type leaves out. */
interface OperationAnswer {
  readonly statusCode: number;
  readonly subStatusCode?: number;
  readonly message?: string;
  readonly resourceBody?: unknown;
}

/** What the operations are answered with that did not run, or were undone. */
const FAILED_DEPENDENCY = 424;

/** Runs a transactional batch. Throws for a batch that was refused as a whole. */
export async function runBatch(
  container: Container,
  inputs: readonly OperationInput[],
  partitionKey: PartitionKey,
  abortSignal: AbortSignal,
): Promise<BatchOutcome> {
  const { result } = await container.items
    .batch([...inputs], [...partitionKey], { abortSignal })
    .catch((error: unknown) => {
      // The SDK wraps whatever was thrown, errors of the gateway's own included.
      throw error instanceof Error && error.cause !== undefined ? error.cause : error;
    });
  const answers: readonly OperationAnswer[] = result ?? [];
  if (answers.length !== inputs.length) {
    throw new Error(`A batch of ${inputs.length} operations got ${answers.length} answers.`);
  }
  const failedAt = answers.findIndex(
    ({ statusCode }) => statusCode >= 400 && statusCode !== FAILED_DEPENDENCY,
  );
  const failed = answers[failedAt];
  if (failed !== undefined) {
    const { statusCode, subStatusCode = 0, message = "" } = failed;
    return { failedAt, failure: { code: statusCode, substatus: subStatusCode, message } };
  }
  // Cosmos DB answers the stored item, system properties included.
  return { items: answers.map(({ resourceBody }) => (resourceBody as Item | undefined) ?? null) };
}
