import {
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  GraphQLError,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type Source,
} from "graphql";
import type { FaultCollector } from "./fault-collector.ts";
import { isModelScalar, MODEL_SCALARS } from "./model.ts";
import { MODEL_DIRECTIVE_NAMES } from "./read-directive.ts";

/** The definitions of all model files, by name. */
export interface ModelDefinitions {
  readonly objects: ReadonlyMap<string, ObjectTypeDefinitionNode>;
  readonly enums: ReadonlyMap<string, EnumTypeDefinitionNode>;
}

/** Parses the files and sorts what they define. What a model can't hold is a fault. */
export function collectDefinitions(
  sources: readonly Source[],
  faults: FaultCollector,
): ModelDefinitions {
  const objects = new Map<string, ObjectTypeDefinitionNode>();
  const enums = new Map<string, EnumTypeDefinitionNode>();
  for (const definition of sources.flatMap((source) => parseSource(source, faults))) {
    if (
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.ENUM_TYPE_DEFINITION
    ) {
      const name = definition.name.value;
      const earlier = objects.get(name) ?? enums.get(name);
      if (earlier !== undefined) {
        const where = `${earlier.loc?.source.name}:${earlier.loc?.startToken.line}`;
        faults.at(definition.name, `"${name}" is defined already, at ${where}. Keep one.`);
      } else if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) {
        objects.set(name, definition);
      } else {
        enums.set(name, definition);
      }
    } else {
      refuseDefinition(definition, faults);
    }
  }
  return { objects, enums };
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
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.UNION_TYPE_DEFINITION:
      faults.at(
        definition.name,
        `Interfaces and unions are not supported yet. Query the types of "${definition.name.value}" one by one.`,
      );
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
        "A model file holds types and enums. Remove this: operations and their types are generated.",
      );
  }
}
