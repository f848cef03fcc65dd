import type { FieldDefinitionNode } from "graphql";
import type { FaultCollector } from "./fault-collector.ts";
import type { FieldType, ModelField, ModelType } from "./model.ts";

/** A type that implements an interface. */
export type InterfaceMember = Pick<
  ModelType,
  "name" | "fields" | "references" | "reverseReferences"
>;

/** A type must have each field of its interface: of the same type, and stored under one name. */
export function checkInterfaceField(
  interfaceName: string,
  { node, field }: { readonly node: FieldDefinitionNode; readonly field: ModelField },
  member: InterfaceMember,
  faults: FaultCollector,
): void {
  const type = typeIn(member, field.name);
  const written = writtenType(field.type);
  if (type === undefined) {
    faults.at(
      node,
      `"${member.name}" implements "${interfaceName}" but has no field "${field.name}". Add "${field.name}: ${written}" there.`,
    );
  } else if (!isSubtype(type, field.type)) {
    faults.at(
      node,
      `"${interfaceName}.${field.name}" is ${written}, but "${member.name}.${field.name}" is ${writtenType(type)}. Write one type.`,
    );
  }
}

/**
 * The type of a member's field, be it stored or read from another item. References are of the
 * target's type, as is an interface's field that stands for them.
 */
function typeIn(member: InterfaceMember, name: string): FieldType | undefined {
  const stored = member.fields.find((field) => field.name === name);
  if (stored !== undefined) {
    return stored.type;
  }
  const reference = member.references.find((candidate) => candidate.name === name);
  if (reference !== undefined) {
    return {
      kind: "embedded",
      name: reference.target,
      listDepth: reference.isList ? 1 : 0,
      nullable: reference.isList ? reference.nullable : true,
      nullableItems: reference.nullableItems,
    };
  }
  const reverse = member.reverseReferences.find((candidate) => candidate.name === name);
  return (
    reverse && {
      kind: "embedded",
      name: reverse.target,
      listDepth: 1,
      nullable: reverse.nullable,
      nullableItems: false,
    }
  );
}

/** As GraphQL has it: a type may promise more than its interface, never less. */
function isSubtype(type: FieldType, wanted: FieldType): boolean {
  return (
    type.name === wanted.name &&
    type.listDepth === wanted.listDepth &&
    (wanted.nullable || !type.nullable) &&
    (wanted.nullableItems || !type.nullableItems)
  );
}

function writtenType({ name, listDepth, nullable, nullableItems }: FieldType): string {
  const item = listDepth > 0 && !nullableItems ? `${name}!` : name;
  const list = Array.from({ length: listDepth }).reduce<string>(
    (inner, _, depth) => (depth > 0 && !nullableItems ? `[${inner}!]` : `[${inner}]`),
    item,
  );
  return nullable ? list : `${list}!`;
}
