import { CosmosError } from "../cosmos-error.ts";
import { isJsonObject } from "../http/request-body.ts";
import type { Json, JsonObject } from "../json.ts";

/**
 * Values as the documentation of vector policies lists them, in lower case: the service does not
 * mind theirs.
 */
const DATA_TYPES: ReadonlySet<string> = new Set(["float32", "float16", "int8", "uint8"]);
const DISTANCE_FUNCTIONS: ReadonlySet<string> = new Set(["cosine", "dotproduct", "euclidean"]);

/** Most dimensions of a vector by the type of its index; without an index as with the largest. */
const MAX_DIMENSIONS: ReadonlyMap<string, number> = new Map([
  ["flat", 505],
  ["quantizedflat", 4096],
  ["diskann", 4096],
]);
const MOST_DIMENSIONS = 4096;

/** What a policy means where it says nothing. */
const DEFAULT_DIMENSIONS = 1536;

const MAX_QUANTIZATION_BYTES = 512;
const MAX_SHARD_PATHS = 1;

/**
 * The texts are those that azure-sdk-for-python's tests/test_vector_policy.py expects, as far as
 * that has them.
 *
 * @throws CosmosError 400 for a `vectorEmbeddingPolicy` with an unknown data type or distance
 *   function, an impossible number of dimensions or a bad path, and for
 *   `indexingPolicy.vectorIndexes` that do not fit it.
 */
export function requireVectorPolicy(container: JsonObject): void {
  const embeddings = objectsIn(container.vectorEmbeddingPolicy, "vectorEmbeddings");
  const dimensions = new Map<string, number>();
  for (const embedding of embeddings) {
    const path = requirePath(embedding.path, dimensions, "Embedding");
    dimensions.set(path, requireEmbedding(embedding));
  }
  const indexed = new Map<string, number>();
  for (const index of objectsIn(container.indexingPolicy, "vectorIndexes")) {
    const path = requirePath(index.path, indexed, "Indexing");
    const count = dimensions.get(path);
    if (count === undefined) {
      throw refuse(`The Vector Indexing Policy's path::${path} not matching in Embedding's path.`);
    }
    requireIndex(index, count);
    indexed.set(path, count);
  }
}

/** The objects of a list in a policy; none where either is not given. */
function objectsIn(policy: Json | undefined, name: string): readonly JsonObject[] {
  const isGiven = policy !== undefined && policy !== null;
  if (isGiven && !isJsonObject(policy)) {
    throw invalidInput(name);
  }
  const list = isGiven ? policy[name] : undefined;
  if (list === undefined || list === null) {
    return [];
  }
  if (!Array.isArray(list) || !(list as readonly Json[]).every(isJsonObject)) {
    throw invalidInput(name);
  }
  return list;
}

/** A path without wildcards that the policy has not named before. */
function requirePath(
  path: Json | undefined,
  before: ReadonlyMap<string, number>,
  policy: "Embedding" | "Indexing",
): string {
  if (typeof path !== "string" || !/^(?:\/[^/*[\]]+)+$/.test(path)) {
    throw refuse(`The Vector ${policy} Policy has an invalid Path:${shown(path)}.`);
  }
  if (before.has(path)) {
    throw refuse(`The Vector ${policy} Policy has the Path:${path} more than once.`);
  }
  return path;
}

/** The embedding's dimensions. */
function requireEmbedding({ dataType, dimensions, distanceFunction }: JsonObject): number {
  if (!isOneOf(DATA_TYPES, dataType ?? "float32")) {
    throw refuse(`The Vector Embedding Policy has an invalid DataType:${shown(dataType)}.`);
  }
  if (!isOneOf(DISTANCE_FUNCTIONS, distanceFunction ?? "cosine")) {
    const name = shown(distanceFunction);
    throw refuse(`The Vector Embedding Policy has an invalid DistanceFunction:${name}.`);
  }
  const count = dimensions ?? DEFAULT_DIMENSIONS;
  const named = `The Vector Embedding Policy has Dimensions:${shown(dimensions)}`;
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1) {
    throw refuse(`${named}, it should be a positive integer.`);
  }
  if (count > MOST_DIMENSIONS) {
    throw refuse(`${named} which is more than the maximum supported value:${MOST_DIMENSIONS}.`);
  }
  return count;
}

function requireIndex(index: JsonObject, dimensions: number): void {
  const { path, type } = index;
  const most = typeof type === "string" ? MAX_DIMENSIONS.get(type.toLowerCase()) : undefined;
  if (most === undefined) {
    throw refuse(`The Vector Indexing Policy's Index Type::${shown(type)} is invalid.`);
  }
  if (dimensions > most) {
    throw refuse(
      `The Vector Indexing Policy's path::${shown(path)} has Dimensions:${dimensions} which is more than the maximum ` +
        `supported value:${most} of the Index Type::${shown(type)}.`,
    );
  }
  requireWithin(index.quantizationByteSize, "QuantizationByteSize", [
    1,
    Math.min(dimensions, MAX_QUANTIZATION_BYTES),
  ]);
  requireWithin(index.indexingSearchListSize, "IndexingSearchListSize", [25, 500]);
  requireShardKey(index.vectorIndexShardKey);
}

function requireWithin(
  value: Json | undefined,
  name: string,
  [least, most]: readonly [least: number, most: number],
): void {
  const isMissing = value === undefined || value === null;
  const fits = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  if (!isMissing && !fits) {
    throw refuse(
      `The Vector Indexing Policy parameter ${name} value :: ${shown(value)} is out of range. The allowed range is ` +
        `between ${least} and ${most}.`,
    );
  }
}

function requireShardKey(paths: Json | undefined): void {
  if (paths === undefined || paths === null) {
    return;
  }
  if (!Array.isArray(paths)) {
    throw invalidInput("vectorIndexShardKey");
  }
  const wrong = (paths as readonly Json[]).find(
    (path) => typeof path !== "string" || !path.startsWith("/"),
  );
  if (wrong !== undefined) {
    throw refuse(`The Vector Indexing Policy has an invalid Shard Path: ${shown(wrong)}.`);
  }
  if (paths.length > MAX_SHARD_PATHS) {
    throw refuse(
      `The number of shard paths defined in the Vector Indexing Policy: ${paths.length} exceeds the maximum: ` +
        `${MAX_SHARD_PATHS}.`,
    );
  }
}

function isOneOf(names: ReadonlySet<string>, value: Json): boolean {
  return typeof value === "string" && names.has(value.toLowerCase());
}

function shown(value: Json | undefined): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function invalidInput(name: string): CosmosError {
  return refuse(`One of the specified inputs is invalid: ${name}.`);
}

function refuse(message: string): CosmosError {
  return new CosmosError(400, "BadRequest", message);
}
