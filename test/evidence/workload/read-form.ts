import type { Json, Operation } from "../../model/terms.ts";
import { planOf } from "../world/type-plans.ts";
import type { Form } from "./form.ts";
import type { ReadReply } from "./observed.ts";

/**
 * What came in a form, as the typed form would have said the same. Whatever has no place there is
 * kept as it is, so that it differs from what is expected.
 */
export function readForm(operation: Operation, form: Form, read: ReadReply): ReadReply {
  if (form === "typed" || read.value === null) {
    return read;
  }
  return form === "many" ? readMany(operation, read) : readJson(operation, read);
}

/**
 * A list with each write in its place. One transaction fails as a whole: null everywhere, and one
 * error with the place that is at fault.
 */
function readMany(operation: Operation, { value, errors }: ReadReply): ReadReply {
  // A list of JSON holds JSON
  const values = Array.isArray(value) ? (value as readonly Json[]) : [];
  const [error] = errors;
  const place = error?.path[1];
  const isFailed =
    values.length > 0 &&
    values.every((one) => one === null) &&
    errors.length === 1 &&
    error?.code !== "ITEM_MISFIT" &&
    typeof place === "number" &&
    place < values.length;
  if (isFailed) {
    return { value: null, errors: errors.map((one) => ({ ...one, isRefusal: true })) };
  }
  if (operation.do !== "transact") {
    const [only = null] = values;
    return { value: values.length === 1 ? only : value, errors };
  }
  const ids = operation.operations.map((write) => (write.do === "delete" ? write.id : undefined));
  return {
    // A transaction says null for what it has deleted
    value: values.map((one, index) => {
      const id = ids[index];
      return id === undefined ? one : one === id ? null : { insteadOfId: one };
    }),
    errors,
  };
}

/** The item with its type's fields alone; where it lacks a required one, what the type says. */
function readJson(operation: Operation, read: ReadReply): ReadReply {
  const { value, errors } = read;
  if (
    operation.do === "viewer" ||
    typeof value !== "object" ||
    value === null ||
    Array.isArray(value)
  ) {
    return read;
  }
  // What is left is an object
  const item = value as Readonly<Record<string, Json>>;
  const { fields } = planOf(operation.type);
  if (fields.some(({ name, isRequired }) => isRequired && (item[name] ?? null) === null)) {
    const misfit = {
      code: "ITEM_MISFIT",
      message: "lacks a required field",
      path: [],
      isWritten: operation.do !== "read",
      isRefusal: false,
    };
    return { value: null, errors: [...errors, misfit] };
  }
  return {
    value: Object.fromEntries(fields.map(({ name }) => [name, item[name] ?? null])),
    errors,
  };
}
