import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../http/cosmos-request.ts";
import { isPartitionKey } from "../http/partition-key-header.ts";
import { notImplemented } from "../http/refuse-unsupported.ts";
import { isJsonObject, readJsonBody } from "../http/request-body.ts";
import type { Json, JsonObject } from "../json.ts";
import { fromHeaderKey, type PartitionKey } from "../partition-keys/stored-partition-key.ts";
import type { ItemOperation } from "./item-operation.ts";

/** One operation of a batch or bulk request. */
export interface BatchOperation {
  readonly operation: ItemOperation;
  /** Set where the operation names a partition of its own, as those of bulk requests do. */
  readonly key: PartitionKey | undefined;
}

/** Source: "Transactional batch … maximum number of operations: 100", service limits. */
const MAX_OPERATIONS = 100;

/**
 * Largest batch. Source: "The Azure Cosmos DB request size limit constrains the size … to not
 * exceed 2 MB".
 */
const MAX_BATCH_BYTES = 2 * 1024 * 1024;

/**
 * First byte of a HybridRow, which no JSON starts with. Source: `HybridRowVersion.V1` of the .NET
 * SDK.
 */
const HYBRID_ROW_VERSION = 0x81;

/**
 * Reads the operations of a batch or bulk request.
 *
 * @throws CosmosError 400 for a malformed or too long list, 413 for too many bytes, 501 for the
 *   binary form.
 */
export function readBatch(request: CosmosRequest): readonly BatchOperation[] {
  if (request.body.length > MAX_BATCH_BYTES) {
    throw new CosmosError(413, "RequestEntityTooLarge", "Request size is too large");
  }
  if (request.body[0] === HYBRID_ROW_VERSION) {
    throw notImplemented("A batch in the binary HybridRow format, which the .NET SDK sends");
  }
  const body = readJsonBody(request);
  if (!Array.isArray(body) || body.length === 0) {
    throw refuse("The batch request needs a list of operations.");
  }
  if (body.length > MAX_OPERATIONS) {
    throw refuse(
      `Batch request has more operations than what is supported: ${body.length}, and at most ${MAX_OPERATIONS} are.`,
    );
  }
  return (body as readonly Json[]).map(readOperation);
}

function readOperation(value: Json, index: number): BatchOperation {
  const where = `Operation ${index}:`;
  if (!isJsonObject(value)) {
    throw refuse(`${where} it must be an object.`);
  }
  const conditions = {
    ifMatch: readText(value.ifMatch, `${where} ifMatch`),
    ifNoneMatch: readText(value.ifNoneMatch, `${where} ifNoneMatch`),
  };
  return {
    operation: { ...conditions, ...readKind(value, where) },
    key: readKey(value.partitionKey, where),
  };
}

function readKind(value: JsonObject, where: string): ItemOperation {
  const { operationType, resourceBody } = value;
  switch (operationType) {
    case "Create":
    case "Upsert":
      return { type: operationType, content: requireObject(resourceBody, where) };
    case "Replace":
      return {
        type: operationType,
        id: requireId(value, where),
        content: requireObject(resourceBody, where),
      };
    case "Patch":
      return { type: operationType, id: requireId(value, where), patch: resourceBody ?? null };
    case "Read":
    case "Delete":
      return { type: operationType, id: requireId(value, where) };
    default:
      throw refuse(
        `${where} the operationType ${JSON.stringify(operationType ?? null).slice(0, 50)} is not supported.`,
      );
  }
}

function requireId(value: JsonObject, where: string): string {
  if (typeof value.id !== "string") {
    throw refuse(`${where} the id is missing.`);
  }
  return value.id;
}

function requireObject(value: Json | undefined, where: string): JsonObject {
  if (!isJsonObject(value)) {
    throw refuse(`${where} the resourceBody must be an object.`);
  }
  return value;
}

function readText(value: Json | undefined, name: string): string | undefined {
  if (value === undefined || value === null || typeof value === "string") {
    return value ?? undefined;
  }
  throw refuse(`${name} must be a text.`);
}

/** SDKs send an operation's partition key as JSON text, in the form of the header. */
function readKey(value: Json | undefined, where: string): PartitionKey | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const levels = Array.isArray(value) ? value : parseJson(value);
  if (!Array.isArray(levels) || !isPartitionKey(levels)) {
    throw refuse(`${where} the partitionKey is invalid.`);
  }
  return fromHeaderKey(levels);
}

function parseJson(value: Json): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(message: string): CosmosError {
  return new CosmosError(400, "BadRequest", message);
}
