import { GatewayError } from "../../gateway-error.ts";
import type { PartitionChoice } from "../../items/sql/partition-choice.ts";
import type { QueriedType } from "../../model/model.ts";
import { partitionArgumentNames } from "./partition-arguments.ts";

/**
 * Cosmos DB reads points with a permission on the outer levels of a hierarchical partition key, but
 * refuses queries (Azure/azure-cosmos-dotnet-v3 issue 4099).
 */
export function explainRefusal(
  type: QueriedType,
  partitions: PartitionChoice,
  error: unknown,
): unknown {
  const isPrefix =
    partitions.kind === "one" && partitions.partitionKey.length < type.partitionKey.length;
  if (!isPrefix || !(error instanceof GatewayError) || error.code !== "FORBIDDEN") {
    return error;
  }
  const names = partitionArgumentNames(type).map((name) => `\`${name}\``);
  return new GatewayError(
    "FORBIDDEN",
    `Your permission covers a part of the partition key's levels, and Cosmos DB refuses lists by a part. Give ${names.join(" and ")}.`,
    { cause: error },
  );
}
