import type { FaultCollector } from "./fault-collector.ts";
import type { ModelField } from "./model.ts";
import type { ReadField } from "./read-field.ts";
import { type ReadType, writtenField } from "./read-type.ts";

/** Cosmos DB allows three levels in a hierarchical partition key. */
const MAX_LEVELS = 3;

/** What a partition key can be made of: a JSON string, number or boolean. */
const KEY_SCALARS: readonly string[] = [
  "ID",
  "String",
  "Int",
  "Float",
  "Boolean",
  "DateTime",
  "Date",
  "BigInt",
  "Long",
];

/** Arguments that stand beside those of the partition key. */
const OTHER_ARGUMENTS: readonly string[] = [
  "filter",
  "orderBy",
  "first",
  "after",
  "input",
  "ifMatch",
  "patch",
  "condition",
  "operations",
  "groupBy",
];

/** The fields with `@partitionKey`, one a level. */
export function readPartitionKey(object: ReadType, faults: FaultCollector): readonly ModelField[] {
  const marked = object.fields.flatMap((read) => {
    const directive = read.directives.get("partitionKey");
    return directive === undefined ? [] : [{ read, level: Number(directive.level ?? 0) }];
  });
  const first = marked[0];
  if (first === undefined) {
    const isMarked = writtenField(object, (field) =>
      (field.directives ?? []).some((directive) => directive.name.value === "partitionKey"),
    );
    if (isMarked === undefined) {
      faults.at(
        object.node.name,
        `"${object.node.name.value}" has no partition key. Mark the field that holds it, such as "tenantId: String! @partitionKey".`,
      );
    }
    return [];
  }
  for (const { read } of marked) {
    checkKeyField(read, faults);
  }
  const levels: ModelField[] = [];
  for (const { read, level } of marked) {
    if (level < 0 || level >= MAX_LEVELS) {
      faults.at(read.node, `A partition key has levels 0 to ${MAX_LEVELS - 1}, not ${level}.`);
    } else if (levels[level] === undefined) {
      levels[level] = read.field;
    } else {
      faults.at(
        read.node,
        `"${levels[level].name}" and "${read.field.name}" are both level ${level} of the partition key. Write @partitionKey(level: ${level + 1}) on the inner one.`,
      );
    }
  }
  const gap = Array.from({ length: levels.length }, (_, level) => level).find(
    (level) => levels[level] === undefined,
  );
  if (gap !== undefined) {
    faults.at(
      first.read.node,
      `The partition key has no level ${gap}. Count the levels from 0 without a gap.`,
    );
  }
  return levels.filter((field) => field !== undefined);
}

function checkKeyField({ node, field }: ReadField, faults: FaultCollector): void {
  const { type } = field;
  if (OTHER_ARGUMENTS.includes(field.name)) {
    faults.at(
      node,
      `A partition-key field is an argument of operations, and "${field.name}" is one already. Call it otherwise and keep the stored name: ${field.name}Value: … @partitionKey @name(is: "${field.name}").`,
    );
  }
  const canBeKey = type.kind === "enum" || KEY_SCALARS.includes(type.name);
  if (type.listDepth > 0 || !canBeKey) {
    faults.at(
      node,
      `"${field.name}" can't be a partition key: that is a string, a number or a boolean. Use one of ${KEY_SCALARS.join(", ")} or an enum.`,
    );
  } else if (type.nullable) {
    faults.at(
      node,
      `A partition key must be there on each item. Write "${field.name}: ${type.name}!".`,
    );
  }
}
