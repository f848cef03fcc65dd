import { isJsonObject, type JsonObject } from "../cosmos/json-object.ts";
import type { Model, ModelField, ModelType, QueriedType } from "../model/model.ts";

/**
 * An item as the API shows it: under the fields' names instead of the stored ones. Properties that
 * the model doesn't name are left out; a value of a wrong type stays, for `judgeItems` to find.
 */
export function toApiValue(model: Model, type: ModelType, item: JsonObject): JsonObject {
  const value = renameOut(model, type.fields, item);
  for (const property of ["_etag", "_ts"]) {
    if (Object.hasOwn(item, property)) {
      value[property] = item[property];
    }
  }
  return value;
}

/**
 * An item of the type, or of one of the types of an interface or union, as the API shows it. For
 * the latter it says of which, if of any: GraphQL asks for `__typename`.
 */
export function toQueriedValue(model: Model, type: QueriedType, item: JsonObject): JsonObject {
  if (!("members" in type)) {
    return toApiValue(model, type, item);
  }
  const member = type.members.find((candidate) => isOfType(candidate, item));
  if (member === undefined) {
    return renameOut(model, type.fields, item);
  }
  // Without a prototype, as `toApiValue` has it.
  return Object.assign(Object.create(null), toApiValue(model, member, item), {
    __typename: member.name,
  });
}

function renameOut(
  model: Model,
  fields: readonly ModelField[],
  stored: JsonObject,
): Record<string, unknown> {
  // Without a prototype, a field named `constructor` or `toString` is what the item says or
  // nothing.
  const value: Record<string, unknown> = Object.create(null);
  for (const field of fields) {
    if (Object.hasOwn(stored, field.storedName)) {
      value[field.name] = convert(model, field, stored[field.storedName], renameOut);
    }
  }
  return value;
}

/** What the client gave as input, under the stored names. An explicit null is stored as null. */
export function toStoredProperties(
  model: Model,
  fields: readonly ModelField[],
  input: JsonObject,
): Record<string, unknown> {
  const stored: Record<string, unknown> = {};
  for (const field of fields) {
    if (Object.hasOwn(input, field.name) && input[field.name] !== undefined) {
      const value = convert(model, field, input[field.name], toStoredProperties);
      // Not an assignment, which would set the prototype for a property stored as "__proto__".
      Object.defineProperty(stored, field.storedName, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return stored;
}

function convert(
  model: Model,
  field: ModelField,
  value: unknown,
  rename: (model: Model, fields: readonly ModelField[], value: JsonObject) => JsonObject,
): unknown {
  if (Array.isArray(value)) {
    return field.type.kind === "embedded"
      ? value.map((element) => convert(model, field, element, rename))
      : value;
  }
  const embedded = model.embeddedTypes.get(field.type.name);
  return embedded !== undefined && field.type.kind === "embedded" && isJsonObject(value)
    ? rename(model, embedded.fields, value)
    : value;
}

/**
 * Whether an item of the container is of this type, or of one of an interface's or union's types.
 */
export function isOfType(type: QueriedType, item: JsonObject): boolean {
  if ("members" in type) {
    return type.members.some((member) => isOfType(member, item));
  }
  return (
    type.discriminator === undefined ||
    item[type.discriminator.property] === type.discriminator.value
  );
}
