import type { JsonObject } from "../../cosmos/json-object.ts";
import { GatewayError } from "../../gateway-error.ts";
import { valueAt } from "../../items/sql/value-at.ts";
import type { ModelType } from "../../model/model.ts";
import { writtenPath } from "../partitions/partition-arguments.ts";

/**
 * An object that holds the partition key can be patched, the key in it can't: an item stays in its
 * partition. `set` is that part of the patch, by the names of the model's fields.
 *
 * @throws GatewayError BAD_USER_INPUT if it names the key.
 */
export function checkKeyStays(type: ModelType, set: JsonObject | null | undefined): void {
  for (const level of type.partitionKey) {
    const path = level.fields.map(({ name }) => name);
    const value = valueAt(set ?? {}, path);
    if (value !== undefined) {
      throw new GatewayError(
        "BAD_USER_INPUT",
        `\`${writtenPath(level)}\` is the partition key and can't change: an item can't move to another partition. Create it there and delete it here.`,
      );
    }
  }
}
