import { registerEnumType } from "type-graphql";
import type {
  AbstractType,
  EmbeddedType,
  Model,
  ModelEnum,
  ModelField,
  ModelType,
} from "../model/model.ts";
import {
  type ApiClass,
  type ApiField,
  type ApiType,
  createInputClass,
  createInterfaceClass,
  createObjectClass,
  createUnion,
} from "./classes/api-class.ts";
import { describeField } from "./classes/describe-field.ts";
import {
  type FindType,
  fieldNullability,
  fieldTypeThunk,
  type ModelClasses,
} from "./classes/field-type.ts";
import { API_SCALARS } from "./classes/scalars.ts";
import type { ListInputs } from "./filters/list-arguments.ts";
import { abstractReferenceField, referenceField } from "./references/reference-field.ts";
import { reverseReferenceField } from "./references/reverse-reference-field.ts";

/** `lists` is asked for the arguments of lists when the schema is built, not before. */
export function createModelClasses(model: Model, lists: ListInputs): ModelClasses {
  const enums = new Map<string, object>();
  const outputs = new Map<string, ApiType>();
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
  const interfaces = new Map<string, ApiClass>();
  for (const type of model.abstractTypes.values()) {
    if (type.kind === "interface") {
      const interfaceClass = createInterface(type, outputOf);
      interfaces.set(type.name, interfaceClass);
      outputs.set(type.name, interfaceClass);
    }
  }
  const objects = new Map<string, ApiClass>();
  for (const type of model.types.values()) {
    const implemented = [...model.abstractTypes.values()].flatMap(({ name, members }) =>
      members.includes(type) ? (interfaces.get(name) ?? []) : [],
    );
    const fields = [
      ...storedAndRead(model, type, outputOf),
      ...type.reverseReferences.map((reference) =>
        reverseReferenceField(model, type, reference, lists, outputOf),
      ),
      ...systemFields(),
    ];
    const description = type.description ?? `An item of the container \`${type.container}\`.`;
    const objectClass = createObjectClass(type.name, description, fields, implemented);
    objects.set(type.name, objectClass);
    outputs.set(type.name, objectClass);
    inputs.set(type.name, createModelInput(type, inputOf));
  }
  for (const { kind, name, description, members } of model.abstractTypes.values()) {
    if (kind === "union") {
      const memberClasses = () => members.flatMap((member) => objects.get(member.name) ?? []);
      outputs.set(name, createUnion(name, description ?? abstractText(members), memberClasses));
    }
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

function createInterface(type: AbstractType, findType: FindType): ApiClass {
  return createInterfaceClass(type.name, type.description ?? abstractText(type.members), [
    ...type.fields.map((field) => toApiField(field, type.name, findType)),
    ...type.references.map((reference) => abstractReferenceField(reference, findType)),
    ...systemFields(),
  ]);
}

function abstractText(members: readonly ModelType[]): string {
  return `An item of one of these types: ${members.map(({ name }) => name).join(", ")}.`;
}

function storedAndRead(model: Model, type: ModelType, findType: FindType): readonly ApiField[] {
  return [
    ...type.fields.map((field) => toApiField(field, type.name, findType)),
    ...type.references.map((reference) => referenceField(model, type, reference, findType)),
  ];
}

function systemFields(): readonly ApiField[] {
  return [
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
  ];
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
    description: describeField(field, ownerName),
    deprecationReason: field.deprecationReason,
    type: fieldTypeThunk(field.type, findType),
    nullable: fieldNullability(field.type),
  };
}
