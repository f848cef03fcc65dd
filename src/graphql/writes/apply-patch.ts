import { isJsonObject, type JsonObject } from "../../cosmos/json-object.ts";
import { GatewayError } from "../../gateway-error.ts";
import {
  type Model,
  type ModelField,
  type ModelType,
  SYSTEM_PROPERTIES,
} from "../../model/model.ts";
import { withArticle } from "../classes/with-article.ts";
import { toStoredProperties } from "../item-conversion.ts";
import { isInRange, summands } from "./number-range.ts";
import { patchableFields } from "./patch-classes.ts";

/** A patch as GraphQL has coerced it, by the names of the model's fields. */
export interface Patch {
  readonly set?: JsonObject | null;
  readonly increment?: JsonObject | null;
  readonly append?: JsonObject | null;
  readonly unset?: readonly string[] | null;
}

/**
 * The item after the patch, without Cosmos DB's system properties. What the model doesn't name
 * stays.
 *
 * @throws GatewayError BAD_USER_INPUT for a property in two parts of the patch, a null where the
 * model allows none, a number or list that is stored as something else, and a sum that the field
 * can't hold.
 */
export function applyPatch(
  model: Model,
  type: ModelType,
  item: JsonObject,
  patch: Patch,
): Record<string, unknown> {
  const body = propertiesOf(item);
  for (const name of SYSTEM_PROPERTIES) {
    delete body[name];
  }
  const { set, increment, append, unset } = patch;
  const fields = patchableFields(type);
  checkOnePart(fields, patch);
  mergeInto(model, fields, body, set ?? {});
  for (const [field, amount] of given(fields, increment ?? {})) {
    if (amount !== null) {
      body[field.storedName] = sum(field, body[field.storedName], amount);
    }
  }
  for (const [field, value] of given(fields, append ?? {})) {
    if (value !== null) {
      const added = toStoredProperties(model, [field], { [field.name]: value })[field.storedName];
      body[field.storedName] = joined(field, body[field.storedName], added);
    }
  }
  for (const field of fields) {
    if (unset?.includes(field.name)) {
      delete body[field.storedName];
    }
  }
  return body;
}

function mergeInto(
  model: Model,
  fields: readonly ModelField[],
  stored: Record<string, unknown>,
  changes: JsonObject,
): void {
  for (const [field, value] of given(fields, changes)) {
    const embedded =
      field.type.kind === "embedded" && field.type.listDepth === 0
        ? model.embeddedTypes.get(field.type.name)
        : undefined;
    if (value === null) {
      checkNullable(field);
      stored[field.storedName] = null;
    } else if (embedded === undefined) {
      Object.assign(stored, toStoredProperties(model, [field], { [field.name]: value }));
    } else {
      const before = stored[field.storedName];
      const merged = propertiesOf(isJsonObject(before) ? before : {});
      // GraphQL has coerced the value to the embedded type's patch.
      mergeInto(model, embedded.fields, merged, value as JsonObject);
      checkComplete(field, embedded.fields, merged);
      stored[field.storedName] = merged;
    }
  }
}

/** The fields that have a value here, with it: in the fields' order. */
export function given(
  fields: readonly ModelField[],
  values: JsonObject,
): readonly (readonly [ModelField, unknown])[] {
  return fields.flatMap((field) =>
    Object.hasOwn(values, field.name) && values[field.name] !== undefined
      ? [[field, values[field.name]] as const]
      : [],
  );
}

/** @throws GatewayError BAD_USER_INPUT for a property in two parts of the patch. */
export function checkOnePart(
  fields: readonly ModelField[],
  { set, increment, append, unset }: Patch,
): void {
  const parts = [set ?? {}, increment ?? {}, append ?? {}, namesAsObject(unset ?? [])];
  for (const { name } of fields) {
    if (parts.filter((part) => Object.hasOwn(part, name)).length > 1) {
      throw refusal(`\`${name}\` stands in two parts of the patch. Keep one.`);
    }
  }
}

/** @throws GatewayError BAD_USER_INPUT for a field that the model doesn't let be null. */
export function checkNullable(field: ModelField): void {
  if (!field.type.nullable) {
    throw refusal(`\`${field.name}\` can't be null.`);
  }
}

/** An object that was not there before must not come to be by halves. */
function checkComplete(owner: ModelField, fields: readonly ModelField[], merged: JsonObject): void {
  const missing = fields.find(
    (field) => !field.type.nullable && (merged[field.storedName] ?? null) === null,
  );
  if (missing !== undefined) {
    throw refusal(`\`${owner.name}\` needs a \`${missing.name}\`, and the item has none yet.`);
  }
}

function sum(field: ModelField, stored: unknown, amount: unknown): number {
  const before = stored ?? 0;
  if (typeof before !== "number" || typeof amount !== "number") {
    throw refusal(`\`${field.name}\` can't be incremented: the item has no number there.`);
  }
  const range = summands(field.type, amount);
  if (!isInRange(before, range)) {
    throw refusal(
      `\`${field.name}\` can't be incremented by ${amount}: the item has ${before} there, and ${withArticle(field.type.name)} is ${range.text}.`,
    );
  }
  return before + amount;
}

function joined(field: ModelField, stored: unknown, added: unknown): readonly unknown[] {
  const before = stored ?? [];
  if (!Array.isArray(before) || !Array.isArray(added)) {
    throw refusal(`\`${field.name}\` can't be appended to: the item has no list there.`);
  }
  return [...before, ...added];
}

/** A copy without a prototype, so that a property may be called `__proto__` or `constructor`. */
function propertiesOf(object: JsonObject): Record<string, unknown> {
  return Object.assign(Object.create(null), object);
}

function namesAsObject(names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, true]));
}

function refusal(message: string): GatewayError {
  return new GatewayError("BAD_USER_INPUT", message);
}
