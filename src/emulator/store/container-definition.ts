import { CosmosError } from "../cosmos-error.ts";
import { notImplemented } from "../http/refuse-unsupported.ts";
import type { Json, JsonObject } from "../json.ts";
import {
  type PartitionKeyDefinition,
  type PropertyPath,
  splitPropertyPath,
} from "../partition-keys/stored-partition-key.ts";
import { requireResourceName } from "../resources/resource-identifier.ts";

/** A container's definition, checked and with its defaults filled in. */
export interface ContainerDefinition {
  readonly id: string;
  readonly partitionKey: PartitionKeyDefinition;
  /** Sets of property paths, each of them unique within a logical partition. */
  readonly uniqueKeys: readonly (readonly PropertyPath[])[];
  /** The partition key's paths, taken apart. */
  readonly partitionKeyPaths: readonly PropertyPath[];
  /** Seconds; -1 switches time to live on without a default; undefined switches it off. */
  readonly defaultTtl: number | undefined;
  /** Everything that a read answers but the system properties, in the service's order. */
  readonly properties: JsonObject;
}

const ETAG_PATH: JsonObject = { path: '/"_etag"/?' };

const DEFAULT_INDEXING_POLICY: JsonObject = {
  indexingMode: "consistent",
  automatic: true,
  includedPaths: [{ path: "/*" }],
  excludedPaths: [ETAG_PATH],
};

const DEFAULT_CONFLICT_RESOLUTION_POLICY: JsonObject = {
  mode: "LastWriterWins",
  conflictResolutionPath: "/_ts",
  conflictResolutionProcedure: "",
};

const DEFAULT_GEOSPATIAL_CONFIG: JsonObject = { type: "Geography" };

/** Properties that the service sets. A body's own values for them are dropped. */
const SYSTEM_PROPERTIES = new Set([
  "_rid",
  "_ts",
  "_self",
  "_etag",
  "_docs",
  "_sprocs",
  "_triggers",
  "_udfs",
  "_conflicts",
]);

/**
 * Reads a container's definition from a request's body.
 *
 * @throws CosmosError 400 for one that the service refuses.
 */
export function readContainerDefinition(body: JsonObject): ContainerDefinition {
  const id = requireResourceName(body.id);
  refuseUnsupported(body);
  const partitionKey = readPartitionKeyDefinition(body.partitionKey);
  const uniqueKeyPolicy = readObject(body.uniqueKeyPolicy, "uniqueKeyPolicy");
  const defaultTtl = readDefaultTtl(body.defaultTtl);
  const extras = Object.entries(body).filter(
    ([name]) => !SYSTEM_PROPERTIES.has(name) && !OWN_PROPERTIES.has(name),
  );
  return {
    id,
    partitionKey,
    uniqueKeys: readUniqueKeys(uniqueKeyPolicy),
    partitionKeyPaths: partitionKey.paths.map(splitPropertyPath),
    defaultTtl,
    properties: Object.fromEntries([
      ["id", id],
      ["indexingPolicy", readIndexingPolicy(body.indexingPolicy)],
      ["partitionKey", partitionKey as unknown as JsonObject],
      ...(defaultTtl === undefined ? [] : [["defaultTtl", defaultTtl] as const]),
      ["uniqueKeyPolicy", uniqueKeyPolicy ?? { uniqueKeys: [] }],
      [
        "conflictResolutionPolicy",
        readObject(body.conflictResolutionPolicy, "conflictResolutionPolicy") ??
          DEFAULT_CONFLICT_RESOLUTION_POLICY,
      ],
      [
        "geospatialConfig",
        readObject(body.geospatialConfig, "geospatialConfig") ?? DEFAULT_GEOSPATIAL_CONFIG,
      ],
      ...extras,
    ]),
  };
}

/**
 * Refuses properties that would change what queries answer: keeping them without effect
 * would be a lie.
 */
function refuseUnsupported(body: JsonObject): void {
  for (const name of ["computedProperties", "materializedViewDefinition"]) {
    const value = body[name];
    const isEmpty = value === undefined || value === null || JSON.stringify(value) === "[]";
    if (!isEmpty) {
      throw notImplemented(`The container property '${name}'`);
    }
  }
}

const OWN_PROPERTIES = new Set([
  "id",
  "indexingPolicy",
  "partitionKey",
  "defaultTtl",
  "uniqueKeyPolicy",
  "conflictResolutionPolicy",
  "geospatialConfig",
]);

function readPartitionKeyDefinition(value: Json | undefined): PartitionKeyDefinition {
  const given = readObject(value, "partitionKey");
  if (given === undefined) {
    throw refuse("The partition key definition is missing: partitionKey.paths is required.");
  }
  const paths = given.paths;
  const kind = given.kind ?? (Array.isArray(paths) && paths.length > 1 ? "MultiHash" : "Hash");
  if (kind !== "Hash" && kind !== "MultiHash") {
    throw refuse(`The partition key kind '${JSON.stringify(kind)}' is not supported.`);
  }
  const mostPaths = kind === "Hash" ? 1 : 3;
  if (!isPathList(paths) || paths.length < 1 || paths.length > mostPaths) {
    throw refuse(
      `Partition key paths must be a list of 1 to ${mostPaths} paths that start with '/', for kind ${kind}.`,
    );
  }
  const version = given.version ?? (kind === "MultiHash" ? 2 : 1);
  if ((version !== 1 && version !== 2) || (kind === "MultiHash" && version === 1)) {
    throw refuse(`The partition key version ${JSON.stringify(version)} is not supported.`);
  }
  return {
    paths,
    kind,
    version,
    ...(given.systemKey === true ? { systemKey: true } : {}),
  };
}

function readIndexingPolicy(value: Json | undefined): JsonObject {
  const given = readObject(value, "indexingPolicy");
  if (given === undefined) {
    return DEFAULT_INDEXING_POLICY;
  }
  const mode = String(given.indexingMode ?? "consistent").toLowerCase();
  if (mode !== "consistent" && mode !== "none" && mode !== "lazy") {
    throw refuse(`The indexing mode '${mode}' is not supported.`);
  }
  if (mode === "none") {
    return { ...given, indexingMode: mode, automatic: given.automatic === true };
  }
  return {
    ...given,
    indexingMode: mode,
    automatic: given.automatic !== false,
    includedPaths: given.includedPaths ?? [{ path: "/*" }],
    excludedPaths: withEtagPath(given.excludedPaths),
  };
}

/** The service adds the etag to the paths that are left out of the index. */
function withEtagPath(paths: Json | undefined): Json {
  const given = Array.isArray(paths) ? (paths as readonly Json[]) : [];
  const hasEtag = given.some((path) => JSON.stringify(path).includes("_etag"));
  return hasEtag ? given : [...given, ETAG_PATH];
}

function readUniqueKeys(policy: JsonObject | undefined): readonly (readonly PropertyPath[])[] {
  const keys = policy?.uniqueKeys;
  if (keys === undefined) {
    return [];
  }
  if (!Array.isArray(keys)) {
    throw refuse("uniqueKeyPolicy.uniqueKeys must be a list.");
  }
  return (keys as readonly Json[]).map((key) => {
    const paths = readObject(key, "uniqueKeys")?.paths;
    if (!isPathList(paths) || paths.length < 1 || paths.length > 16) {
      throw refuse("A unique key needs 1 to 16 paths that start with '/'.");
    }
    return paths.map(splitPropertyPath);
  });
}

function readDefaultTtl(value: Json | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== "number" || !isTimeToLive(value)) {
    throw refuse("The value of defaultTtl must be -1 or a positive 32-bit integer.");
  }
  return value;
}

/** True for what the service accepts as a time to live: -1 (never), or 1 to 2147483647 seconds. */
export function isTimeToLive(seconds: number): boolean {
  return seconds === -1 || (Number.isInteger(seconds) && seconds >= 1 && seconds <= 0x7fffffff);
}

function readObject(value: Json | undefined, name: string): JsonObject | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw refuse(`The property ${name} must be an object.`);
  }
  return value as JsonObject;
}

function isPathList(value: Json | undefined): value is readonly string[] {
  return (
    Array.isArray(value) &&
    (value as readonly Json[]).every((path) => typeof path === "string" && /^\/./.test(path))
  );
}

function refuse(message: string): CosmosError {
  return new CosmosError(400, "BadRequest", message);
}
