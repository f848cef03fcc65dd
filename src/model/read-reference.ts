import type { FaultCollector } from "./fault-collector.ts";
import type { ModelField, ModelReference, ModelType, PartitionKeyLevel } from "./model.ts";
import type { ReadField } from "./read-field.ts";
import type { ReadType } from "./read-type.ts";

/** A stored type before it is known which others it refers to. */
export type TypeWithoutReferences = Omit<ModelType, "references" | "reverseReferences">;

/** The fields of a stored type with `@reference(id:)`, as far as they make sense. */
export function readReferences(
  read: ReadType | undefined,
  owner: TypeWithoutReferences,
  types: readonly TypeWithoutReferences[],
  faults: FaultCollector,
): readonly ModelReference[] {
  return (read?.fields ?? []).flatMap((written) => {
    const directive = written.directives.get("reference");
    // One that says neither or both is told of where it is looked at as a reverse one.
    if (directive?.id === undefined || directive.from !== undefined) {
      return [];
    }
    const target = findTarget(written, types, faults);
    if (target === undefined) {
      return [];
    }
    checkShape(written, faults);
    const idField = findIdField(written, String(directive.id), owner, faults);
    const partitionKeyFields = findKeyFields(
      written,
      directive.partitionKey,
      owner,
      target,
      faults,
    );
    const { name, description, deprecationReason, type } = written.field;
    return idField === undefined
      ? []
      : [
          {
            name,
            description,
            deprecationReason,
            target: target.name,
            isList: type.listDepth > 0,
            nullable: type.nullable,
            nullableItems: type.nullableItems,
            idField,
            partitionKeyFields,
          },
        ];
  });
}

function checkShape({ node, field, directives }: ReadField, faults: FaultCollector): void {
  const { name, listDepth, nullable } = field.type;
  checkNotStored({ node, field, directives }, faults);
  if (listDepth > 1) {
    faults.at(node, `"${field.name}" can be one ${name} or a list of them, not a list of lists.`);
  }
  if (listDepth === 0 && !nullable) {
    faults.at(
      node,
      `The item that "${field.name}" refers to may be gone, or the caller may have no permission to read it. Write "${field.name}: ${name}".`,
    );
  }
}

/** The type that a reference is about. Without a container, it is a fault. */
export function findTarget(
  { node, field }: ReadField,
  types: readonly TypeWithoutReferences[],
  faults: FaultCollector,
): TypeWithoutReferences | undefined {
  const target = types.find((type) => type.name === field.type.name);
  if (target === undefined) {
    faults.at(
      node,
      `"${field.name}" refers to "${field.type.name}", which has no @container. Refer to a type that has one.`,
    );
  }
  return target;
}

export function checkNotStored({ node, field, directives }: ReadField, faults: FaultCollector) {
  for (const other of ["name", "partitionKey"]) {
    if (directives.has(other)) {
      faults.at(node, `"${field.name}" is not stored, so it can't have @${other}. Remove it.`);
    }
  }
}

function findIdField(
  { node, field }: ReadField,
  idName: string,
  owner: TypeWithoutReferences,
  faults: FaultCollector,
): ModelField | undefined {
  const idField = owner.fields.find((candidate) => candidate.name === idName);
  const listDepth = field.type.listDepth;
  const isId =
    idField !== undefined &&
    ["ID", "String"].includes(idField.type.name) &&
    idField.type.listDepth === listDepth;
  if (!isId) {
    const type = listDepth === 0 ? "ID" : "[ID!]";
    faults.at(
      node,
      `@reference(id: "${idName}") names no field of "${owner.name}" that holds ${listDepth === 0 ? "an id" : "ids"}. Add "${idName}: ${type}", or name another.`,
    );
    return undefined;
  }
  return idField;
}

/** The owner's fields that `@reference(partitionKey:)` names. None, if it is left out or faulty. */
export function findKeyFields(
  { node }: ReadField,
  written: unknown,
  owner: TypeWithoutReferences,
  target: TypeWithoutReferences,
  faults: FaultCollector,
): readonly ModelField[] {
  if (written === undefined) {
    return [];
  }
  // The argument's shape was checked where it was read: a string or a list of them.
  const names = (Array.isArray(written) ? written : [written]) as readonly string[];
  const fields = names.map((name) => owner.fields.find((field) => field.name === name));
  const fitting = fields.filter(
    (field, level) => field !== undefined && canHold(field, target.partitionKey[level]),
  );
  if (names.length !== target.partitionKey.length || fitting.length < names.length) {
    const key = target.partitionKey.map((field) => `${field.name}: ${field.type.name}`).join(", ");
    faults.at(
      node,
      `@reference(partitionKey:) names the fields of "${owner.name}" that hold the partition key of "${target.name}" (${key}), one a level and of the same type.`,
    );
    return [];
  }
  return fitting.filter((field) => field !== undefined);
}

function canHold(field: ModelField, key: PartitionKeyLevel | undefined): boolean {
  const texts = ["ID", "String"];
  return (
    key !== undefined &&
    field.type.listDepth === 0 &&
    (field.type.name === key.type.name ||
      (texts.includes(field.type.name) && texts.includes(key.type.name)))
  );
}
