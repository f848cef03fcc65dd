import {
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  GraphQLError,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type Source,
  type UnionTypeDefinitionNode,
} from "graphql";
import type { FaultCollector } from "./fault-collector.ts";
import { isModelScalar, MODEL_SCALARS } from "./model.ts";
import { MODEL_DIRECTIVE_NAMES } from "./read-directive.ts";
import { refuseReservedName } from "./reserved-name.ts";

/** The definitions of all model files, by name. */
export interface ModelDefinitions {
  readonly objects: ReadonlyMap<string, ObjectTypeDefinitionNode>;
  readonly enums: ReadonlyMap<string, EnumTypeDefinitionNode>;
  readonly interfaces: ReadonlyMap<string, InterfaceTypeDefinitionNode>;
  readonly unions: ReadonlyMap<string, UnionTypeDefinitionNode>;
}

/** Parses the files and sorts what they define. What a model can't hold is a fault. */
export function collectDefinitions(
  sources: readonly Source[],
  faults: FaultCollector,
): ModelDefinitions {
  const objects = new Map<string, ObjectTypeDefinitionNode>();
  const enums = new Map<string, EnumTypeDefinitionNode>();
  const interfaces = new Map<string, InterfaceTypeDefinitionNode>();
  const unions = new Map<string, UnionTypeDefinitionNode>();
  for (const definition of sources.flatMap((source) => parseSource(source, faults))) {
    if (!isKept(definition)) {
      refuseDefinition(definition, faults);
      continue;
    }
    const name = definition.name.value;
    const earlier =
      objects.get(name) ?? enums.get(name) ?? interfaces.get(name) ?? unions.get(name);
    if (earlier !== undefined) {
      const where = `${earlier.loc?.source.name}:${earlier.loc?.startToken.line}`;
      faults.at(definition.name, `"${name}" is defined already, at ${where}. Keep one.`);
      continue;
    }
    refuseReservedName(definition.name, faults);
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
        objects.set(name, definition);
        break;
      case Kind.ENUM_TYPE_DEFINITION:
        enums.set(name, definition);
        break;
      case Kind.INTERFACE_TYPE_DEFINITION:
        interfaces.set(name, definition);
        break;
      case Kind.UNION_TYPE_DEFINITION:
        unions.set(name, definition);
        break;
    }
  }
  return { objects, enums, interfaces, unions };
}

type KeptDefinition =
  | ObjectTypeDefinitionNode
  | EnumTypeDefinitionNode
  | InterfaceTypeDefinitionNode
  | UnionTypeDefinitionNode;

function isKept(definition: DefinitionNode): definition is KeptDefinition {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.ENUM_TYPE_DEFINITION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    definition.kind === Kind.UNION_TYPE_DEFINITION
  );
}

function parseSource(source: Source, faults: FaultCollector): readonly DefinitionNode[] {
  // A file of comments alone is no syntax error to its author, but is one to the parser.
  if (source.body.replace(/#.*/g, "").trim() === "") {
    return [];
  }
  try {
    return parse(source).definitions;
  } catch (error) {
    if (error instanceof GraphQLError) {
      faults.syntax(source, error);
      return [];
    }
    throw error;
  }
}

function refuseDefinition(definition: DefinitionNode, faults: FaultCollector): void {
  switch (definition.kind) {
    case Kind.SCALAR_TYPE_DEFINITION:
      // Naming a known scalar changes nothing and keeps editors quiet.
      if (!isModelScalar(definition.name.value)) {
        faults.at(
          definition.name,
          `Scalar "${definition.name.value}" is not supported. Use one of ${MODEL_SCALARS.join(", ")}.`,
        );
      }
      return;
    case Kind.DIRECTIVE_DEFINITION:
      if (!MODEL_DIRECTIVE_NAMES.includes(definition.name.value)) {
        faults.at(
          definition,
          `A model can't define directives. It knows ${MODEL_DIRECTIVE_NAMES.map((name) => `@${name}`).join(", ")}.`,
        );
      }
      return;
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      faults.at(
        definition.name,
        `Input types are generated. Remove "${definition.name.value}", or write it as a type.`,
      );
      return;
    default:
      faults.at(
        definition,
        "A model file holds types, interfaces, unions and enums. Remove this: operations and their types are generated.",
      );
  }
}
