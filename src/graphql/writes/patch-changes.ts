import type { JsonObject } from "../../cosmos/json-object.ts";
import { filterPredicate } from "../../items/filter-predicate.ts";
import type { PatchOperation, PatchPath } from "../../items/item-operations.ts";
import { all, type Condition, isAlways, not } from "../../items/sql/condition.ts";
import type { Model, ModelField, ModelType } from "../../model/model.ts";
import { toStoredProperties } from "../item-conversion.ts";
import { checkNullable, checkOnePart, given, type Patch } from "./apply-patch.ts";
import { checkKeyStays } from "./check-key-stays.ts";
import { summandCondition } from "./number-range.ts";
import { patchableFields } from "./patch-classes.ts";

/** A patch in Cosmos DB's own words, for an item that is not known. */
export interface PatchChanges {
  /** Never empty. One that doesn't fit the item makes all of them fail, with 400. */
  readonly operations: readonly PatchOperation[];
  /**
   * What the item must fulfil for the operations to do what the patch says, and to leave numbers
   * that their fields can hold. Cosmos DB tests it with the very version that it changes.
   */
  readonly condition: Condition;
}

/**
 * The patch as operations that can be sent without reading the item first; undefined where it takes
 * the item to tell them, or where there is nothing to do.
 *
 * They do what `applyPatch` does, or fail: Cosmos DB makes no object or list on the way to what it
 * sets. Then `applyPatch` and `wholeOperations` do it.
 *
 * @throws GatewayError BAD_USER_INPUT as `applyPatch`, as far as that needs no item.
 */
export function patchChanges(
  model: Model,
  type: ModelType,
  patch: Patch,
): PatchChanges | undefined {
  const fields = patchableFields(type);
  checkOnePart(fields, patch);
  checkKeyStays(type, patch.set);
  const appended = given(fields, patch.append ?? {}).filter(([, value]) => value !== null);
  const incremented = given(fields, patch.increment ?? {}).flatMap(([field, value]) =>
    // GraphQL has coerced the value to a number.
    value === null ? [] : [[field, value as number] as const],
  );
  const operations = [
    setOperations(model, fields, patch.set ?? {}, []),
    incremented.map(
      ([{ storedName }, value]) => ({ op: "incr", path: [storedName], value }) as const,
    ),
    ...appended.map(([field, value]) => appendOperations(model, field, value)),
    fields.filter(({ name }) => patch.unset?.includes(name)).flatMap(unsetOperations),
  ];
  const known = operations.filter((some) => some !== undefined);
  if (known.length < operations.length || known.flat().length === 0) {
    return undefined;
  }
  return {
    operations: known.flat(),
    condition: all(
      // In an object, `-` would be a property like any other. Anything else that is no list is a
      // 400.
      ...appended.map(([field]) =>
        not({ kind: "type", path: [field.storedName], test: "IS_OBJECT" }),
      ),
      ...incremented.map(([{ storedName, type: numberType }, amount]) =>
        summandCondition([storedName], numberType, amount),
      ),
    ),
  };
}

/** The condition as a patch takes it: nothing for one that always holds. */
export function patchCondition(condition: Condition): { readonly condition?: string } {
  return isAlways(condition) ? {} : { condition: filterPredicate(condition) };
}

/** Undefined for an object without properties, which is made where there is none. */
function setOperations(
  model: Model,
  fields: readonly ModelField[],
  values: JsonObject,
  parent: PatchPath,
): readonly PatchOperation[] | undefined {
  const operations: PatchOperation[] = [];
  for (const [field, value] of given(fields, values)) {
    const path = [...parent, field.storedName];
    const embedded =
      field.type.kind === "embedded" && field.type.listDepth === 0
        ? model.embeddedTypes.get(field.type.name)
        : undefined;
    if (parent.length > 0 && /^(\d+|-)$/.test(field.storedName)) {
      // In a list, which the item may have there against the model, it would be an element's place.
      return undefined;
    }
    if (value === null) {
      checkNullable(field);
      operations.push({ op: "set", path, value });
    } else if (embedded === undefined) {
      operations.push({ op: "set", path, value: storedValue(model, field, value) });
    } else {
      // GraphQL has coerced the value to the embedded type's patch.
      const inner = setOperations(model, embedded.fields, value as JsonObject, path);
      if (inner === undefined || inner.length === 0) {
        return undefined;
      }
      operations.push(...inner);
    }
  }
  return operations;
}

/** Undefined for no elements, which make a list where there is none. */
function appendOperations(
  model: Model,
  field: ModelField,
  value: unknown,
): readonly PatchOperation[] | undefined {
  // A list field's input is coerced to a list.
  const elements = storedValue(model, field, value) as readonly unknown[];
  return elements.length === 0
    ? undefined
    : elements.map((element) => ({ op: "add", path: [field.storedName, "-"], value: element }));
}

/** Cosmos DB only removes what is there, so it is put there first. */
function unsetOperations({ storedName }: ModelField): readonly PatchOperation[] {
  return [
    { op: "set", path: [storedName], value: null },
    { op: "remove", path: [storedName] },
  ];
}

/**
 * Operations that make an item's patched properties what they are in `after`. For the very version
 * that `after` was made from: bind them to its etag. Never empty.
 */
export function wholeOperations(
  type: ModelType,
  { set, increment, append, unset }: Patch,
  after: JsonObject,
): readonly PatchOperation[] {
  const named = new Set([
    ...[set, increment, append].flatMap((part) => Object.keys(part ?? {})),
    ...(unset ?? []),
  ]);
  const fields = patchableFields(type);
  const patched = fields.filter(({ name }) => named.has(name));
  // Cosmos DB takes no patch without operations: one that changes nothing then.
  return (patched.length === 0 ? fields.slice(0, 1) : patched).flatMap((field) =>
    Object.hasOwn(after, field.storedName)
      ? [{ op: "set" as const, path: [field.storedName], value: after[field.storedName] }]
      : unsetOperations(field),
  );
}

function storedValue(model: Model, field: ModelField, value: unknown): unknown {
  return toStoredProperties(model, [field], { [field.name]: value })[field.storedName];
}
