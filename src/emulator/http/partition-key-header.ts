import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "./cosmos-request.ts";

/** One level of a partition key as JSON writes it; `{}` stands for a value that the item lacks. */
export type HeaderKeyValue = string | number | boolean | null | { readonly [none: string]: never };

/** The name of the header that says which partition a request is for. */
export const PARTITION_KEY_HEADER = "x-ms-documentdb-partitionkey";

/** Most levels that a hierarchical partition key has. */
const MAX_LEVELS = 3;

/**
 * The partition key that a request names, one value a level, or undefined if it names none.
 * The only reader of that header: authorization and routing see one and the same value.
 * Takes `["a"]` and the bare `"a"`, as the service does.
 *
 * @throws CosmosError 400 if the header is there but is no partition key.
 */
export function partitionKeyOf(request: CosmosRequest): readonly HeaderKeyValue[] | undefined {
  const header = request.headers[PARTITION_KEY_HEADER];
  if (header === undefined) {
    return undefined;
  }
  const key = parsePartitionKey(header);
  if (key === undefined) {
    throw new CosmosError(400, "BadRequest", `Partition key ${header.slice(0, 256)} is invalid.`);
  }
  return key;
}

/** The levels in a JSON text, or undefined if it is no partition key. */
export function parsePartitionKey(text: string): readonly HeaderKeyValue[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const levels: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return isPartitionKey(levels) ? levels : undefined;
}

/** True for one to three levels of string, finite number, boolean, null or `{}`. */
export function isPartitionKey(levels: readonly unknown[]): levels is readonly HeaderKeyValue[] {
  return levels.length >= 1 && levels.length <= MAX_LEVELS && levels.every(isKeyValue);
}

function isKeyValue(value: unknown): value is HeaderKeyValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") {
    return true;
  }
  // JSON.parse reads 1e400 as Infinity, and JSON.stringify writes that as null: another partition.
  if (typeof value === "number") {
    return Number.isFinite(value);
  }
  return typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0;
}

/**
 * True if `key` lies in the partition, or in the hierarchical prefix of partitions, that `prefix`
 * names. Levels compare with their JSON type: `1` is not `"1"`, and `{}` is not `null`.
 */
export function isKeyPrefix(
  prefix: readonly HeaderKeyValue[],
  key: readonly HeaderKeyValue[],
): boolean {
  // No value is the same as that of a level which the key lacks.
  return prefix.every((value, level) => isSameValue(value, key[level]));
}

function isSameValue(left: HeaderKeyValue, right: HeaderKeyValue | undefined): boolean {
  return left === right || (isNone(left) && isNone(right));
}

function isNone(value: HeaderKeyValue | undefined): boolean {
  return typeof value === "object" && value !== null;
}
