import {
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  print,
  type TypeNode,
} from "graphql";
import type { ModelDefinitions } from "./collect-definitions.ts";
import type { FaultCollector } from "./fault-collector.ts";
import {
  type FieldType,
  isModelScalar,
  MODEL_SCALARS,
  type ModelEnum,
  type ModelField,
  SYSTEM_PROPERTIES,
} from "./model.ts";
import { type Directives, readDirectives } from "./read-directive.ts";
import { refuseReservedName } from "./reserved-name.ts";

/** What stands beside the fields in a filter. */
const COMBINATORS: readonly string[] = ["and", "or", "not"];

/** A field of the model, its place in the file, and what its directives say. */
export interface ReadField {
  readonly node: FieldDefinitionNode;
  readonly directives: Directives;
  readonly field: ModelField;
}

/** The fields of a type or interface that make sense; what doesn't is a fault and left out. */
export function readFields(
  owner: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
  definitions: ModelDefinitions,
  faults: FaultCollector,
): readonly ReadField[] {
  const fields: ReadField[] = [];
  const storedNames = new Map<string, string>();
  for (const node of owner.fields ?? []) {
    const place = owner.kind === Kind.OBJECT_TYPE_DEFINITION ? "field" : "interface field";
    const read = readField(node, place, definitions, faults);
    if (read === undefined) {
      continue;
    }
    const { name, storedName } = read.field;
    const sharing = storedNames.get(storedName);
    if (fields.some((other) => other.field.name === name)) {
      faults.at(node.name, `"${owner.name.value}" has a field "${name}" already. Keep one.`);
    } else if (sharing !== undefined) {
      faults.at(
        node.name,
        `"${sharing}" and "${name}" are both stored as "${storedName}". Change one @name(is:).`,
      );
    } else {
      storedNames.set(storedName, name);
      fields.push(read);
    }
  }
  return fields;
}

function readField(
  node: FieldDefinitionNode,
  place: "field" | "interface field",
  definitions: ModelDefinitions,
  faults: FaultCollector,
): ReadField | undefined {
  const name = node.name.value;
  const directives = readDirectives(node.directives ?? [], place, faults);
  const is = directives.get("name")?.is;
  const storedName = typeof is === "string" ? is : name;
  refuseReservedName(node.name, faults);
  if (SYSTEM_PROPERTIES.includes(name)) {
    faults.at(
      node.name,
      `"${name}" is Cosmos DB's own. Remove it: _etag and _ts are on every type anyway.`,
    );
    return undefined;
  } else if (SYSTEM_PROPERTIES.includes(storedName)) {
    faults.at(node.name, `"${name}" can't be stored as "${storedName}": that is Cosmos DB's own.`);
  }
  if (COMBINATORS.includes(name)) {
    faults.at(
      node.name,
      `"${name}" combines conditions in filters. Give the field another name and keep the stored one: ${name}Value: … @name(is: "${name}").`,
    );
  }
  if ((node.arguments ?? []).length > 0) {
    faults.at(node.name, `"${name}" can't have arguments. Remove them.`);
  }
  const type = readType(node.type, definitions, faults);
  if (type === undefined) {
    return undefined;
  }
  const field: ModelField = {
    name,
    storedName,
    description: node.description?.value,
    deprecationReason: deprecationReason(directives),
    type,
  };
  return { node, directives, field };
}

function readType(
  node: TypeNode,
  definitions: ModelDefinitions,
  faults: FaultCollector,
): FieldType | undefined {
  const nullable = node.kind !== Kind.NON_NULL_TYPE;
  const itemNullability: boolean[] = [];
  let inner = node.kind === Kind.NON_NULL_TYPE ? node.type : node;
  while (inner.kind === Kind.LIST_TYPE) {
    const element: TypeNode = inner.type;
    itemNullability.push(element.kind !== Kind.NON_NULL_TYPE);
    inner = element.kind === Kind.NON_NULL_TYPE ? element.type : element;
  }
  const name = inner.name.value;
  const kind = kindOf(name, definitions);
  if (kind === undefined) {
    faults.at(inner, unknownTypeMessage(name, definitions));
    return undefined;
  }
  if (new Set(itemNullability).size > 1) {
    // What builds the schema, type-graphql, has one setting for all depths of a list.
    faults.at(
      node,
      `In ${print(node)} some elements may be null and others not. Write all of them alike, such as [[${name}!]!]!.`,
    );
  }
  const nullableItems = itemNullability[0] ?? false;
  return { kind, name, listDepth: itemNullability.length, nullable, nullableItems };
}

function kindOf(name: string, definitions: ModelDefinitions): FieldType["kind"] | undefined {
  if (isModelScalar(name)) {
    return "scalar";
  }
  if (definitions.enums.has(name)) {
    return "enum";
  }
  return definitions.objects.has(name) ? "embedded" : undefined;
}

function unknownTypeMessage(name: string, definitions: ModelDefinitions): string {
  if (definitions.interfaces.has(name) || definitions.unions.has(name)) {
    return `"${name}" stands for items of several types, so no field can hold it. Name one of its types, or query "${name}" by itself.`;
  }
  const known = [...definitions.enums.keys(), ...definitions.objects.keys()];
  const all = [...MODEL_SCALARS, ...known];
  const close = all.find((other) => other.toLowerCase() === name.toLowerCase());
  const hint = close === undefined ? "" : ` Did you mean "${close}"?`;
  return `Unknown type "${name}".${hint} Use one of the scalars ${MODEL_SCALARS.join(", ")}, or define "${name}" as a type or enum.`;
}

export function readEnum(node: EnumTypeDefinitionNode, faults: FaultCollector): ModelEnum {
  readDirectives(node.directives ?? [], "enum", faults);
  if ((node.values ?? []).length === 0) {
    faults.at(node.name, `Enum "${node.name.value}" has no values. Give it at least one.`);
  }
  checkEnumValues(node, faults);
  return {
    name: node.name.value,
    description: node.description?.value,
    values: (node.values ?? []).map((value) => ({
      name: value.name.value,
      description: value.description?.value,
      deprecationReason: deprecationReason(
        readDirectives(value.directives ?? [], "enum value", faults),
      ),
    })),
  };
}

function checkEnumValues(
  { name: enumName, values = [] }: EnumTypeDefinitionNode,
  faults: FaultCollector,
): void {
  const seen = new Set<string>();
  for (const { name } of values) {
    if (seen.has(name.value)) {
      faults.at(name, `Enum "${enumName.value}" has the value "${name.value}" already. Keep one.`);
    }
    seen.add(name.value);
    refuseReservedName(name, faults);
  }
}

function deprecationReason(directives: Directives): string | undefined {
  const deprecated = directives.get("deprecated");
  return deprecated === undefined ? undefined : String(deprecated.reason ?? "No longer supported");
}
