import type { JsonObject } from "../../cosmos/json-object.ts";
import type { PropertyPath } from "./property-path.ts";

/** What an item holds at a path; undefined where a property on the way is missing. */
export function valueAt(item: JsonObject, path: PropertyPath): unknown {
  let value: unknown = item;
  for (const name of path) {
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? // The check above says that it is an object.
          (value as JsonObject)[name]
        : undefined;
  }
  return value;
}
