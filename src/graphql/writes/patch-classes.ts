import { registerEnumType } from "type-graphql";
import type { Model, ModelField, ModelType } from "../../model/model.ts";
import { type ApiClass, type ApiField, createInputClass } from "../classes/api-class.ts";
import { describeField } from "../classes/describe-field.ts";
import type { ModelClasses } from "../classes/field-type.ts";
import { type FindType, fieldTypeThunk, namedType } from "../classes/field-type.ts";
import { withArticle } from "../classes/with-article.ts";

const NUMBER_SCALARS: readonly string[] = ["Int", "Float", "BigInt", "Long"];

/** What no enum value may be called, as GraphQL keeps it for literals. */
const LITERALS: readonly string[] = ["true", "false", "null"];

/** The patch input of each type, by the type's name. */
export interface PatchClasses {
  /** `OrderPatch`; undefined for a type with nothing to change but its id and partition key. */
  patchOf(typeName: string): ApiClass | undefined;
}

export function createPatchClasses(model: Model, classes: ModelClasses): PatchClasses {
  const parts = new Map<string, ApiClass>();
  const merged: FindType = (name) => parts.get(name) ?? classes.inputOf(name);
  for (const type of model.embeddedTypes.values()) {
    const description = `What to change in an object of type ${type.name}; what is left out stays.`;
    const fields = type.fields.map((field) => setField(field, type.name, merged, classes));
    parts.set(type.name, createInputClass(`${type.name}Patch`, description, fields));
  }
  const patches = new Map(
    [...model.types.values()].map((type) => [type.name, createPatchClass(type, merged, classes)]),
  );
  return { patchOf: (typeName) => patches.get(typeName) };
}

function createPatchClass(
  type: ModelType,
  merged: FindType,
  classes: ModelClasses,
): ApiClass | undefined {
  const fields = patchableFields(type);
  if (fields.length === 0) {
    return undefined;
  }
  const part = (name: string, description: string, some: readonly ApiField[]) =>
    some.length === 0
      ? []
      : [partField(name, description, createPartClass(type, name, description, some))];
  const removable = fields.filter((field) => field.type.nullable && !LITERALS.includes(field.name));
  return createInputClass(
    `${type.name}Patch`,
    `What to change in ${withArticle(type.name)}; what is left out stays. A property can stand in one part only.`,
    [
      ...part(
        "set",
        "Properties to set. Null is stored as null. An object is merged into the stored one, a list replaces it.",
        fields.map((field) => setField(field, type.name, merged, classes)),
      ),
      ...part(
        "increment",
        "What to add to numbers. A number that isn't there counts as 0. BAD_USER_INPUT for a sum that the field can't hold.",
        fields.filter(isNumber).map((field) => ({
          ...described(field, type.name),
          type: () => namedType(field.type, classes.inputOf),
        })),
      ),
      ...part(
        "append",
        "Elements to add at the end of lists. A list that isn't there is made.",
        fields.filter(isList).map((field) => ({
          ...described(field, type.name),
          type: fieldTypeThunk(field.type, classes.inputOf),
        })),
      ),
      ...(removable.length === 0 ? [] : [unsetField(type, removable)]),
    ],
  );
}

/**
 * What a patch can change: all but the id and the partition key, which are where the item is. An
 * object that holds the partition key is among it, because its other properties can change.
 */
export function patchableFields(type: ModelType): readonly ModelField[] {
  const fixed = type.partitionKey.filter(({ fields }) => fields.length === 1);
  return type.fields.filter(
    (field) => field.name !== "id" && !fixed.some(({ fields }) => fields[0] === field),
  );
}

function isNumber({ type }: ModelField): boolean {
  return type.kind === "scalar" && type.listDepth === 0 && NUMBER_SCALARS.includes(type.name);
}

function isList({ type }: ModelField): boolean {
  return type.listDepth > 0;
}

/**
 * A single object is merged, so its own fields are optional; an element of a list is new as a
 * whole.
 */
function setField(
  field: ModelField,
  ownerName: string,
  merged: FindType,
  classes: ModelClasses,
): ApiField {
  const findType = field.type.listDepth === 0 ? merged : classes.inputOf;
  return { ...described(field, ownerName), type: fieldTypeThunk(field.type, findType) };
}

function described(field: ModelField, ownerName: string) {
  const nullable = field.type.nullableItems ? ("itemsAndList" as const) : true;
  return {
    name: field.name,
    description: describeField(field, ownerName),
    nullable: field.type.listDepth === 0 ? true : nullable,
  };
}

function createPartClass(
  type: ModelType,
  name: string,
  description: string,
  fields: readonly ApiField[],
): ApiClass {
  const suffix = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return createInputClass(`${type.name}Patch${suffix}`, description, fields);
}

function partField(name: string, description: string, part: ApiClass): ApiField {
  return { name, description, type: () => part, nullable: true };
}

function unsetField(type: ModelType, fields: readonly ModelField[]): ApiField {
  const names = Object.fromEntries(fields.map(({ name }) => [name, name]));
  registerEnumType(names, {
    name: `${type.name}PatchUnset`,
    description: `The properties of ${type.name} that can be taken away.`,
    valuesConfig: Object.fromEntries(
      fields.map((field) => [field.name, { description: describeField(field, type.name) }]),
    ),
  });
  return {
    name: "unset",
    description: "Properties to take away, so that they are not stored at all.",
    type: () => [names],
    nullable: true,
  };
}
