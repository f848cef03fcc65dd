import { GatewayError } from "../gateway-error.ts";
import type { ModelType } from "../model/model.ts";
import type { PartitionKey, PartitionKeyValue } from "../partition-key.ts";
import type { ApiField } from "./api-class.ts";
import { type FindType, namedType } from "./field-type.ts";
import type { OperationArguments } from "./resolver-class.ts";

/** The partition key as far as arguments tell it: a value a level, undefined where none is given. */
export type GivenPartitionKey = readonly (PartitionKeyValue | undefined)[];

/**
 * The arguments that name a partition: the partition-key fields, under their own names and types.
 * A level whose field is `id` has none of its own.
 */
export function partitionArguments(type: ModelType, findType: FindType): readonly ApiField[] {
  return type.partitionKey
    .filter((field) => field.name !== "id")
    .map((field) => ({
      name: field.name,
      description: `The partition: the item's \`${field.name}\`. Left out, your permissions tell where to look.`,
      type: () => namedType(field.type, findType),
      nullable: true,
    }));
}

export function partitionArgumentNames(type: ModelType): readonly string[] {
  return type.partitionKey.map((field) => field.name);
}

/** What the operation's arguments say about the partition. A null counts as not given. */
export function givenPartitionKey(type: ModelType, args: OperationArguments): GivenPartitionKey {
  // GraphQL has coerced each argument to the field's type, which is that of a partition key.
  return type.partitionKey.map(
    (field) => (args[field.name] ?? undefined) as PartitionKeyValue | undefined,
  );
}

/** The partition key that an input writes to. */
export function partitionKeyOfProperties(
  type: ModelType,
  stored: Readonly<Record<string, unknown>>,
): PartitionKey {
  // The fields are not nullable and of types that a partition key can have; the model says so.
  return type.partitionKey.map((field) => stored[field.storedName] as PartitionKeyValue);
}

/** @throws GatewayError BAD_USER_INPUT if an argument names another partition than the input. */
export function checkArgumentsAgree(
  type: ModelType,
  given: GivenPartitionKey,
  key: PartitionKey,
): void {
  for (const [level, field] of type.partitionKey.entries()) {
    if (given[level] !== undefined && given[level] !== key[level]) {
      throw new GatewayError(
        "BAD_USER_INPUT",
        `The argument \`${field.name}\` and the input's \`${field.name}\` are different. An item can't move to another partition: create it there and delete it here.`,
      );
    }
  }
}
