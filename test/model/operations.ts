import type { Scene } from "./allowed.ts";
import { aggregateOf, listOf, queryOf, readOf } from "./reads.ts";
import { attempt, Refusal } from "./refusal.ts";
import type { ModelType, Operation, Outcome, Permission, Store } from "./terms.ts";
import { writeOf } from "./writes.ts";

const WHOLE = { partitionKey: null, item: null };

/** What an operation answers a caller with these permissions, and what is stored afterwards. */
export function outcomeOf(
  operation: Operation,
  permissions: readonly Permission[],
  store: Store,
  types: readonly ModelType[],
): Outcome {
  const scene: Scene = { permissions, store, types };
  const outcome = attempt((): Outcome => {
    switch (operation.do) {
      case "viewer":
        return { answer: { permissions: permissions.map((one) => ({ ...WHOLE, ...one })) }, store };
      case "read":
        return readOf(operation, scene);
      case "list":
        return listOf(operation, scene);
      case "aggregate":
        return { answer: aggregateOf(operation, scene), store };
      case "query":
        return { answer: queryOf(operation, scene), store };
      default:
        return writeOf(operation, scene);
    }
  });
  return outcome instanceof Refusal ? { refused: outcome.codes } : outcome;
}
