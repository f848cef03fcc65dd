import type { ItemOperations } from "../item-operations.ts";
import {
  type Aggregate,
  type AggregateResult,
  type AggregateRow,
  aggregateColumns,
  mergeAggregates,
} from "../sql/aggregate-columns.ts";
import type { Condition } from "../sql/condition.ts";
import type { PartitionChoice } from "../sql/partition-choice.ts";
import { fromContainer } from "../sql/select-query.ts";

/**
 * Aggregates over the items that fulfil the condition: one query a partition, however many values.
 */
export async function aggregateItems(
  items: ItemOperations,
  container: string,
  partitions: PartitionChoice,
  condition: Condition,
  aggregates: readonly Aggregate[],
): Promise<AggregateResult> {
  const query = fromContainer(aggregateColumns(aggregates).join(", "), condition, "");
  const keys =
    partitions.kind === "several"
      ? partitions.partitionKeys
      : [partitions.kind === "one" ? partitions.partitionKey : undefined];
  const answers = await Promise.all(
    keys.map((key) =>
      items.query<AggregateRow>(container, query, key, {
        // One row is expected, but Cosmos DB may answer in parts.
        limit: Number.MAX_SAFE_INTEGER,
        isUnmerged: true,
      }),
    ),
  );
  return mergeAggregates(aggregates, answers.flat());
}
