import type {
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  UnionTypeDefinitionNode,
} from "graphql";
import { checkInterfaceField, type InterfaceMember } from "./check-interface-field.ts";
import type { ModelDefinitions } from "./collect-definitions.ts";
import type { FaultCollector } from "./fault-collector.ts";
import type { AbstractType, FieldType, ModelField, ModelType } from "./model.ts";
import { type Directives, readDirectives } from "./read-directive.ts";
import { type ReadField, readFields } from "./read-field.ts";
import type { ReadType } from "./read-type.ts";

/** The interfaces and unions, as far as they make sense. `types` and `read` go in parallel. */
export function readAbstractTypes(
  definitions: ModelDefinitions,
  read: readonly ReadType[],
  types: readonly ModelType[],
  faults: FaultCollector,
): readonly AbstractType[] {
  checkImplements(definitions, types, faults);
  const interfaces = [...definitions.interfaces.values()].flatMap((node) => {
    const directives = readDirectives(node.directives ?? [], "interface", faults);
    const members = types.filter((_, index) =>
      read[index]?.node.interfaces?.some(({ name }) => name.value === node.name.value),
    );
    const fields = readFields(node, definitions, faults);
    checkInterface(node, fields, members, faults);
    const names = new Set(types.map(({ name }) => name));
    return readShared("interface", node, directives, members, faults).map((shared) => ({
      ...shared,
      fields: fields
        .filter(({ field }) => !names.has(field.type.name))
        .map(({ field }) => withStoredName(field, members)),
      references: fields
        .filter(({ field }) => names.has(field.type.name))
        .map(({ field: { name, description, deprecationReason, type } }) => ({
          name,
          description,
          deprecationReason,
          target: type.name,
          isList: type.listDepth > 0,
          nullable: type.nullable,
          nullableItems: type.nullableItems,
        })),
    }));
  });
  const unions = [...definitions.unions.values()].flatMap((node) => {
    const directives = readDirectives(node.directives ?? [], "union", faults);
    const members = unionMembers(node, types, faults);
    return readShared("union", node, directives, members, faults).map((shared) => ({
      ...shared,
      fields: fieldsInCommon(members),
      references: [],
    }));
  });
  return [...interfaces, ...unions];
}

/** What `implements` names must be an interface of the model, and the type must be stored. */
function checkImplements(
  definitions: ModelDefinitions,
  types: readonly ModelType[],
  faults: FaultCollector,
): void {
  for (const node of definitions.objects.values()) {
    const seen = new Set<string>();
    for (const { name } of node.interfaces ?? []) {
      if (seen.has(name.value)) {
        faults.at(name, `"${node.name.value}" implements "${name.value}" already. Keep one.`);
      }
      seen.add(name.value);
      if (!definitions.interfaces.has(name.value)) {
        faults.at(name, `Unknown interface "${name.value}". Define it, or remove it here.`);
      } else if (!types.some((type) => type.name === node.name.value)) {
        faults.at(
          name,
          `"${node.name.value}" has no @container, and interfaces are for stored types. Remove "implements", or give the type a @container.`,
        );
      }
    }
  }
  for (const node of definitions.interfaces.values()) {
    if ((node.interfaces ?? []).length > 0) {
      faults.at(
        node.name,
        `The interface "${node.name.value}" can't implement another. Let its types implement both.`,
      );
    }
  }
}

function checkInterface(
  node: InterfaceTypeDefinitionNode,
  fields: readonly ReadField[],
  members: readonly InterfaceMember[],
  faults: FaultCollector,
): void {
  const name = node.name.value;
  const id = fields.find(({ field }) => field.name === "id");
  if (
    id === undefined ||
    id.field.type.name !== "ID" ||
    id.field.type.listDepth > 0 ||
    id.field.type.nullable
  ) {
    faults.at(id?.node ?? node.name, `Each item has an id. Give "${name}" the field "id: ID!".`);
  }
  for (const { node: fieldNode, field } of fields) {
    for (const member of members) {
      checkInterfaceField(name, { node: fieldNode, field }, member, faults);
    }
    checkStoredNames(fieldNode, name, members, faults);
  }
}

/** One condition on a field of the interface is one on a property of the items. */
function checkStoredNames(
  node: FieldDefinitionNode,
  name: string,
  members: readonly InterfaceMember[],
  faults: FaultCollector,
): void {
  const stored = members.flatMap((member) =>
    member.fields
      .filter((field) => field.name === node.name.value)
      .map((field) => ({ member: member.name, storedName: field.storedName })),
  );
  const other = stored.find(({ storedName }) => storedName !== stored[0]?.storedName);
  if (other !== undefined) {
    faults.at(
      node,
      `"${name}.${node.name.value}" is stored as "${stored[0]?.storedName}" in "${stored[0]?.member}" and as "${other.storedName}" in "${other.member}". Leave it out of "${name}", or store it under one name.`,
    );
  }
}

function unionMembers(
  node: UnionTypeDefinitionNode,
  types: readonly ModelType[],
  faults: FaultCollector,
): readonly ModelType[] {
  const seen = new Set<string>();
  return (node.types ?? []).flatMap((memberNode) => {
    if (seen.has(memberNode.name.value)) {
      faults.at(
        memberNode,
        `"${node.name.value}" has the type "${memberNode.name.value}" already. Keep one.`,
      );
      return [];
    }
    seen.add(memberNode.name.value);
    const member = types.find((type) => type.name === memberNode.name.value);
    if (member === undefined) {
      faults.at(
        memberNode,
        `"${memberNode.name.value}" is no type with a @container. A union is for stored types.`,
      );
    }
    return member === undefined ? [] : [member];
  });
}

type Shared = Omit<AbstractType, "fields" | "references">;

/** What members must have alike for one query to give them all: none, where they haven't. */
function readShared(
  kind: AbstractType["kind"],
  node: InterfaceTypeDefinitionNode | UnionTypeDefinitionNode,
  directives: Directives,
  members: readonly ModelType[],
  faults: FaultCollector,
): readonly Shared[] {
  const name = node.name.value;
  const directive = directives.get("container");
  const [first] = members;
  if (directive === undefined) {
    const container = first?.container ?? "documents";
    faults.at(
      node.name,
      `The ${kind} "${name}" needs the container that its types share: @container(name: "${container}").`,
    );
  } else if (directive.discriminator !== undefined) {
    faults.at(
      node.name,
      `The types of "${name}" have their discriminators themselves. Write @container(name: "${directive.name}") here.`,
    );
  }
  if (first === undefined) {
    const how = kind === "interface" ? `Let one implement it` : `Name one that has a @container`;
    faults.at(node.name, `The ${kind} "${name}" has no types. ${how}.`);
    return [];
  }
  const container = typeof directive?.name === "string" ? directive.name : first.container;
  for (const member of members) {
    const fault = memberFault(name, container, first, member);
    if (fault !== undefined) {
      faults.at(node.name, fault);
    }
  }
  return [
    {
      kind,
      name,
      description: node.description?.value,
      container,
      members,
      discriminatorProperty: first.discriminator?.property ?? "",
      partitionKey: first.partitionKey,
    },
  ];
}

function memberFault(
  name: string,
  container: string,
  first: ModelType,
  member: ModelType,
): string | undefined {
  if (member.container !== container) {
    return `"${name}" is over the container "${container}", but "${member.name}" is in "${member.container}". One query can't read both.`;
  }
  if (member.discriminator === undefined) {
    return `"${member.name}" needs a discriminator, for "${name}" to tell its items: @container(name: "${container}", discriminator: { field: "type", value: "…" }).`;
  }
  const keyOf = (type: ModelType) =>
    type.partitionKey.map((level) => `${level.name}: ${level.type.name}`).join(", ");
  return keyOf(member) === keyOf(first)
    ? undefined
    : `"${name}" takes the partition key as arguments, but "${first.name}" has it as (${keyOf(first)}) and "${member.name}" as (${keyOf(member)}). Give the fields one name and type.`;
}

/** An interface's field is stored as its members' is. */
function withStoredName(field: ModelField, members: readonly ModelType[]): ModelField {
  const stored = members[0]?.fields.find(({ name }) => name === field.name);
  return stored === undefined ? field : { ...field, storedName: stored.storedName };
}

/** The fields that all have alike but for what may be null: that is what is so in one of them. */
function fieldsInCommon(members: readonly ModelType[]): readonly ModelField[] {
  const [first, ...others] = members;
  return (first?.fields ?? []).flatMap((field) => {
    const same = others.map((other) =>
      other.fields.find(
        (candidate) =>
          candidate.name === field.name &&
          candidate.storedName === field.storedName &&
          candidate.type.name === field.type.name &&
          candidate.type.listDepth === field.type.listDepth,
      ),
    );
    const found = same.filter((candidate) => candidate !== undefined);
    const isSome = (test: (type: FieldType) => boolean) =>
      [field, ...found].some(({ type }) => test(type));
    return found.length < others.length
      ? []
      : [
          {
            ...field,
            type: {
              ...field.type,
              nullable: isSome(({ nullable }) => nullable),
              nullableItems: isSome(({ nullableItems }) => nullableItems),
            },
          },
        ];
  });
}
