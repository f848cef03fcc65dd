import { GatewayError } from "../../gateway-error.ts";
import type { ModelType } from "../../model/model.ts";
import { writtenPath } from "../partitions/partition-arguments.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * An object that holds the partition key can be patched, the key in it can't: an item stays in its
 * partition. `set` is that part of the patch, by the names of the model's fields.
 *
 * @throws GatewayError BAD_USER_INPUT if it names the key.
 */
export function checkKeyStays(type: ModelType, set: JsonObject | null | undefined): void {
  for (const level of type.partitionKey) {
    let value: unknown = set;
    for (const { name } of level.fields) {
      value =
        typeof value === "object" && value !== null
          ? // The check says that it is an object.
            (value as JsonObject)[name]
          : undefined;
    }
    if (value !== undefined) {
      throw new GatewayError(
        "BAD_USER_INPUT",
        `\`${writtenPath(level)}\` is the partition key and can't change: an item can't move to another partition. Create it there and delete it here.`,
      );
    }
  }
}
