import type { ResourceScope } from "../cosmos/resource-scope.ts";
import { GatewayError } from "../gateway-error.ts";

/**
 * A query for which there is no permission but one on the outer levels of a hierarchical partition
 * key. Cosmos DB reads and writes single items under it, and refuses every query, whatever the
 * query asks for (Azure/azure-cosmos-dotnet-v3 issue 4099).
 *
 * @param given what tells the partition, in the words of whoever asked: `partitionKey`, or the
 * names of a type's arguments.
 */
export class PrefixQueryError extends GatewayError {
  constructor(logReason: string | undefined, given = "partition key") {
    super(
      "FORBIDDEN",
      `Cosmos DB runs no query under a permission on outer levels of a partition key. It takes a permission that names all levels. If you have one, give its ${given}. Single items can be read by id.`,
      logReason === undefined ? {} : { logReason },
    );
    this.name = "PrefixQueryError";
  }
}

/** Whether it is on outer levels alone of a partition key that has so many. */
export function isOnOuterLevels({ partitionKey }: ResourceScope, levels: number): boolean {
  return partitionKey !== undefined && partitionKey.length < levels;
}
