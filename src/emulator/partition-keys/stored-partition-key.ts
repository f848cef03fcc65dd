import { CosmosError } from "../cosmos-error.ts";
import type { HeaderKeyValue } from "../http/partition-key-header.ts";
import type { Json, JsonObject } from "../json.ts";

/**
 * One level of a partition key. Undefined is an item that has no such property: not the same as
 * null.
 */
export type PartitionKeyComponent = string | number | boolean | null | undefined;

/** One value a level. Fewer levels than the container has is a prefix of a hierarchical key. */
export type PartitionKey = readonly PartitionKeyComponent[];

export interface PartitionKeyDefinition {
  /** Such as `["/tenantId", "/address/zip"]`. */
  readonly paths: readonly string[];
  readonly kind: "Hash" | "MultiHash";
  readonly version: 1 | 2;
  /** True for a container that was made without a partition key: its items have the empty one. */
  readonly systemKey?: boolean;
}

/**
 * Equal keys have equal texts and different ones different texts: `1`, `"1"`, null and missing
 * differ.
 */
export function partitionKeyText(key: PartitionKey): string {
  return JSON.stringify(key.map((component) => (component === undefined ? {} : component)));
}

/** Property names, from an item down to a value. */
export type PropertyPath = readonly string[];

/** Splits `/address/"post/code"` into property names. A name may stand in either kind of quotes. */
export function splitPropertyPath(path: string): PropertyPath {
  const names: string[] = [];
  for (const match of path.matchAll(/\/(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^/]*))/g)) {
    names.push((match[1] ?? match[2])?.replace(/\\(.)/g, "$1") ?? match[3] ?? "");
  }
  return names;
}

/**
 * Longest partition key, in bytes of its texts. Source: "Maximum length of partition key: 2,048
 * bytes", service limits.
 */
export const MAX_PARTITION_KEY_BYTES = 2048;

/**
 * @throws CosmosError 400 for a key whose texts, as UTF-8 and over all levels, are longer than the
 *   service takes.
 */
export function requirePartitionKeyLength(key: PartitionKey): void {
  const bytes = key.reduce<number>(
    (sum, component) => sum + (typeof component === "string" ? Buffer.byteLength(component) : 0),
    0,
  );
  if (bytes > MAX_PARTITION_KEY_BYTES) {
    throw new CosmosError(
      400,
      "BadRequest",
      `The partition key is ${bytes} bytes long: at most ${MAX_PARTITION_KEY_BYTES} are allowed.`,
    );
  }
}

/** The value at a property path, undefined where there is none. */
export function propertyAt(item: JsonObject, names: readonly string[]): Json | undefined {
  let value: Json | undefined = item;
  for (const name of names) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return undefined;
    }
    value = Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;
  }
  return value;
}

/**
 * Reads an item's partition key.
 *
 * @throws CosmosError 400 for an array or an object in its place.
 */
export function partitionKeyOf(item: JsonObject, paths: readonly PropertyPath[]): PartitionKey {
  return paths.map((path) => {
    const value = propertyAt(item, path);
    if (value !== null && typeof value === "object") {
      if (!Array.isArray(value) && Object.keys(value).length === 0) {
        return undefined;
      }
      throw new CosmosError(
        400,
        "BadRequest",
        "The partition key supplied in the document must be a string, a number, a boolean or null.",
        { substatus: 1001 },
      );
    }
    return value as PartitionKeyComponent;
  });
}

/** Takes a key as headers and batch operations write it, where `{}` stands for a missing value. */
export function fromHeaderKey(levels: readonly HeaderKeyValue[]): PartitionKey {
  return levels.map((value) => (typeof value === "object" && value !== null ? undefined : value));
}

/** True if `key` lies in the partition that `prefix` names. */
export function isPrefixOf(prefix: PartitionKey, key: PartitionKey): boolean {
  return prefix.length <= key.length && prefix.every((value, level) => value === key[level]);
}
