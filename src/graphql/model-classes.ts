import { registerEnumType } from "type-graphql";
import type { EmbeddedType, Model, ModelEnum, ModelField, ModelType } from "../model/model.ts";
import {
  type ApiClass,
  type ApiField,
  type ApiType,
  createInputClass,
  createObjectClass,
} from "./api-class.ts";
import { type FindType, fieldDescription, fieldNullability, fieldTypeThunk } from "./field-type.ts";
import { referenceField } from "./reference-field.ts";
import { API_SCALARS } from "./scalars.ts";

/** The classes of a model's own types, as output and as input. */
export interface ModelClasses {
  outputOf(name: string): ApiType;
  inputOf(name: string): ApiType;
}

export function createModelClasses(model: Model): ModelClasses {
  const enums = new Map<string, object>();
  const outputs = new Map<string, ApiClass>();
  const inputs = new Map<string, ApiClass>();
  const findIn =
    (classes: ReadonlyMap<string, ApiType>): FindType =>
    (name) => {
      const found = enums.get(name) ?? classes.get(name);
      if (found === undefined) {
        throw new Error(`The model has no type "${name}".`);
      }
      return found;
    };
  const outputOf = findIn(outputs);
  const inputOf = findIn(inputs);

  for (const modelEnum of model.enums.values()) {
    enums.set(modelEnum.name, createEnum(modelEnum));
  }
  for (const type of model.embeddedTypes.values()) {
    outputs.set(type.name, createEmbeddedOutput(type, outputOf));
    inputs.set(type.name, createEmbeddedInput(type, inputOf));
  }
  for (const type of model.types.values()) {
    outputs.set(type.name, createModelOutput(model, type, outputOf));
    inputs.set(type.name, createModelInput(type, inputOf));
  }
  return { outputOf, inputOf };
}

function createEnum({ name, description, values }: ModelEnum): object {
  const enumObject = Object.fromEntries(values.map((value) => [value.name, value.name]));
  registerEnumType(enumObject, {
    name,
    description: description ?? `What a field of type ${name} can be.`,
    valuesConfig: Object.fromEntries(
      values.map((value) => [
        value.name,
        {
          description: value.description ?? `${value.name}.`,
          ...(value.deprecationReason === undefined
            ? {}
            : { deprecationReason: value.deprecationReason }),
        },
      ]),
    ),
  });
  return enumObject;
}

function createEmbeddedOutput(type: EmbeddedType, findType: FindType): ApiClass {
  return createObjectClass(
    type.name,
    type.description ?? `${type.name}, an object inside an item.`,
    type.fields.map((field) => toApiField(field, type.name, findType)),
  );
}

function createEmbeddedInput(type: EmbeddedType, findType: FindType): ApiClass {
  return createInputClass(
    `${type.name}Input`,
    `What to store as ${type.name}.`,
    type.fields.map((field) => toInputField(field, type.name, findType)),
  );
}

function createModelOutput(model: Model, type: ModelType, findType: FindType): ApiClass {
  return createObjectClass(
    type.name,
    type.description ?? `An item of the container \`${type.container}\`.`,
    [
      ...type.fields.map((field) => toApiField(field, type.name, findType)),
      ...type.references.map((reference) => referenceField(model, type.name, reference, findType)),
      {
        name: "_etag",
        description:
          "The item's version, which every write changes. Give it as `ifMatch` to write only over this version.",
        type: () => API_SCALARS.String,
      },
      {
        name: "_ts",
        description: "When the item was last written, in seconds since 1970-01-01T00:00:00Z.",
        type: () => API_SCALARS.Int,
      },
    ],
  );
}

function createModelInput(type: ModelType, findType: FindType): ApiClass {
  return createInputClass(
    `${type.name}Input`,
    `What to store as ${type.name}. Cosmos DB's system properties are not in it.`,
    type.fields.map((field) =>
      field.name === "id"
        ? {
            name: "id",
            description: "The item's id. Left out on create, a UUID is made.",
            type: () => API_SCALARS.ID,
            nullable: true,
          }
        : toInputField(field, type.name, findType),
    ),
  );
}

function toInputField(field: ModelField, ownerName: string, findType: FindType): ApiField {
  const { deprecationReason, ...apiField } = toApiField(field, ownerName, findType);
  // GraphQL refuses a schema in which something that must be given is deprecated.
  return field.type.nullable ? { ...apiField, deprecationReason } : apiField;
}

function toApiField(field: ModelField, ownerName: string, findType: FindType): ApiField {
  return {
    name: field.name,
    description: fieldDescription(field, ownerName),
    deprecationReason: field.deprecationReason,
    type: fieldTypeThunk(field.type, findType),
    nullable: fieldNullability(field.type),
  };
}
