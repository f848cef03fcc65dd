import { type HeaderKeyValue, isPartitionKey } from "../http/partition-key-header.ts";
import type { JsonObject } from "../json.ts";
import { MAX_PARTITION_KEY_BYTES } from "../partition-keys/stored-partition-key.ts";
import { decodeResourceId } from "../resources/resource-id.ts";
import { requireResourceName } from "../resources/resource-identifier.ts";
import { linkSegments } from "../resources/resource-link.ts";
import { badRequest } from "../service-errors.ts";
import { permissionModeOf } from "./permission-mode.ts";

/** What a permission's body says. */
export interface PermissionDefinition {
  readonly id: string;
  /** As written, in any case: `permissionModeOf` says what it allows. */
  readonly mode: string;
  /** As written. */
  readonly resource: string;
  /** Absent: every partition. */
  readonly partitionKey?: readonly HeaderKeyValue[];
}

/** The database that a permission is created in: its link must lie there. */
export interface PermissionDatabase {
  readonly databaseId: string;
  readonly databaseRid: string;
}

/** Longest link, in characters. */
const MAX_LINK_LENGTH = 255;

/** What in a container a permission can be on. */
const RESOURCE_TYPES: ReadonlySet<string> = new Set(["docs", "sprocs", "triggers", "udfs"]);

/**
 * How many bytes the rids of a database, a container and a resource in it have, at their places in
 * a link.
 */
const RID_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [3, 8],
  [5, 16],
]);

/**
 * Reads a permission from a request's body. Properties that are not a permission's are ignored.
 *
 * @throws CosmosError 400
 */
export function readPermissionDefinition(
  body: JsonObject,
  database: PermissionDatabase,
): PermissionDefinition {
  const id = requireResourceName(body.id);
  const missing = ["permissionMode", "resource"].filter((name) => body[name] === undefined);
  if (missing.length > 0) {
    throw badRequest(
      `The input content is invalid because the required properties - '${missing.join("; ")}; ' - are missing`,
    );
  }
  const resource = readResource(body.resource, database);
  const partitionKey = readPartitionKey(body.resourcePartitionKey);
  const mode = readMode(body.permissionMode);
  return { id, mode, resource, ...(partitionKey === undefined ? {} : { partitionKey }) };
}

function readMode(value: unknown): string {
  if (typeof value === "string" && permissionModeOf(value) !== undefined) {
    return value;
  }
  throw badRequest("The request payload is invalid. Ensure to provide a valid request payload.");
}

/** https://github.com/Azure/azure-cosmos-dotnet-v2/issues/469 has the text. */
function readResource(value: unknown, database: PermissionDatabase): string {
  if (typeof value === "string" && isResourceLink(value, database)) {
    return value;
  }
  const shown = typeof value === "string" ? value.slice(0, 2 * MAX_LINK_LENGTH) : "";
  throw badRequest(
    `The input Resource link '${shown}' is invalid. Ensure to provide a valid resource link of size lesser than '256' characters.`,
    "The request payload is invalid. Ensure to provide a valid request payload.",
  );
}

/**
 * True for a link, in names or in rids, to a container or to an item or script in one. A slash at
 * the start is refused: the service takes it and then fails each request of the token with 500
 * (https://github.com/Azure/azure-cosmosdb-java/issues/239).
 */
function isResourceLink(link: string, { databaseId, databaseRid }: PermissionDatabase): boolean {
  const segments = linkSegments(link);
  const [dbs, database, colls, container, type, id, ...rest] = segments;
  const isForm =
    link.length <= MAX_LINK_LENGTH &&
    dbs === "dbs" &&
    colls === "colls" &&
    (type === undefined || RESOURCE_TYPES.has(type)) &&
    (type === undefined) === (id === undefined) &&
    rest.length === 0 &&
    container !== undefined &&
    container !== "" &&
    id !== "";
  if (!isForm) {
    return false;
  }
  return database === databaseId || (database === databaseRid && isRidLink(segments));
}

/** True if each rid has the right length and starts with the bytes of its owner's. */
function isRidLink(segments: readonly string[]): boolean {
  let owner: Buffer = Buffer.alloc(0);
  for (const [position, segment] of segments.entries()) {
    const length = RID_BYTES.get(position);
    if (length === undefined) {
      continue;
    }
    const rid = decodeResourceId(segment);
    if (rid?.length !== length || !rid.subarray(0, owner.length).equals(owner)) {
      return false;
    }
    owner = rid;
  }
  return true;
}

/**
 * Must be an array: https://github.com/Azure/azure-sdk-for-js/issues/4972. A null is refused too:
 * taken for an absent key, it would open every partition.
 */
function readPartitionKey(value: unknown): readonly HeaderKeyValue[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  const isKey =
    Array.isArray(value) &&
    isPartitionKey(value) &&
    Buffer.byteLength(JSON.stringify(value)) <= MAX_PARTITION_KEY_BYTES;
  if (!isKey) {
    throw badRequest("Partition key supplied is not valid.");
  }
  return value;
}
