import type { Model, ModelField } from "../../model/model.ts";
import { isModelScalar } from "../../model/model.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import type { ValueFault } from "../misfits/value-check.ts";

/**
 * What keeps a reference from being followed: the first of the fields that it goes by which holds
 * something else than the model says. What is missing there is no fault: then there is no
 * reference.
 */
export function referringFault(
  model: Model,
  fields: readonly ModelField[],
  owner: Readonly<Record<string, unknown>>,
): ValueFault | undefined {
  for (const field of fields) {
    const value = owner[field.name] ?? null;
    const isList = field.type.listDepth > 0;
    if (isList && value !== null && !Array.isArray(value)) {
      return { path: [field.name], what: "is no list" };
    }
    const values: readonly unknown[] = isList && Array.isArray(value) ? value : [value];
    const index = values.findIndex((each) => (each ?? null) !== null && !isOf(model, field, each));
    if (index >= 0) {
      return { path: [field.name, ...(isList ? [index] : [])], what: `is no ${field.type.name}` };
    }
  }
  return undefined;
}

function isOf(model: Model, { type }: ModelField, value: unknown): boolean {
  if (!isModelScalar(type.name)) {
    return model.enums.get(type.name)?.values.some(({ name }) => name === value) ?? false;
  }
  try {
    API_SCALARS[type.name].serialize(value);
    return true;
  } catch {
    return false;
  }
}
