import type { FaultCollector } from "./fault-collector.ts";
import type { ModelField, PartitionKeyLevel } from "./model.ts";
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
  "inputs",
  "ids",
];

/** A `@partitionKey`, and the field that it stands on. */
interface Mark {
  readonly read: ReadField;
  readonly level: number;
  /** What `field` names: the field inside the marked one's object that holds the value. */
  readonly inside: string | undefined;
}

/**
 * The levels of a stored type's partition key: fields with `@partitionKey`, and fields inside their
 * objects with `@partitionKey(field:)`. `types` are all types that were read, by name.
 */
export function readPartitionKey(
  object: ReadType,
  types: ReadonlyMap<string, ReadType>,
  faults: FaultCollector,
): readonly PartitionKeyLevel[] {
  const marks = object.fields.flatMap((read) =>
    read.directives.all("partitionKey").map(
      (directive): Mark => ({
        read,
        level: Number(directive.level ?? 0),
        inside: typeof directive.field === "string" ? directive.field : undefined,
      }),
    ),
  );
  const first = marks[0];
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
  const levels: PartitionKeyLevel[] = [];
  for (const mark of marks) {
    const read = readLevel(mark, types, faults);
    const { level } = mark;
    const earlier = levels[level];
    if (level < 0 || level >= MAX_LEVELS) {
      faults.at(mark.read.node, `A partition key has levels 0 to ${MAX_LEVELS - 1}, not ${level}.`);
    } else if (earlier === undefined) {
      // The level of a fault is kept as well, so that it isn't told to be missing too.
      levels[level] = read;
    } else {
      faults.at(
        mark.read.node,
        `"${writtenPath(earlier)}" and "${writtenPath(read)}" are both level ${level} of the partition key. Write @partitionKey(level: ${level + 1}) on the inner one.`,
      );
    }
  }
  checkGaps(levels, first, faults);
  checkNames(levels, first, faults);
  return levels.filter((level) => level !== undefined);
}

function checkGaps(levels: readonly PartitionKeyLevel[], first: Mark, faults: FaultCollector) {
  const gap = Array.from({ length: levels.length }, (_, level) => level).find(
    (level) => levels[level] === undefined,
  );
  if (gap !== undefined) {
    faults.at(
      first.read.node,
      `The partition key has no level ${gap}. Count the levels from 0 without a gap.`,
    );
  }
}

function checkNames(levels: readonly PartitionKeyLevel[], first: Mark, faults: FaultCollector) {
  const names = levels.filter((level) => level !== undefined).map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    faults.at(
      first.read.node,
      `Two levels of the partition key would be the argument "${twice}". Rename one of the fields and keep its stored name with @name(is:).`,
    );
  }
}

function readLevel(
  { read, inside }: Mark,
  types: ReadonlyMap<string, ReadType>,
  faults: FaultCollector,
): PartitionKeyLevel {
  let fields: readonly [ModelField, ...ModelField[]] = [read.field];
  let holder = read.field;
  for (const name of inside?.split(".") ?? []) {
    const object = holder.type.kind === "embedded" ? types.get(holder.type.name) : undefined;
    const next = object?.fields.find(({ field }) => field.name === name);
    if (object === undefined || next === undefined || holder.type.listDepth > 0) {
      const what = `@partitionKey(field: "${inside}") on "${read.field.name}"`;
      faults.at(
        read.node,
        object === undefined || holder.type.listDepth > 0
          ? `${what} looks into "${holder.name}", which is no single object.`
          : `${what} names no field "${name}" of "${holder.type.name}".`,
      );
      break;
    }
    if (holder.type.nullable) {
      faults.at(
        read.node,
        `A partition key must be there on each item, so "${holder.name}" must be. Write "${holder.name}: ${holder.type.name}!".`,
      );
    }
    holder = next.field;
    fields = [...fields, holder];
  }
  const level = {
    name: fields
      .map(({ name }, index) =>
        index === 0 ? name : `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      )
      .join(""),
    fields,
    path: fields.map(({ storedName }) => storedName),
    type: holder.type,
  };
  const isWhole = fields.length === (inside?.split(".").length ?? 0) + 1;
  if (isWhole) {
    checkKeyField(read, level, faults);
  }
  return level;
}

function checkKeyField(
  { node, field }: ReadField,
  { name, fields, type }: PartitionKeyLevel,
  faults: FaultCollector,
): void {
  const path = fields.map((part) => part.name).join(".");
  if (OTHER_ARGUMENTS.includes(name)) {
    faults.at(
      node,
      `A partition-key field is an argument of operations, and "${name}" is one already. Give it another name and keep the stored one: ${field.name}Value: … @partitionKey @name(is: "${field.name}").`,
    );
  }
  // A field's own name is looked at where the field is read.
  if (fields.length > 1 && name.startsWith("__")) {
    faults.at(
      node,
      `The partition key at "${path}" would be the argument "${name}", and GraphQL keeps names with two underscores at the start. Rename a field on the way and keep its stored name with @name(is:).`,
    );
  }
  const canBeKey = type.kind === "enum" || KEY_SCALARS.includes(type.name);
  if (type.kind === "embedded" && type.listDepth === 0) {
    faults.at(
      node,
      `"${path}" is an object, which can't be a partition key. Name the field in it that is: @partitionKey(field: "country").`,
    );
  } else if (type.listDepth > 0 || !canBeKey) {
    faults.at(
      node,
      `"${path}" can't be a partition key: that is a string, a number or a boolean. Use one of ${KEY_SCALARS.join(", ")} or an enum.`,
    );
  } else if (type.nullable) {
    faults.at(
      node,
      `A partition key must be there on each item. Write "${fields.at(-1)?.name}: ${type.name}!".`,
    );
  }
}

function writtenPath({ fields }: PartitionKeyLevel): string {
  return fields.map(({ name }) => name).join(".");
}
