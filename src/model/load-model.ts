import { Source } from "graphql";
import { deepFreeze } from "../deep-freeze.ts";
import { checkContainers } from "./check-containers.ts";
import { checkNames } from "./check-names.ts";
import { collectDefinitions } from "./collect-definitions.ts";
import { createFaultCollector, type FaultCollector } from "./fault-collector.ts";
import type { EmbeddedType, Model, ModelType } from "./model.ts";
import { ModelError } from "./model-error.ts";
import { modelPlaces } from "./model-places.ts";
import { readAbstractTypes } from "./read-abstract-type.ts";
import { readDirectives } from "./read-directive.ts";
import { readEnum, readFields } from "./read-field.ts";
import { readPartitionKey } from "./read-partition-key.ts";
import { readReferences, type TypeWithoutReferences } from "./read-reference.ts";
import { readReverseReferences } from "./read-reverse-reference.ts";
import { type ReadType, writtenField } from "./read-type.ts";

/** A model file. The path is only for messages. */
export interface ModelFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads and validates the model files (`*.model.graphql`).
 *
 * @throws ModelError with every fault of every file.
 */
export function loadModel(files: readonly ModelFile[]): Model {
  const sources = files.map((file) => new Source(file.text, file.path));
  const faults = createFaultCollector(sources);
  const definitions = collectDefinitions(sources, faults);
  const enums = [...definitions.enums.values()].map((node) => readEnum(node, faults));
  const objects = [...definitions.objects.values()].map((node): ReadType => {
    const directives = readDirectives(node.directives ?? [], "type", faults);
    return {
      node,
      container: directives.get("container"),
      fields: readFields(node, definitions, faults),
    };
  });

  const stored = objects.filter((object) => object.container !== undefined);
  const embedded = objects.filter((object) => object.container === undefined);
  const readTypes = new Map(objects.map((object) => [object.node.name.value, object]));
  const unlinked = stored.map((object) => readModelType(object, readTypes, faults));
  const types = unlinked.map((type, index) => ({
    ...type,
    references: readReferences(stored[index], type, unlinked, faults),
    reverseReferences: readReverseReferences(stored[index], type, unlinked, faults),
  }));
  const abstractTypes = readAbstractTypes(definitions, stored, types, faults);
  checkFields(objects, stored, faults);
  checkEmbedded(embedded, faults);
  checkContainers(types, stored, faults);
  checkNames(types, definitions, faults);

  const found = faults.list();
  if (found.length > 0) {
    throw new ModelError(found);
  }
  if (types.length === 0) {
    throw new ModelError([
      {
        path: files[0]?.path ?? "model",
        line: 1,
        column: 1,
        message:
          'No type is stored in a container. Give one @container(name: "orders") and a field with @partitionKey.',
      },
    ]);
  }
  return Object.freeze({
    types: byName(types),
    embeddedTypes: byName(embedded.map(toEmbeddedType)),
    abstractTypes: byName(abstractTypes),
    enums: byName(enums),
    places: modelPlaces(definitions),
  });
}

function readModelType(
  object: ReadType,
  types: ReadonlyMap<string, ReadType>,
  faults: FaultCollector,
): TypeWithoutReferences {
  const { node, container } = object;
  const id = object.fields.find(({ field }) => field.name === "id");
  if (writtenField(object, (written) => written.name.value === "id") === undefined) {
    faults.at(node.name, `"${node.name.value}" has no id. Add the field "id: ID!".`);
  } else if (
    id !== undefined &&
    (id.field.type.name !== "ID" ||
      id.field.type.listDepth > 0 ||
      id.field.type.nullable ||
      id.field.storedName !== "id")
  ) {
    faults.at(id.node, 'Cosmos DB keeps the id as "id". Write the field as "id: ID!".');
  }
  const stranger = object.fields.find(
    ({ field }) => field.name !== "id" && field.storedName === "id",
  );
  if (stranger !== undefined) {
    faults.at(
      stranger.node,
      `"${stranger.field.name}" can't be stored as "id": that is the item's id.`,
    );
  }
  return {
    name: node.name.value,
    description: node.description?.value,
    container: typeof container?.name === "string" ? container.name : "",
    discriminator: readDiscriminator(object, faults),
    partitionKey: readPartitionKey(object, types, faults),
    fields: object.fields
      .filter(({ directives }) => !directives.has("reference"))
      .map(({ field }) => field),
  };
}

function readDiscriminator(object: ReadType, faults: FaultCollector): ModelType["discriminator"] {
  // The argument's shape was checked where it was read.
  const written = object.container?.discriminator as
    | { readonly field: string; readonly value: string }
    | undefined;
  if (written === undefined) {
    return undefined;
  }
  const clash = object.fields.find(({ field }) => field.storedName === written.field);
  if (clash !== undefined) {
    faults.at(
      clash.node,
      `"${clash.field.name}" is the discriminator, which the gateway writes. Remove the field: __typename tells the type.`,
    );
  }
  return { property: written.field, value: written.value };
}

function checkFields(
  objects: readonly ReadType[],
  stored: readonly ReadType[],
  faults: FaultCollector,
): void {
  const storedNames = new Set(stored.map((object) => object.node.name.value));
  for (const { node, fields } of objects) {
    if ((node.fields ?? []).length === 0) {
      faults.at(node.name, `"${node.name.value}" has no fields. Give it at least one.`);
    }
    for (const { node: fieldNode, field, directives } of fields) {
      const isStored = storedNames.has(node.name.value);
      if (directives.has("reference")) {
        if (!isStored) {
          faults.at(
            fieldNode,
            `@reference belongs on fields of types with a @container. Move "${field.name}" there.`,
          );
        }
      } else if (storedNames.has(field.type.name)) {
        faults.at(
          fieldNode,
          `"${field.type.name}" is stored in a container of its own and can't stand inside an item. Keep its id here, such as "${field.name}Id: ID!", and refer to it: "${field.name}: ${field.type.name} @reference(id: "${field.name}Id")".`,
        );
      }
    }
  }
}

function checkEmbedded(embedded: readonly ReadType[], faults: FaultCollector): void {
  const byTypeName = new Map(embedded.map((object) => [object.node.name.value, object]));
  for (const object of embedded) {
    for (const { node, field, directives } of object.fields) {
      if (directives.has("partitionKey")) {
        faults.at(
          node,
          `"${object.node.name.value}" is stored inside other items, so it has no partition key of its own. Mark the field that holds it in the stored type: @partitionKey(field: "${field.name}").`,
        );
      }
    }
    if (mustHoldItself(object, byTypeName)) {
      faults.at(
        object.node.name,
        `A value of "${object.node.name.value}" would have to hold another one, without end. Make a field on the way nullable or a list.`,
      );
    }
  }
}

/** Whether following fields that are neither nullable nor lists comes back to the type. */
function mustHoldItself(start: ReadType, types: ReadonlyMap<string, ReadType>): boolean {
  const seen = new Set<ReadType>();
  const toVisit = [start];
  for (let type = toVisit.pop(); type !== undefined; type = toVisit.pop()) {
    for (const { field } of type.fields) {
      const next = types.get(field.type.name);
      if (next === undefined || field.type.nullable || field.type.listDepth > 0) {
        continue;
      }
      if (next === start) {
        return true;
      }
      if (!seen.has(next)) {
        seen.add(next);
        toVisit.push(next);
      }
    }
  }
  return false;
}

function toEmbeddedType(object: ReadType): EmbeddedType {
  return {
    name: object.node.name.value,
    description: object.node.description?.value,
    fields: object.fields.map(({ field }) => field),
  };
}

function byName<Named extends { readonly name: string }>(
  values: readonly Named[],
): ReadonlyMap<string, Named> {
  return new Map(values.map((value) => [value.name, deepFreeze(value)]));
}
