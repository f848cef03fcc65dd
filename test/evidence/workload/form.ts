import type { KeyValue, Operation } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { planOf } from "../world/type-plans.ts";

/**
 * Which root field an operation is asked by. `typed` is the one that is named after it; `many` is
 * `createXs` or `deleteXs`; `generic` is that of items as JSON.
 */
export type Form = "typed" | "many" | "generic";

/** The forms in which an operation means the same to the model. */
export function formsOf(operation: Operation): readonly Form[] {
  return [
    "typed",
    ...(isMany(operation) ? ["many" as const] : []),
    ...(isGeneric(operation) ? ["generic" as const] : []),
  ];
}

/** Half of the operations that have another form get it. */
export function nextForm(operation: Operation, random: Random): Form {
  const [typed = "typed", ...others] = formsOf(operation);
  return others.length > 0 && random.chance(0.5) ? random.pick(others) : typed;
}

/** The partition that an operation names by all levels; undefined where it doesn't. */
export function wholeKeyOf(operation: Operation): readonly KeyValue[] | undefined {
  if (operation.do === "viewer" || operation.do === "transact") {
    return undefined;
  }
  const key = planOf(operation.type).partitionKeyFields.map((field, level) => {
    const own = operation.partitionKey?.[level];
    // Partition-key fields of the world are texts
    const written = "input" in operation ? (operation.input[field] as KeyValue) : own;
    const value = field === "id" && "id" in operation ? operation.id : written;
    // A write that names two partitions is refused by the typed form alone
    return own === undefined || own === value ? value : undefined;
  });
  return key.every((value) => value !== undefined) ? key : undefined;
}

/**
 * What is one transaction in either form: creates that name one partition, or deletes of different
 * items. One write alone is a transaction as well, which a permission on an item doesn't allow.
 */
function isMany(operation: Operation): boolean {
  switch (operation.do) {
    case "create":
      return !isItsOwnPartition(operation.type);
    case "delete":
      return operation.ifMatch === undefined && !isItsOwnPartition(operation.type);
    case "transact": {
      const { operations, partitionKey } = operation;
      if (operations.every((write) => write.do === "create")) {
        const keys = operations.map((write) => JSON.stringify(wholeKeyOf(write)));
        const given = partitionKey === undefined ? [] : [JSON.stringify(partitionKey)];
        return keys.length > 0 && new Set([...keys, ...given]).size === 1;
      }
      const ids = operations.map((write) => (write.do === "delete" ? write.id : undefined));
      const isOne = !isItsOwnPartition(operation.type) || ids.length === 1;
      return isOne && !ids.includes(undefined) && new Set(ids).size === ids.length;
    }
    default:
      return false;
  }
}

/** A setting is, and has permissions of its own. */
function isItsOwnPartition(typeName: string): boolean {
  return planOf(typeName).partitionKeyFields.includes("id");
}

/**
 * What is about one item of a container with one type, in a partition that is named as a whole, or
 * that the permissions tell. JSON has no references, and its patches fail over null and over a list
 * that isn't there.
 */
function isGeneric(operation: Operation): boolean {
  if (operation.do === "viewer" || (wholeKeyOf(operation) === undefined && !isTold(operation))) {
    return false;
  }
  const { discriminator, fields } = planOf(operation.type);
  if (discriminator !== undefined) {
    return false;
  }
  const isRequired = (name: string) => fields.some((one) => one.name === name && one.isRequired);
  switch (operation.do) {
    case "read":
      return operation.reference === undefined;
    case "patch": {
      const { set = {}, increment = {}, append, unset } = operation.patch;
      return (
        operation.condition === undefined &&
        append === undefined &&
        unset === undefined &&
        Object.entries(set).every(([name, value]) => value !== null || !isRequired(name)) &&
        Object.keys(increment).every(isRequired)
      );
    }
    case "create":
    case "upsert":
    case "replace":
    case "delete":
      return true;
    default:
      return false;
  }
}

/**
 * Whether it is left to the caller's permissions where to write. Of several levels JSON needs all,
 * and a typed read looks in each partition that the permissions name.
 */
function isTold(operation: Operation): boolean {
  return (
    (operation.do === "patch" || operation.do === "delete") &&
    operation.partitionKey === undefined &&
    planOf(operation.type).partitionKeyFields.length === 1
  );
}
