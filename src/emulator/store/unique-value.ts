import type { JsonObject } from "../json.ts";
import { type PropertyPath, propertyAt } from "../partition-keys/stored-partition-key.ts";

/**
 * What an item has at a unique key's paths, as text. Missing counts as null: the service knows no
 * sparse unique keys.
 */
export function uniqueValueText(item: JsonObject, paths: readonly PropertyPath[]): string {
  return JSON.stringify(paths.map((path) => propertyAt(item, path) ?? null));
}
