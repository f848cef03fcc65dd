import type { ItemOperations } from "../item-operations.ts";
import type { Condition } from "../sql/condition.ts";
import type { PartitionChoice } from "../sql/partition-choice.ts";
import { countQuery } from "../sql/select-query.ts";

/** How many items fulfil the condition: one query a partition. */
export async function countItems(
  items: ItemOperations,
  container: string,
  partitions: PartitionChoice,
  condition: Condition,
): Promise<number> {
  const query = countQuery(condition);
  const keys =
    partitions.kind === "several"
      ? partitions.partitionKeys
      : [partitions.kind === "one" ? partitions.partitionKey : undefined];
  const counts = await Promise.all(
    keys.map((key) =>
      items.query<number>(container, query, key, {
        // One row is expected, but Cosmos DB may answer in parts.
        limit: Number.MAX_SAFE_INTEGER,
        isUnmerged: true,
      }),
    ),
  );
  return counts.flat().reduce((sum, count) => sum + count, 0);
}
