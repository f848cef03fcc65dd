import type { PartitionKey, PartitionKeyValue } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import { valueAt } from "../../items/sql/value-at.ts";
import type { PartitionKeyLevel, QueriedType } from "../../model/model.ts";
import type { ApiField } from "../classes/api-class.ts";
import { type FindType, namedType } from "../classes/field-type.ts";
import type { OperationArguments } from "../classes/resolver-class.ts";

/**
 * The partition key as far as arguments tell it: a value a level, undefined where none is given.
 */
export type GivenPartitionKey = readonly (PartitionKeyValue | undefined)[];

/**
 * The arguments that name a partition: the partition-key fields, under their own names and types.
 * A level whose field is `id` has none of its own.
 */
export function partitionArguments(type: QueriedType, findType: FindType): readonly ApiField[] {
  return type.partitionKey
    .filter((level) => level.name !== "id")
    .map((level) => ({
      name: level.name,
      description: `The partition: the item's \`${writtenPath(level)}\`. Left out, your permissions tell where to look.`,
      type: () => namedType(level.type, findType),
      nullable: true,
    }));
}

/** How clients see the value in an item, such as `address.country`. */
export function writtenPath({ fields }: PartitionKeyLevel): string {
  return fields.map(({ name }) => name).join(".");
}

export function partitionArgumentNames(type: QueriedType): readonly string[] {
  return type.partitionKey.map((field) => field.name);
}

/** The names as a message has them: `tenantId` and `customerId`. */
export function partitionArgumentList(type: QueriedType): string {
  return partitionArgumentNames(type)
    .map((name) => `\`${name}\``)
    .join(" and ");
}

/** What the operation's arguments say about the partition. A null counts as not given. */
export function givenPartitionKey(type: QueriedType, args: OperationArguments): GivenPartitionKey {
  // GraphQL has coerced each argument to the field's type, which is that of a partition key.
  return type.partitionKey.map(
    (field) => (args[field.name] ?? undefined) as PartitionKeyValue | undefined,
  );
}

/** The partition key that an input writes to. */
export function partitionKeyOfProperties(
  type: QueriedType,
  stored: Readonly<Record<string, unknown>>,
): PartitionKey {
  // The fields are not nullable and of types that a partition key can have; the model says so.
  return type.partitionKey.map(({ path }) => valueAt(stored, path) as PartitionKeyValue);
}

/**
 * The partition key of an item that the API shows; null where it has no value that could be one.
 */
export function keyOfApiValue(
  type: QueriedType,
  value: Readonly<Record<string, unknown>>,
): PartitionKey {
  return type.partitionKey.map(({ fields }) => {
    const found = valueAt(
      value,
      fields.map(({ name }) => name),
    );
    return typeof found === "object" || found === undefined ? null : (found as PartitionKeyValue);
  });
}

/** @throws GatewayError BAD_USER_INPUT if an argument names another partition than the input. */
export function checkArgumentsAgree(
  type: QueriedType,
  given: GivenPartitionKey,
  key: PartitionKey,
): void {
  for (const [level, field] of type.partitionKey.entries()) {
    if (given[level] !== undefined && given[level] !== key[level]) {
      throw new GatewayError(
        "BAD_USER_INPUT",
        `The argument \`${field.name}\` and the input's \`${writtenPath(field)}\` are different. An item can't move to another partition: create it there and delete it here.`,
      );
    }
  }
}
